// A viewer in the test's own process, joined to a real sharer by its link: what it may do by hand,
// and the whole of what it sees.
import { setTimeout as after } from 'node:timers/promises';
import { openNodeViewer, type NodeViewer } from '../../../src/cli/node-viewer.ts';
import { parseInvite } from '../../../src/crypto/invite.ts';
import type { Action } from '../../../src/protocol/action.ts';
import type { ThreadId } from '../../../src/protocol/ids.ts';
import type { Outcome } from '../../../src/protocol/message.ts';
import type { Part, Segment } from '../../../src/protocol/thread.ts';
import type { ViewerState } from '../../../src/session/viewer-state.ts';
import { textOf, type MeshellProcess } from './meshell-process.ts';

const WITHIN_MS = 30_000;
const LOOK_MS = 20;

export interface NodeGuest {
  readonly state: () => ViewerState;
  readonly act: (action: Action) => Promise<Outcome>;
  /** Its outcome, which must be good. */
  readonly does: (action: Action) => Promise<Extract<Outcome, { ok: true }>>;
  readonly segments: (thread: ThreadId) => readonly Segment[];
  readonly parts: (thread: ThreadId) => readonly Part[];
  readonly until: (what: string, holds: (guest: NodeGuest) => boolean) => Promise<void>;
  /** Answers every permission of the thread with its first option of this kind, until the turn ends. */
  readonly allowUntilIdle: (thread: ThreadId) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Invites, knocks and is admitted with these capabilities. */
export async function joinNode(
  alice: MeshellProcess,
  name: string,
  capabilities: readonly string[],
  start: 'all' | 'none' = 'all',
): Promise<NodeGuest> {
  alice.say({ do: 'invite', start: { from: start } });
  const invite = parseInvite(textOf(await alice.event('invite'), 'link'));
  if (!invite.ok) throw new Error(invite.fault);
  const opened = await openNodeViewer(invite.value, { signal: null, iceServers: null });
  if (!opened.ok) throw new Error(opened.fault);
  const guest = guestOf(opened.value);
  opened.value.viewer.attach({
    screen: () => Promise.resolve(),
    bytes: () => Promise.resolve(),
  });
  opened.value.viewer.knock(name, 100);
  const knock = await alice.next((line) => line['event'] === 'knock' && line['name'] === name);
  alice.say({ do: 'admit', knock: knock['id'], capabilities });
  await guest.until('to be in', ({ state }) => state().connection.phase === 'live');
  await guest.until('its document', ({ state }) => state().document !== null);
  return guest;
}

function guestOf({ viewer, close }: NodeViewer): NodeGuest {
  const guest: NodeGuest = {
    state: viewer.state,
    act: viewer.act,
    async does(action) {
      const outcome = await viewer.act(action);
      if (!outcome.ok) throw new Error(`${action.type}: ${outcome.fault}`);
      return outcome;
    },
    segments: (thread) => viewer.state().segments.filter((one) => one.thread === thread),
    parts: (thread) => guest.segments(thread).flatMap((segment) => segment.parts),
    async until(what, holds) {
      const deadline = performance.now() + WITHIN_MS;
      while (!holds(guest)) {
        if (performance.now() > deadline) {
          throw new Error(`waited in vain for ${what}: ${shown(viewer.state())}`);
        }
        await after(LOOK_MS);
      }
    },
    async allowUntilIdle(thread) {
      const answered = new Set<number>();
      for (;;) {
        await guest.until(
          'a question or the end',
          () =>
            guest.parts(thread).some((part) => isAsking(part, answered)) || isIdle(guest, thread),
        );
        const part = guest.parts(thread).find((one) => isAsking(one, answered));
        if (part?.head.kind !== 'permission') return;
        answered.add(part.id);
        const option = part.head.options.find((one) => one.kind === 'allow_once');
        if (option === undefined) throw new Error('no way to allow it once');
        await guest.does({ type: 'permission.answer', thread, part: part.id, option: option.id });
      }
    },
    async close() {
      viewer.leave();
      await close();
    },
  };
  return guest;
}

function isAsking({ id, head }: Part, answered: ReadonlySet<number>): boolean {
  return head.kind === 'permission' && head.answer.state === 'open' && !answered.has(id);
}

function isIdle(guest: NodeGuest, thread: ThreadId): boolean {
  const head = guest.segments(thread).at(-1)?.head;
  return head?.status === 'idle' && head.turn === 0 && guest.parts(thread).length > 0;
}

function shown(state: ViewerState): string {
  const threads = state.segments.map(({ number, head, parts, queue }) => ({
    number,
    status: head.status,
    queue: queue.length,
    parts: parts.map((part) => `${part.head.kind}: ${part.text.slice(0, 60)}`),
  }));
  return JSON.stringify({ connection: state.connection, threads }).slice(0, 3000);
}
