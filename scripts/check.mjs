// npm run check: what must hold before a commit: types, purity, lint, format, unit and
// architecture tests. Prints how long each took.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

/** @type {readonly (readonly [name: string, program: string, args: readonly string[]])[]} */
const STEPS = [
  ['types', 'tsc', ['-p', 'tsconfig.json']],
  ['purity', 'tsc', ['-p', 'tsconfig.pure.json']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'oxfmt', ['--check', '.']],
  ['unit', 'vitest', ['run', '--project', 'unit', '--reporter', 'default', '--silent']],
];

prepare({ build: false });
const cwd = fileURLToPath(new URL('..', import.meta.url));
for (const [name, program, args] of STEPS) {
  const begun = performance.now();
  const path = fileURLToPath(new URL(`../node_modules/.bin/${program}`, import.meta.url));
  const done = spawnSync(path, args, {
    cwd,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.error(`${name}: ${done.status === 0 ? 'ok' : 'failed'} (${seconds} s)`);
  if (done.status !== 0) process.exit(1);
}
