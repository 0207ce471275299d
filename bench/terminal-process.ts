// One terminal of the bench in a process of its own: a bare pty, or a viewer of a share. Takes
// orders by messages from its parent and answers each.
import * as v from 'valibot';
import { openNodeViewer, type NodeViewer } from '../src/cli/node-viewer.ts';
import { parseInvite } from '../src/crypto/invite.ts';
import type { Part } from '../src/protocol/thread.ts';
import type { ViewerState } from '../src/session/viewer-state.ts';
import { openPty } from '../src/terminal/pty.ts';
import { openScreenWatch, SIZE, type ScreenWatch } from './screen-watch.ts';
import { ended, openTypist, type Typist } from './typist.ts';

const Id = v.number();
export const Order = v.variant('do', [
  /** A program on a pty of its own. */
  v.object({ do: v.literal('pty'), id: Id, file: v.string(), args: v.array(v.string()) }),
  /** Knocks; the answer comes when one is in: when that was, and what came when. */
  v.object({ do: v.literal('join'), id: Id, link: v.string(), blocks: v.number() }),
  v.object({ do: v.literal('echo'), id: Id, keys: v.number() }),
  v.object({ do: v.literal('bulk'), id: Id, count: v.number() }),
  v.object({ do: v.literal('interrupt'), id: Id, afterMs: v.number() }),
  v.object({ do: v.literal('type'), id: Id, text: v.string() }),
  /** Answers with the wall time at which `seq 1 COUNT` and the prompt after it stood there. */
  v.object({ do: v.literal('ended'), id: Id, count: v.number() }),
  v.object({ do: v.literal('shows'), id: Id, text: v.string() }),
  v.object({ do: v.literal('rows'), id: Id }),
  /** Begins so many conversations with this agent; answers when each of them has said something. */
  v.object({
    do: v.literal('converse'),
    id: Id,
    agent: v.string(),
    prompt: v.string(),
    count: v.number(),
  }),
  /** UTF-8 bytes of all answers so far. */
  v.object({ do: v.literal('said'), id: Id }),
  /** Answers when no conversation runs any more. */
  v.object({ do: v.literal('quiet'), id: Id }),
  /** Bytes that came over the link so far. */
  v.object({ do: v.literal('received'), id: Id }),
]);
export type Order = v.InferOutput<typeof Order>;

export const Joined = v.object({
  /** Wall times, in ms. */
  admittedAt: v.number(),
  screenAt: v.number(),
  blocksAt: v.number(),
});
export type Joined = v.InferOutput<typeof Joined>;

const encoder = new TextEncoder();

/** Wall time with fractions, comparable between processes of one computer. */
function wall(at: number): number {
  return performance.timeOrigin + at;
}

interface Conversations {
  readonly begin: (agent: string, prompt: string, count: number) => Promise<void>;
  readonly said: () => number;
  readonly quiet: () => Promise<void>;
}

interface Open {
  /** Of a viewer; a bare pty has none. */
  readonly conversations: Conversations | null;
  readonly screen: ScreenWatch;
  readonly typist: Typist;
  readonly send: (bytes: Uint8Array) => void;
  readonly received: () => number;
}

function pty(file: string, args: readonly string[]): Open {
  const env = { ...stringsOf(process.env), TERM: 'xterm-256color', LANG: 'C.UTF-8' };
  const opened = openPty({ file, args, env, cwd: process.cwd(), ...SIZE });
  if (!opened.ok) throw new Error(opened.fault);
  const { write, onBytes } = opened.value;
  const send = (bytes: Uint8Array): void => void write(bytes);
  const screen = openScreenWatch();
  let received = 0;
  onBytes((bytes) => {
    received += bytes.length;
    screen.take(bytes);
  });
  const typist = openTypist(screen, send);
  return { conversations: null, screen, send, typist, received: () => received };
}

async function join(link: string, blocks: number): Promise<{ open: Open; joined: Joined }> {
  const invite = parseInvite(link);
  if (!invite.ok) throw new Error(invite.fault);
  const made = await openNodeViewer(invite.value, { signal: null, iceServers: null });
  if (!made.ok) throw new Error(made.fault);
  const { viewer } = made.value;
  const screen = openScreenWatch();
  const screenAt = new Promise<number>((resolve) => {
    viewer.attach({
      async screen(cols, rows, bytes) {
        screen.renew(cols, rows, bytes);
        resolve(performance.now());
      },
      async bytes(bytes) {
        screen.take(bytes);
      },
    });
  });
  viewer.knock(`Viewer ${process.pid}`, 100);
  const admittedAt = reached(made.value, (state) => state.connection.phase === 'live');
  const blocksAt = reached(
    made.value,
    (state) => state.document !== null && state.blocks.length >= blocks,
  );
  const send = (keys: Uint8Array): void => void viewer.act({ type: 'keys.type', keys });
  return {
    open: {
      conversations: conversationsOf(made.value),
      screen,
      send,
      typist: openTypist(screen, send),
      received: () => made.value.stats()?.receivedBytes ?? 0,
    },
    joined: {
      admittedAt: wall(await admittedAt),
      screenAt: wall(await screenAt),
      blocksAt: wall(await blocksAt),
    },
  };
}

function conversationsOf(node: NodeViewer): Conversations {
  const { viewer } = node;
  const answers = (state: ViewerState): readonly Part[] =>
    state.segments.flatMap((segment) => segment.parts.filter((p) => p.head.kind === 'answer'));
  const bytes = (state: ViewerState): number =>
    answers(state).reduce((sum, part) => sum + encoder.encode(part.text).length, 0);
  return {
    async begin(agent, prompt, count) {
      for (let n = 0; n < count; n += 1) {
        const done = await viewer.act({ type: 'thread.start', agent, prompt });
        if (!done.ok) throw new Error(done.fault);
      }
      await reached(node, (state) => answers(state).length >= count);
    },
    said: () => bytes(viewer.state()),
    async quiet() {
      await reached(node, (state) =>
        state.segments.every(({ head }) => head.status !== 'running' && head.status !== 'waiting'),
      );
    },
  };
}

function reached(
  { viewer }: NodeViewer,
  wanted: (state: ReturnType<NodeViewer['viewer']['state']>) => boolean,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const stop = viewer.watch((state) => {
      if (state.connection.phase === 'over') reject(new Error(state.connection.fault));
      if (!wanted(state)) return;
      stop();
      resolve(performance.now());
    });
  });
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

let open: Open | 'none' = 'none';

async function carryOut(order: Order): Promise<unknown> {
  if (order.do === 'pty') {
    open = pty(order.file, order.args);
    return null;
  }
  if (order.do === 'join') {
    const made = await join(order.link, order.blocks);
    open = made.open;
    return made.joined;
  }
  if (open === 'none') throw new Error('nothing is open here');
  switch (order.do) {
    case 'echo':
      return await open.typist.echo(order.keys);
    case 'bulk':
      return await open.typist.bulk(order.count);
    case 'interrupt':
      return await open.typist.interrupt(order.afterMs);
    case 'type':
      open.send(encoder.encode(order.text));
      return null;
    case 'ended':
      return wall(await open.screen.when((now) => ended(now, order.count)));
    case 'shows':
      return wall(
        await open.screen.when((now) => now.rows().some((row) => row.includes(order.text))),
      );
    case 'rows':
      return open.screen.rows();
    case 'received':
      return open.received();
    case 'converse':
      await conversationsIn(open).begin(order.agent, order.prompt, order.count);
      return null;
    case 'said':
      return conversationsIn(open).said();
    case 'quiet':
      await conversationsIn(open).quiet();
      return null;
    default:
      return order satisfies never;
  }
}

function conversationsIn({ conversations }: Open): Conversations {
  if (conversations === null) throw new Error('a bare pty has no conversations');
  return conversations;
}

if (process.send !== undefined) {
  process.on('message', (message) => {
    const order = v.parse(Order, message);
    carryOut(order).then(
      (value) => process.send?.({ id: order.id, value }),
      (error: unknown) =>
        process.send?.({ id: order.id, error: error instanceof Error ? error.message : 'failed' }),
    );
  });
  process.on('disconnect', () => process.exit(0));
}
