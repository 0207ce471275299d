// Makes a fresh clone ready to run with nothing but Node: installs what package-lock.json says
// and builds, each only when it is missing or older than what it is made from.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NODE_MIN = [20, 19];
/** What the build is made from. */
const SOURCES = [
  'src',
  'signaling',
  'index.html',
  'vite.config.ts',
  'vite.cli.config.ts',
  'package.json',
  'package-lock.json',
];

export function prepare({ build }) {
  requireNode();
  install();
  if (build) buildIfStale();
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  console.error(`meshell needs Node ${NODE_MIN.join('.')} or newer; this is ${process.version}.`);
  process.exit(1);
}

function install() {
  const stamp = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(stamp) && mtime(stamp) >= mtime(join(root, 'package-lock.json'))) return;
  console.error('Installing what meshell is made of (once, about a minute)…');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

function buildIfStale() {
  const stamp = join(root, 'dist', '.built');
  const newest = Math.max(...SOURCES.map((name) => newestIn(join(root, name))));
  if (existsSync(stamp) && mtime(stamp) >= newest) return;
  console.error('Building meshell…');
  run('npm', ['run', '--silent', 'build']);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
}

function run(command, args) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status === 0) return;
  console.error(`${command} ${args.join(' ')} failed; its words are above.`);
  process.exit(1);
}

function mtime(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** A folder's own time is that of the last file that came into it or went. */
function newestIn(path) {
  if (!existsSync(path)) return 0;
  if (!statSync(path).isDirectory()) return mtime(path);
  return Math.max(mtime(path), ...readdirSync(path).map((name) => newestIn(join(path, name))));
}
