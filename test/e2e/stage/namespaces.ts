// Two computers on one cable and nothing else: network namespaces of this process's own, joined
// by a veth pair, with no route out and no DNS. What passes between them can be cut.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Computer {
  /** The name of its namespace. */
  readonly netns: string;
  readonly address: string;
  /** A file that starts `program` there. */
  readonly runner: (program: string) => string;
  /** What a program there prints. */
  readonly run: (program: string, ...args: readonly string[]) => string;
}

export interface Lan {
  readonly sharer: Computer;
  readonly viewer: Computer;
  /** From now on nothing of this passes between the two, of connections old and new. */
  readonly cut: (what: 'tcp' | 'all') => void;
  /** Packets dropped since the cut, on both sides. */
  readonly dropped: () => number;
  readonly mend: () => void;
  /** After the processes in them have ended. */
  readonly close: () => void;
}

const CABLE = 'lan0';

export function openLan(): Lan {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), 'meshell-lan-'));
  const sharer = computer(`meshell-h-${process.pid}`, '10.77.0.1', folder);
  const viewer = computer(`meshell-v-${process.pid}`, '10.77.0.2', folder);
  const both = [sharer, viewer];
  const close = (): void => {
    process.off('exit', close);
    for (const each of both) spawnSync('ip', ['netns', 'del', each.netns]);
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', close);
  const ip = (...args: readonly string[]): unknown => execFileSync('ip', args, { stdio: 'pipe' });
  try {
    for (const each of both) ip('netns', 'add', each.netns);
    const peer = ['type', 'veth', 'peer', 'name', CABLE, 'netns', viewer.netns];
    ip('link', 'add', CABLE, 'netns', sharer.netns, ...peer);
    for (const each of both) {
      ip('-n', each.netns, 'addr', 'add', `${each.address}/24`, 'dev', CABLE);
      for (const device of ['lo', CABLE]) ip('-n', each.netns, 'link', 'set', device, 'up');
    }
  } catch (cause) {
    close();
    throw cause;
  }
  return {
    sharer,
    viewer,
    cut(what) {
      for (const each of both) each.run('nft', cutRules(what));
    },
    dropped: () => both.reduce((sum, each) => sum + droppedAt(each), 0),
    mend() {
      for (const each of both) each.run('nft', 'delete table inet cut');
    },
    close,
  };
}

function computer(netns: string, address: string, folder: string): Computer {
  return {
    netns,
    address,
    runner(program) {
      const path = join(folder, `${netns}-${program.replaceAll('/', '-')}`);
      writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${netns} ${program} "$@"\n`);
      chmodSync(path, 0o755);
      return path;
    },
    run: (program, ...args) =>
      execFileSync('ip', ['netns', 'exec', netns, program, ...args], {
        encoding: 'utf8',
        stdio: 'pipe',
      }),
  };
}

function cutRules(what: 'tcp' | 'all'): string {
  const kind = what === 'tcp' ? 'meta l4proto tcp ' : '';
  return `
    table inet cut {
      chain in { type filter hook input priority 0; iifname "${CABLE}" ${kind}counter drop; }
      chain out { type filter hook output priority 0; oifname "${CABLE}" ${kind}counter drop; }
    }`;
}

function droppedAt(computer: Computer): number {
  const rules = computer.run('nft', 'list table inet cut');
  return [...rules.matchAll(/counter packets (\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
}

/** Those of a test process that was killed. */
function removeAbandoned(): void {
  const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [name, pid] of names.matchAll(/\bmeshell-[hv]-(\d+)\b/g)) {
    if (spawnSync('kill', ['-0', pid ?? '']).status !== 0) spawnSync('ip', ['netns', 'del', name]);
  }
}
