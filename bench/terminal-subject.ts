// The parent's side of a terminal process: orders out, answers in, and its end.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { Joined, type Order } from './terminal-process.ts';
import type { Subject } from './subject.ts';

const PROCESS = fileURLToPath(new URL('./terminal-process.ts', import.meta.url));
const Answer = v.object({
  id: v.number(),
  value: v.optional(v.unknown()),
  error: v.optional(v.string()),
});

type Wish = Order extends infer O ? (O extends Order ? Omit<O, 'id'> : never) : never;

export interface TerminalSubject extends Subject {
  readonly pid: number;
  readonly pty: (file: string, args: readonly string[]) => Promise<void>;
  /** Knocks; resolves when one is in and has that many blocks. */
  readonly join: (link: string, blocks?: number) => Promise<Joined>;
  readonly type: (text: string) => Promise<void>;
  /** The wall time at which it stood there. */
  readonly ended: (count: number) => Promise<number>;
  readonly shows: (text: string) => Promise<number>;
  readonly rows: () => Promise<readonly string[]>;
  readonly received: () => Promise<number>;
  /** Begins so many conversations; resolves when each has said something. */
  readonly converse: (agent: string, prompt: string, count: number) => Promise<void>;
  /** UTF-8 bytes of all answers so far. */
  readonly said: () => Promise<number>;
  /** Resolves when no conversation runs. */
  readonly quiet: () => Promise<void>;
}

export function openTerminal(name: string, env: NodeJS.ProcessEnv = {}): TerminalSubject {
  const child = fork(PROCESS, [], { env: { ...process.env, ...env } });
  const waiting = new Map<number, { done: (value: unknown) => void; failed: (e: Error) => void }>();
  let next = 1;

  child.on('message', (message) => {
    const { id, value, error } = v.parse(Answer, message);
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.done(value);
    else one?.failed(new Error(`${name}: ${error}`));
  });
  child.once('exit', () => {
    for (const one of waiting.values()) one.failed(new Error(`${name} has exited`));
    waiting.clear();
  });

  async function ask<S extends v.GenericSchema>(schema: S, wish: Wish): Promise<v.InferOutput<S>> {
    const id = next++;
    const value = await new Promise<unknown>((done, failed) => {
      waiting.set(id, { done, failed });
      child.send({ ...wish, id });
    });
    return v.parse(schema, value);
  }

  return {
    name,
    pid: child.pid ?? -1,
    async pty(file, args) {
      await ask(v.null(), { do: 'pty', file, args: [...args] });
    },
    join: (link, blocks = 0) => ask(Joined, { do: 'join', link, blocks }),
    echo: (keys) => ask(v.array(v.number()), { do: 'echo', keys }),
    bulk: (count) => ask(v.number(), { do: 'bulk', count }),
    interrupt: (afterMs) => ask(v.number(), { do: 'interrupt', afterMs }),
    async type(text) {
      await ask(v.null(), { do: 'type', text });
    },
    ended: (count) => ask(v.number(), { do: 'ended', count }),
    shows: (text) => ask(v.number(), { do: 'shows', text }),
    rows: () => ask(v.array(v.string()), { do: 'rows' }),
    received: () => ask(v.number(), { do: 'received' }),
    async converse(agent, prompt, count) {
      await ask(v.null(), { do: 'converse', agent, prompt, count });
    },
    said: () => ask(v.number(), { do: 'said' }),
    async quiet() {
      await ask(v.null(), { do: 'quiet' });
    },
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** A program on a bare pty: the floor under every other subject. */
export async function openPtySubject(
  name: string,
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<TerminalSubject> {
  const subject = openTerminal(name, env);
  await subject.pty(file, args);
  return subject;
}
