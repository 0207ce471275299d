// How a command ends: what must be closed first, the exit code, and Ctrl-C twice, which always
// ends it.
import { FAULTS, type Fault } from '../protocol/faults.ts';
import { writeJsonLine } from './json-lines.ts';

/** Closing takes no longer than this: then the process ends all the same, in ms. */
const CLOSING_MS = 3000;

type Close = (exit: number) => Promise<void> | void;

/** Exit codes from here on say which signal ended it. */
const SIGNALLED = 128;

export interface Leaving {
  /** Closes, then ends the process. Only the first call counts. */
  readonly leave: (exit: number) => void;
  /** To be closed first, and told the exit code; the latest opened first. */
  readonly owns: (close: Close) => void;
}

export function openLeaving(): Leaving {
  const closers: Close[] = [];
  let isLeaving = false;

  function leave(exit: number): void {
    if (isLeaving) return;
    isLeaving = true;
    setTimeout(() => process.exit(exit), CLOSING_MS).unref();
    const broken = (cause: unknown): void => console.error(cause);
    void closeInTurn(closers.toReversed(), exit, broken).finally(() => process.exit(exit));
  }

  /** [CL12] The second one ends it, whatever still closes. */
  function interrupted(exit: number): void {
    if (isLeaving) process.exit(exit);
    leave(exit);
  }

  process.on('SIGINT', () => interrupted(130));
  process.on('SIGTERM', () => interrupted(143));
  process.on('SIGHUP', () => interrupted(129));
  return { leave, owns: (close) => void closers.push(close) };
}

/** It could not do what it was asked to; being told to end is no failure. */
export function hasFailed(exit: number): boolean {
  return exit > 0 && exit < SIGNALLED;
}

/** [CL32] A bug in one leaves none of the others open. */
export async function closeInTurn(
  closers: readonly Close[],
  exit: number,
  broken: (cause: unknown) => void,
): Promise<void> {
  for (const close of closers) {
    try {
      await close(exit);
    } catch (cause) {
      broken(cause);
    }
  }
}

/** Says what is wrong and gives the exit code. */
export function sayFault(fault: Fault): number {
  const words = FAULTS[fault];
  process.stderr.write(`${words.mine}\n`);
  return words.exit;
}

/** [CL34] What this computer cannot do, once at the start: the command goes on without it. */
export function tellLack(fault: Fault, json: boolean): void {
  const message = FAULTS[fault].mine;
  if (json) writeJsonLine(process.stdout, { event: 'fault', of: null, code: fault, message });
  else process.stderr.write(`${message}\n`);
}

export function sayUsage(sentence: string): number {
  process.stderr.write(`${sentence}\nSee meshell --help.\n`);
  return FAULTS.usage.exit;
}

/** A settings file that cannot be read: where and why. */
export function saySettings(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return FAULTS.usage.exit;
}
