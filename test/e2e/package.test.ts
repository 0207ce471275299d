import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { endAll, startMeshell, textOf } from './stage/meshell-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'meshell-package-'));

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

function npm(...args: string[]): void {
  execFileSync('npm', [...args, '--silent', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

test('the packed file, installed into an empty folder, shares a shell and serves its page', async () => {
  npm('pack', '--ignore-scripts', '--pack-destination', folder);
  const [packed] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (packed === undefined) throw new Error('nothing was packed');
  npm('install', '--global', '--prefix', join(folder, 'installed'), join(folder, packed));

  const cli = join(folder, 'installed', 'lib', 'node_modules', 'meshell', 'dist', 'cli.js');
  const alice = startMeshell(['share', '--json', '--local', '--share'], { cli });
  const invite = await alice.event('invite');
  const page = await fetch(textOf(invite, 'at'));
  expect(page.status).toBe(200);
  expect(await page.text()).toMatch(/<script type="module"[^>]+src="\/assets\//);
  alice.say({ do: 'run', text: 'true' });
  expect((await alice.event('done'))['of']).toBe('run');
});
