// How a command ends: what must be closed first, the exit code, and Ctrl-C twice, which always
// ends it.
import { FAULTS, type Fault } from '../protocol/faults.ts';

/** Closing takes no longer than this: then the process ends all the same, in ms. */
const CLOSING_MS = 3000;

export interface Leaving {
  /** Closes, then ends the process. A second call ends it at once. */
  readonly leave: (exit: number) => void;
  /** To be closed first; the latest opened first. */
  readonly owns: (close: () => Promise<void> | void) => void;
}

export function openLeaving(): Leaving {
  let closers: (() => Promise<void> | void)[] = [];
  let isLeaving = false;
  function leave(exit: number): void {
    if (isLeaving) process.exit(exit);
    isLeaving = true;
    setTimeout(() => process.exit(exit), CLOSING_MS).unref();
    void closeAll().then(() => process.exit(exit));
  }
  async function closeAll(): Promise<void> {
    for (const close of closers.toReversed()) await close();
    closers = [];
  }
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
  process.on('SIGHUP', () => leave(129));
  return { leave, owns: (close) => void closers.push(close) };
}

/** Says what is wrong and gives the exit code. */
export function sayFault(fault: Fault): number {
  const words = FAULTS[fault];
  process.stderr.write(`${words.mine}\n`);
  return words.exit;
}

export function sayUsage(sentence: string): number {
  process.stderr.write(`${sentence}\nSee meshell --help.\n`);
  return FAULTS.usage.exit;
}
