// Agent threads as people see them: joined from the segments a viewer has. Knows neither where
// segments come from nor how threads are shown.
import { threadUsage, type UsageSum } from '../agent/usage.ts';
import type { PublicKey, ThreadId } from '../protocol/ids.ts';
import type {
  AgentCard,
  AgentMenu,
  Part,
  PartHead,
  PlanEntry,
  QueuedPrompt,
  Segment,
  ThreadHead,
} from '../protocol/thread.ts';

export interface Thread {
  readonly id: ThreadId;
  readonly agent: AgentCard;
  /** Where its newest segment began. */
  readonly directory: string;
  readonly openedAt: number;
  /** The newest segment's, with the last title and context there were. */
  readonly head: ThreadHead;
  readonly menu: AgentMenu;
  readonly queue: readonly QueuedPrompt[];
  readonly parts: readonly Part[];
  /** The last one; empty where there is none. */
  readonly plan: readonly PlanEntry[];
  /** The segments' numbers, in order. */
  readonly segments: readonly number[];
  readonly usage: UsageSum;
  /** By who prompted; the turns of an agent's history are nobody's. */
  readonly usageBy: ReadonlyMap<PublicKey, UsageSum>;
  /** When anything last happened, as far as its parts tell. In ms since 1970. */
  readonly lastAt: number;
}

/** In the order in which they began. The same objects as before for threads that did not change. */
export function threadsOf(segments: readonly Segment[]): readonly Thread[] {
  const grouped = new Map<ThreadId, Segment[]>();
  for (const segment of segments) {
    const known = grouped.get(segment.thread);
    if (known === undefined) grouped.set(segment.thread, [segment]);
    else known.push(segment);
  }
  return [...grouped.values()].flatMap((all) => {
    const thread = joined(all.toSorted((a, b) => a.index - b.index));
    return thread === null ? [] : [thread];
  });
}

interface Joined {
  readonly of: readonly Segment[];
  readonly thread: Thread;
}

/** By a thread's newest segment: what came of it and those before it. */
const known = new WeakMap<Segment, Joined>();

function joined(segments: readonly Segment[]): Thread | null {
  const [first, newest] = [segments[0], segments.at(-1)];
  if (first === undefined || newest === undefined) return null;
  const before = known.get(newest);
  if (before !== undefined && isSame(before.of, segments)) return before.thread;
  const thread = threadFrom(segments, first, newest);
  known.set(newest, { of: segments, thread });
  return thread;
}

function isSame(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((segment, at) => segment === b[at]);
}

function threadFrom(segments: readonly Segment[], first: Segment, newest: Segment): Thread {
  const title = segments.findLast((segment) => segment.head.title !== '')?.head.title ?? '';
  const context = segments.findLast((one) => one.head.context !== null)?.head.context ?? null;
  const menu = segments.findLast(hasMenu)?.menu ?? newest.menu;
  const parts = segments.flatMap((segment) => segment.parts);
  const plan = segments.map(lastPlan).findLast((entries) => entries !== null) ?? [];
  return {
    id: first.thread,
    agent: newest.agent,
    directory: newest.directory,
    openedAt: first.openedAt,
    head: headOf(newest.head, title, context),
    menu,
    queue: queueOf(segments),
    parts,
    plan,
    segments: segments.map((segment) => segment.number),
    ...usageOf(parts),
    lastAt: lastOf(parts, newest),
  };
}

/** A segment begins without what was said of its thread before: that stands in those before it. */
function headOf(head: ThreadHead, title: string, context: ThreadHead['context']): ThreadHead {
  return head.title === title && head.context === context ? head : { ...head, title, context };
}

function hasMenu({ menu }: Segment): boolean {
  return menu.options.length > 0 || menu.commands.length > 0;
}

/** An entry stands in the segment that was the newest when it was queued; its rank says its turn. */
function queueOf(segments: readonly Segment[]): readonly QueuedPrompt[] {
  const held = segments.filter((segment) => segment.queue.length > 0);
  const [only] = held;
  if (only === undefined) return [];
  if (held.length === 1) return only.queue;
  const byId = new Map<number, QueuedPrompt>();
  for (const entry of held.flatMap((segment) => segment.queue)) byId.set(entry.id, entry);
  return [...byId.values()].toSorted((a, b) => a.rank - b.rank);
}

function lastPlan(segment: Segment): readonly PlanEntry[] | null {
  const part = segment.parts.findLast((one) => one.head.kind === 'plan');
  return part?.head.kind === 'plan' ? part.head.entries : null;
}

function usageOf(parts: readonly Part[]): Pick<Thread, 'usage' | 'usageBy'> {
  const { all, by } = threadUsage(parts);
  return { usage: all, usageBy: by };
}

function lastOf(parts: readonly Part[], newest: Segment): number {
  const since = newest.head.turnSince ?? 0;
  for (let at = parts.length - 1; at >= 0; at--) {
    const time = timeOf(parts[at]?.head);
    if (time !== null) return Math.max(time, since, newest.openedAt);
  }
  return Math.max(since, newest.openedAt);
}

function timeOf(head: PartHead | undefined): number | null {
  switch (head?.kind) {
    case 'prompt':
    case 'notice':
      return head.at;
    case 'permission':
      return head.answer.state === 'given' ? head.answer.at : head.at;
    case 'thought':
    case 'tool':
      return head.endedAt ?? head.startedAt;
    case 'end':
      return head.endedAt;
    case 'answer':
    case 'plan':
    case undefined:
      return null;
    default:
      return head satisfies never;
  }
}

/** A permission that waits for an answer. */
export function isOpen(part: Part): boolean {
  return part.head.kind === 'permission' && part.head.answer.state === 'open';
}

/** A turn: its prompt and all that came of it. Turn 0 is what belongs to none. */
export interface Turn {
  readonly turn: number;
  readonly parts: readonly Part[];
}

/** Parts in a row of one turn. */
export function turnsOf(parts: readonly Part[]): readonly Turn[] {
  const turns: { turn: number; parts: Part[] }[] = [];
  for (const part of parts) {
    const last = turns.at(-1);
    if (last?.turn === part.turn) last.parts.push(part);
    else turns.push({ turn: part.turn, parts: [part] });
  }
  return turns;
}
