// An agent's process: started in a process group of its own, its output heard line by line, its
// last words kept, ended with all its children. Knows nothing of ACP.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import {
  getDefaultHighWaterMark,
  setDefaultHighWaterMark,
  type Readable,
  type Writable,
} from 'node:stream';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../protocol/ports.ts';
import type { AgentLaunch } from './agent-event.ts';
import { lastWords } from './cut-words.ts';
import { readLines, type LineEars } from './agent-lines.ts';
import type { SharedMoments } from './shared-moments.ts';

/** After it was asked to end, a process has this long before it is killed, in ms. */
const KILL_AFTER_MS = 2000;
/** How long after SIGKILL a group may still be counted: its zombies wait for their parent. */
const GONE_AFTER_MS = 500;
const LOOK_MS = 25;
/** What an agent said last on stderr: enough for a stack trace's first and last line. */
const LAST_LINES = 20;
const LAST_CHARS = 4096;
/** Of it with its colours. */
const KEPT_CHARS = 3 * LAST_CHARS;
/** Output that lies in the pipe when its process ends is read for this long, in ms. */
const DRAIN_MS = 500;

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface ProcessEars extends LineEars {
  /** It never ran. */
  readonly missing: (detail: string) => void;
  /** It ran and has ended, and all it said was heard. Comes once, also after `end`. */
  readonly ended: (how: ProcessEnd) => void;
}

export interface AgentProcess {
  /** Resolves when the process's pipe takes more. */
  readonly write: (line: string) => Promise<void>;
  /** SIGTERM to the group, SIGKILL after two seconds; resolves when the group is gone. */
  readonly end: () => Promise<void>;
  /** The end of its stderr. */
  readonly lastLines: () => string;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** `env` is all its environment. */
export function openAgentProcess(
  launch: AgentLaunch,
  env: NodeJS.ProcessEnv,
  { clock, moments }: { readonly clock: Clock; readonly moments: SharedMoments },
  ears: ProcessEars,
): AgentProcess {
  const child = started(launch, env);
  if (child === null || child.pid === undefined) {
    child?.on('error', () => undefined);
    queueMicrotask(() => ears.missing(whyMissing(launch)));
    return { write: () => Promise.resolve(), end: () => Promise.resolve(), lastLines: () => '' };
  }
  const stderr = lastLines(child.stderr);
  const group = processGroup(child.pid, clock);
  child.on('error', () => undefined); // a signal that came too late
  child.stdin.on('error', () => undefined); // its end is told by 'exit'
  const reading = untilExit(child, moments);
  const heard = readLines(child.stdout, clock, reading, ears);
  child.once('exit', (code, signal) => {
    void group.end();
    const cut = clock.after(DRAIN_MS, () => child.stdout.destroy());
    void heard.then(() => {
      cut();
      child.stderr.destroy();
      ears.ended({ code, signal });
    });
  });
  return {
    write: (line) => writeLine(child.stdin, line),
    end: group.end,
    lastLines: stderr,
  };
}

/** Its last words wait for no moment. One waits at a time; nothing is kept of those before. */
function untilExit(child: Child, moments: SharedMoments): Pick<SharedMoments, 'toRead'> {
  let hasExited = false;
  let goOn = (): void => {};
  child.once('exit', () => {
    hasExited = true;
    goOn();
  });
  return {
    toRead: () =>
      new Promise((resolve) => {
        if (hasExited) return resolve();
        goOn = resolve;
        void moments.toRead().then(resolve);
      }),
  };
}

function started(launch: AgentLaunch, env: NodeJS.ProcessEnv): Child | null {
  try {
    return withoutReadingAhead(() =>
      spawn(launch.command, [...launch.args], {
        cwd: launch.directory,
        env,
        detached: true, // a group of its own: agents are wrappers with children
        stdio: ['pipe', 'pipe', 'pipe'],
      }),
    );
  } catch {
    return null; // an argument no process can be given
  }
}

/**
 * Pipes opened meanwhile are read when somebody reads: what waits to be read together waits in the
 * kernel, and does not wake us for each word of it. A pipe's own limit cannot be set otherwise.
 */
function withoutReadingAhead<T>(open: () => T): T {
  const usual = getDefaultHighWaterMark(false);
  setDefaultHighWaterMark(false, 1);
  try {
    return open();
  } finally {
    setDefaultHighWaterMark(false, usual);
  }
}

function whyMissing(launch: AgentLaunch): string {
  try {
    return statSync(launch.directory).isDirectory() ? launch.command : launch.directory;
  } catch {
    return launch.directory; // not there, or not to be looked at
  }
}

async function writeLine(stdin: Writable, line: string): Promise<void> {
  if (stdin.destroyed || !stdin.writable) return;
  if (stdin.write(`${line}\n`)) return;
  await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]).catch(() => undefined);
}

/** The last lines of what comes, without control characters. */
function lastLines(stream: Readable): () => string {
  let kept = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    kept = (kept + text.slice(-KEPT_CHARS)).slice(-KEPT_CHARS);
  });
  stream.on('error', () => undefined);
  // One fewer than is kept: where it is full its first line may have lost its beginning.
  return () => {
    const lines = plainLines(lastWords(kept, KEPT_CHARS - 1)).slice(-LAST_LINES);
    return lastWords(lines.join('\n'), LAST_CHARS);
  };
}

/** Lines that say something, as plain text: colours and the like are taken out. */
export function plainLines(text: string): readonly string[] {
  return text
    .replaceAll(/\u001b\[[0-9;:?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g, '')
    .split('\n')
    .map((line) => line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trimEnd())
    .filter((line) => line !== '');
}

function processGroup(pid: number, clock: Clock): { readonly end: () => Promise<void> } {
  let gone: Promise<void> | null = null;
  // Its number may be another's once nobody is left: then it is not signalled again.
  const signal = (name: 'SIGTERM' | 'SIGKILL' | 0): boolean => {
    try {
      process.kill(-pid, name);
      return true;
    } catch {
      return false;
    }
  };
  async function isGoneBy(ms: number): Promise<boolean> {
    const until = clock.monotonic() + ms;
    await turnOfTheLoop();
    while (signal(0)) {
      if (clock.monotonic() >= until) return false;
      await new Promise<void>((looked) => void clock.after(LOOK_MS, looked));
    }
    return true;
  }
  async function end(): Promise<void> {
    if (!signal('SIGTERM') || (await isGoneBy(KILL_AFTER_MS))) return;
    signal('SIGKILL');
    await isGoneBy(GONE_AFTER_MS);
  }
  return { end: () => (gone ??= end()) };
}
