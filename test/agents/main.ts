// npm run test:agents: real coding agents, installed into a temporary folder, led through whole
// turns against an endpoint on loopback. `--write` puts what came of it into docs/agents-run.md,
// `--only NAME` runs one agent, `--scene TEXT` the scenes whose title holds it, `--folder PATH`
// installs there and keeps it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { install, REAL_AGENTS, type RealAgent } from './real-agents.ts';
import { PRODUCT_SCENE } from './product.ts';
import { report, type Seen } from './report.ts';
import { openRig } from './rig.ts';
import { modelOf, SCENES, type Scene } from './scenes.ts';

const { values } = parseArgs({
  options: {
    write: { type: 'boolean' },
    only: { type: 'string' },
    scene: { type: 'string' },
    folder: { type: 'string' },
  },
});

const folder =
  values.folder === undefined
    ? mkdtempSync(join(tmpdir(), 'meshell-agents-'))
    : resolve(values.folder);
mkdirSync(folder, { recursive: true });

async function play(real: RealAgent, program: string, scene: Scene): Promise<Seen> {
  const from = performance.now();
  let work = '';
  const rig = await openRig(
    real,
    program,
    folder,
    modelOf(scene, real, () => work),
  );
  work = rig.work;
  const seen = { agent: real.name, title: scene.title };
  let outcome: { readonly ok: boolean; readonly saw: string };
  try {
    outcome = { ok: true, saw: await scene.play(rig) };
  } catch (cause) {
    outcome = { ok: false, saw: cause instanceof Error ? cause.message : String(cause) };
  }
  await rig.close();
  const left = rig.left();
  const seconds = (performance.now() - from) / 1000;
  if (left.length === 0) return { ...seen, ...outcome, seconds };
  return { ...seen, ok: false, saw: `${outcome.saw}; processes left: ${left.join(' ')}`, seconds };
}

async function run(): Promise<number> {
  const all: Seen[] = [];
  for (const real of REAL_AGENTS.filter(({ name }) => (values.only ?? name) === name)) {
    console.log(`${real.package} …`);
    const program = install(real, folder);
    for (const scene of [...SCENES, PRODUCT_SCENE].filter(({ title }) =>
      title.includes(values.scene ?? ''),
    )) {
      const seen = await play(real, program, scene);
      all.push(seen);
      console.log(
        `${seen.ok ? '✓' : '×'} ${seen.agent}: ${seen.title}: ${seen.saw} (${seen.seconds.toFixed(1)} s)`,
      );
    }
  }
  const failed = all.filter(({ ok }) => !ok).length;
  console.log(`${all.length - failed} of ${all.length} as expected`);
  if (values.write === true) report(all);
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  return failed === 0 && all.length > 0 ? 0 : 1;
}

process.exit(await run());
