// npm test: makes the clone ready, finds what the tests need of this computer, runs them all.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

/** Program → Debian package. Tests that need one skip with a reason where it cannot be had. */
const NEEDED = {
  zsh: 'zsh',
  fish: 'fish',
  vim: 'vim',
  htop: 'htop',
  tmux: 'tmux',
  less: 'less',
  git: 'git',
  ip: 'iproute2',
  nft: 'nftables',
  gdb: 'gdb',
  tcpdump: 'tcpdump',
  turnserver: 'coturn',
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
};

prepare({ build: true });
getPrograms();
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const done = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
});
process.exit(done.status ?? 1);

function getPrograms() {
  const missing = Object.keys(NEEDED).filter((program) => !onPath(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => NEEDED[program]);
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    console.error(`Getting ${packages.join(', ')} for the tests…`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, stdio: ['ignore', 'ignore', 2] };
    spawnSync('apt-get', ['update', '-q'], quiet);
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], quiet);
  }
  const still = Object.keys(NEEDED).filter((program) => !onPath(program));
  if (still.length > 0) {
    const names = still.map((program) => NEEDED[program]).join(' ');
    console.error(`Tests that need these are skipped: apt-get install ${names}`);
  }
}

function onPath(program) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':');
  return folders.some((folder) => folder !== '' && existsSync(`${folder}/${program}`));
}
