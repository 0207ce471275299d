// What a test needs of this computer. Where that is missing the test is skipped with its reason;
// where MESHELL_ALL=1 asks for every test it fails instead.
import { spawnSync } from 'node:child_process';
import { chromiumPath } from './browser.ts';
import { programPath } from './program-path.ts';

/** Why it is missing, or null where it is there. */
const NEEDS = {
  chromium: () => (chromiumPath === null ? 'no Chromium: apt-get install chromium' : null),
  firefox: () => program('firefox-esr', 'firefox-esr'),
  gdb: () => asRoot() ?? program('gcore', 'gdb'),
  bash: () => program('bash', 'bash'),
  zsh: () => program('zsh', 'zsh'),
  fish: () => program('fish', 'fish'),
  vim: () => program('vim', 'vim'),
  htop: () => program('htop', 'htop'),
  git: () => program('git', 'git'),
  less: () => program('less', 'less'),
  openssl: () => program('openssl', 'openssl'),
  tmux: () => program('tmux', 'tmux'),
  tcpdump: () => asRoot() ?? program('tcpdump', 'tcpdump'),
  turnserver: () => program('turnserver', 'coturn'),
  namespaces: () =>
    asRoot() ?? program('ip', 'iproute2') ?? program('nft', 'nftables') ?? namespaces(),
} as const satisfies Record<string, () => string | null>;

export type Need = keyof typeof NEEDS;

/** What was said already: many tests lack the same. */
const said = new Set<string>();

/** For `test.skipIf`: true where one of these is missing, having said which. */
export function lacks(...needs: readonly Need[]): boolean {
  const reasons = needs.flatMap((need) => NEEDS[need]() ?? []);
  if (reasons.length === 0) return false;
  const words = [...new Set(reasons)].join('; ');
  if (process.env['MESHELL_ALL'] === '1') throw new Error(`every test was asked for, but ${words}`);
  if (!said.has(words)) console.warn(`Skipped: ${words}`);
  said.add(words);
  return true;
}

function asRoot(): string | null {
  return process.getuid?.() === 0 ? null : 'not root';
}

function program(name: string, debian: string): string | null {
  return programPath(name) === null ? `no ${name}: apt-get install ${debian}` : null;
}

/** A container may be root and still not allowed to make them. */
function namespaces(): string | null {
  const made = spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'lan0', 'type', 'veth']);
  return made.status === 0 ? null : 'no network namespaces here (veth in unshare --net failed)';
}
