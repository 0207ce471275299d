// The sharer of the bench: the built meshell in a process of its own, with a shell whose prompt
// the bench knows, and what that process costs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newHome, startMeshell, textOf } from '../test/e2e/stage/meshell-process.ts';
import { pause, PROMPT } from './typist.ts';

/** Clock ticks a second in /proc, on every Linux there is. */
const TICKS_PER_SECOND = 100;

export interface Sharer {
  readonly pid: number;
  readonly home: string;
  /** A new invite's link. */
  readonly invite: (start?: 'all' | 'none') => Promise<string>;
  /** Lets the next one who knocks in; resolves with the wall time at which that was asked for. */
  readonly admit: () => Promise<number>;
  readonly run: (text: string) => Promise<void>;
  /** Processor time so far, in seconds. */
  readonly cpuSeconds: () => number;
  readonly rssBytes: () => number;
  readonly close: () => Promise<void>;
}

/** A home whose bash says PROMPT. */
export function benchHome(): string {
  const home = newHome();
  writeFileSync(join(home, '.bashrc'), `PS1='${PROMPT} '\nHISTFILE=\n`);
  return home;
}

export async function openSharer(): Promise<Sharer> {
  const home = benchHome();
  const meshell = startMeshell(['--json', '--headless', '--local', '--name', 'Alice'], { home });
  await meshell.event('ready');
  const { pid } = meshell;

  return {
    pid,
    home,
    async invite(start = 'all') {
      meshell.say({ do: 'invite', start: { from: start } });
      return textOf(await meshell.event('invite'), 'link');
    },
    async admit() {
      const knock = await meshell.event('knock');
      const capabilities = ['view', 'suggest', 'draft', 'run', 'type', 'prompt', 'approve'];
      // The knock's own work is over when the wait for the sharer begins.
      await pause(100);
      const at = performance.timeOrigin + performance.now();
      meshell.say({ do: 'admit', knock: knock['id'], capabilities });
      return at;
    },
    async run(text) {
      meshell.say({ do: 'run', text });
      await meshell.next((line) => line['event'] === 'done' && line['of'] === 'run');
    },
    cpuSeconds() {
      const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
      const fields = after.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    rssBytes() {
      const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return Number(kib) * 1024;
    },
    close: () => meshell.kill('SIGKILL'),
  };
}
