// One command of an agent's, in a process group of its own that never outlives the agent: its
// output as it comes, its exit, a time limit. Knows nothing of ACP.
import { spawn, type ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import { MODEL_VARIABLES } from './launch.ts';

/** From the first request to end to the one that cannot be refused, in ms. */
const GRACE_MS = 2000;
/** A daemon that left the group may keep the pipe open: past this nobody listens, in ms. */
const DRAIN_MS = 500;
/** Of output that is passed on, in UTF-16 units: what a thread keeps of one part. */
const OUTPUT_CHARS_MAX = 512 * 1024;

/**
 * Beside the command waits a reader of a pipe that only the agent holds: when the agent ends, in
 * whatever way, the reader ends the group. It is born deaf to what ends others: one that still had to become so might be
 * gone before.
 */
const GUARD = `trap '' TERM HUP INT
{ read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 &
trap - TERM HUP INT
exec "$1" -c "$2" 2>&1 3<&-`;

export interface CommandOrder {
  readonly command: string;
  readonly directory: string;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Awaited, so that output never piles up here. */
  readonly onOutput: (text: string) => Promise<void>;
}

export interface CommandEnd {
  readonly exit: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** UTF-16 units of output that were not passed on. */
  readonly omitted: number;
}

/** Throws where the command could not be started at all. */
export async function runCommand(order: CommandOrder): Promise<CommandEnd> {
  order.signal.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', GUARD, 'sh', shellOf(process.env), order.command], {
    cwd: order.directory,
    env: environment(process.env),
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  let timedOut = false;
  const ending = openEnding(child);
  const stop = (): void => ending.ask();
  const timer = setTimeout(() => {
    timedOut = true;
    ending.ask();
  }, order.limitMs);
  order.signal.addEventListener('abort', stop, { once: true });
  try {
    const [end, omitted] = await Promise.all([ending.ended, passOn(child, order.onOutput)]);
    return { ...end, timedOut, omitted };
  } finally {
    clearTimeout(timer);
    order.signal.removeEventListener('abort', stop);
    ending.close();
  }
}

/** Ends the group: asked first, then made to; and what is left of it when its first process is over. */
function openEnding(child: ChildProcess) {
  let force: ReturnType<typeof setTimeout> | undefined;
  const tell = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The group is gone: that is what was wanted.
    }
  };
  const ended = new Promise<{ exit: number | null; signal: string | null }>((over, fails) => {
    child.once('error', fails);
    child.once('exit', (exit, signal) => {
      tell('SIGKILL');
      force = restart(force, DRAIN_MS, () => child.stdout?.destroy());
      over({ exit, signal });
    });
  });
  return {
    ended,
    ask: (): void => {
      tell('SIGTERM');
      force ??= setTimeout(() => tell('SIGKILL'), GRACE_MS);
    },
    close: (): void => {
      clearTimeout(force);
      for (const pipe of child.stdio) pipe?.destroy();
    },
  };
}

function restart(
  timer: ReturnType<typeof setTimeout> | undefined,
  ms: number,
  then: () => void,
): ReturnType<typeof setTimeout> {
  clearTimeout(timer);
  return setTimeout(then, ms);
}

async function passOn(
  child: ChildProcess,
  onOutput: (text: string) => Promise<void>,
): Promise<number> {
  const { stdout } = child;
  if (stdout === null) return 0;
  stdout.setEncoding('utf8');
  let room = OUTPUT_CHARS_MAX;
  let omitted = 0;
  try {
    for await (const piece of stdout) {
      const text = String(piece);
      const taken = text.slice(0, room);
      room -= taken.length;
      omitted += text.length - taken.length;
      if (taken !== '') await onOutput(taken);
    }
  } catch {
    // It was cut off: its end says why.
  }
  return omitted;
}

/** People and models write for bash; a shell with other words of its own is not asked. */
function shellOf(env: NodeJS.ProcessEnv): string {
  const shell = env['SHELL'] ?? '';
  return ['bash', 'zsh'].includes(basename(shell)) ? shell : '/bin/sh';
}

/** Nobody can page or answer here, and the model's key is for the model. */
function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = new Set<string>(Object.values(MODEL_VARIABLES));
  const rest = Object.entries(env).filter(([name]) => !own.has(name));
  return {
    ...Object.fromEntries(rest),
    TERM: 'dumb',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
  };
}
