// Agent threads as people see them: joined from the segments a viewer has. Knows neither where
// segments come from nor how threads are shown.
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
  TurnUsage,
} from '../protocol/thread.ts';

/** Sums over turns. A count is null where no turn reported it, which is not 0. */
export interface UsageSum {
  readonly turns: number;
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  /** One for each currency, in the order in which they were met. */
  readonly costs: readonly { readonly amount: number; readonly currency: string }[];
  /** At least one of the turns was counted by characters. */
  readonly estimated: boolean;
  /** Turns that reported nothing at all. */
  readonly silent: number;
}

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

export const NO_USAGE: UsageSum = {
  turns: 0,
  input: null,
  output: null,
  total: null,
  costs: [],
  estimated: false,
  silent: 0,
};

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
    ...usageOf(segments),
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

/** An entry stands in the segment that was the newest when it was queued, and nowhere else. */
function queueOf(segments: readonly Segment[]): readonly QueuedPrompt[] {
  const held = segments.filter((segment) => segment.queue.length > 0);
  const [only] = held;
  if (only === undefined) return [];
  if (held.length === 1) return only.queue;
  const byId = new Map<number, QueuedPrompt>();
  for (const entry of held.flatMap((segment) => segment.queue)) byId.set(entry.id, entry);
  return [...byId.values()];
}

function lastPlan(segment: Segment): readonly PlanEntry[] | null {
  const part = segment.parts.findLast((one) => one.head.kind === 'plan');
  return part?.head.kind === 'plan' ? part.head.entries : null;
}

interface TurnCount {
  readonly turn: number;
  readonly usage: TurnUsage | null;
}

interface SegmentCounts {
  readonly ends: readonly TurnCount[];
  readonly authors: readonly (readonly [turn: number, author: PublicKey])[];
}

const counted = new WeakMap<Segment, SegmentCounts>();

function countsOf(segment: Segment): SegmentCounts {
  const before = counted.get(segment);
  if (before !== undefined) return before;
  const ends: TurnCount[] = [];
  const authors: (readonly [number, PublicKey])[] = [];
  for (const { head, turn } of segment.parts) {
    if (head.kind === 'end') ends.push({ turn, usage: head.usage });
    if (head.kind === 'prompt' && head.author !== null) authors.push([turn, head.author]);
  }
  const counts = { ends, authors };
  counted.set(segment, counts);
  return counts;
}

function usageOf(segments: readonly Segment[]): Pick<Thread, 'usage' | 'usageBy'> {
  const counts = segments.map(countsOf);
  const authors = new Map(counts.flatMap((one) => one.authors));
  const usageBy = new Map<PublicKey, UsageSum>();
  let usage = NO_USAGE;
  for (const { turn, usage: reported } of counts.flatMap((one) => one.ends)) {
    usage = plus(usage, reported);
    const author = authors.get(turn);
    if (author !== undefined) usageBy.set(author, plus(usageBy.get(author) ?? NO_USAGE, reported));
  }
  return { usage, usageBy };
}

function plus(sum: UsageSum, usage: TurnUsage | null): UsageSum {
  if (usage === null) return { ...sum, turns: sum.turns + 1, silent: sum.silent + 1 };
  return {
    turns: sum.turns + 1,
    input: added(sum.input, usage.input),
    output: added(sum.output, usage.output),
    total: added(sum.total, usage.total),
    costs: usage.cost === null ? sum.costs : addedCost(sum.costs, usage.cost),
    estimated: sum.estimated || usage.estimated,
    silent: sum.silent,
  };
}

function added(sum: number | null, count: number | null): number | null {
  return count === null ? sum : (sum ?? 0) + count;
}

function addedCost(
  costs: UsageSum['costs'],
  cost: { readonly amount: number; readonly currency: string },
): UsageSum['costs'] {
  const at = costs.findIndex((one) => one.currency === cost.currency);
  if (at === -1) return [...costs, cost];
  return costs.map((one, index) =>
    index === at ? { ...one, amount: one.amount + cost.amount } : one,
  );
}

/** Several sums as one: what a person used over all threads. */
export function usageSum(sums: readonly UsageSum[]): UsageSum {
  return sums.reduce(
    (all, one) => ({
      turns: all.turns + one.turns,
      input: added(all.input, one.input),
      output: added(all.output, one.output),
      total: added(all.total, one.total),
      costs: one.costs.reduce(addedCost, all.costs),
      estimated: all.estimated || one.estimated,
      silent: all.silent + one.silent,
    }),
    NO_USAGE,
  );
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
