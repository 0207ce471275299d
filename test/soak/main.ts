// npm run soak: the long loops in full, or with `-- --part N` an N-th of them. What it saw is
// written to docs/soak, dated.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is run, and which files. */
const PARTS = [
  [
    'unit',
    'properties and fuzzing',
    [
      'test/property',
      'test/fuzz',
      'test/unit/terminal/visibility.test.ts',
      'test/unit/host/row-mask.test.ts',
      'test/unit/host/settings-text.test.ts',
      'test/unit/crdt/growth.test.ts',
      'test/unit/agent/acp-events.test.ts',
      'test/unit/agent/changed-lines.test.ts',
      'test/unit/ui/spans.test.ts',
    ],
  ],
  ['integration', 'the last output before exit', ['test/integration/terminal/pty.test.ts']],
  ['integration', 'kills in the middle of a write', ['test/integration/crdt/store-killed.test.ts']],
  ['integration', 'a long session', ['test/integration/host/long-session.test.ts']],
  ['integration', 'floods', ['test/integration/host/hostile.test.ts']],
] as const;

const { values } = parseArgs({ options: { part: { type: 'string', default: '1' } } });
const part = Number(values.part);
if (!(part >= 1)) throw new Error(`--part ${values.part} is no number of parts`);

const lines = [
  `meshell soak, ${new Date().toISOString().slice(0, 16)} UTC`,
  `Node ${process.version}, ${cpus().length} cores${part === 1 ? '' : `, 1/${part} of the full counts`}`,
  '',
];
let failed = false;
for (const [project, what, files] of PARTS) {
  const begun = performance.now();
  const done = spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--project', project, ...files],
    {
      cwd: root,
      env: { ...process.env, MESHELL_SOAK: '1', MESHELL_SOAK_PART: `${part}`, NO_COLOR: '1' },
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const seconds = Math.round((performance.now() - begun) / 1000);
  const counts = done.stdout.split('\n').filter((line) => /^\s+(Test Files|Tests) /.test(line));
  lines.push(`${what}: ${done.status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`, ...counts, '');
  if (done.status !== 0) {
    failed = true;
    lines.push(done.stdout.slice(-4000), done.stderr.slice(-4000));
  }
}
const text = lines.join('\n');
process.stdout.write(text);
mkdirSync(`${root}/docs/soak`, { recursive: true });
writeFileSync(`${root}/docs/soak/${new Date().toISOString().slice(0, 10)}.txt`, text);
process.exit(failed ? 1 : 0);
