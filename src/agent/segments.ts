// Which part of a thread lies in which segment, so that who came later gets nothing of before. A
// segment's number is taken from the session's count when it begins; what it holds is worked out
// from the conversation. Knows no viewers and no documents.
import type { Step } from '../protocol/step.ts';
import {
  SEGMENT_PARTS_MAX,
  type AgentMenu,
  type QueuedPrompt,
  type Segment,
  type ThreadHead,
} from '../protocol/thread.ts';
import type { HeldStream } from './agent-speech.ts';
import { conversation } from './conversation.ts';
import {
  newConversation,
  NOTHING_KEPT,
  threadHead,
  type Conversation,
  type ConversationEffect,
  type ConversationInput,
  type ConversationPorts,
  type ConversationSetup,
} from './conversation-state.ts';
import { partsBetween } from './part-list.ts';
import { divided, EMPTY_PARTS, type ThreadParts } from './parts-state.ts';
import { NO_MENU } from './thread-menu.ts';

/** From where on a segment holds what is said: what was given before stands in those before it. */
export interface Mark {
  readonly part: number;
  /** The first prompt of the queue that stands in it. */
  readonly queue: number;
  readonly given: ThreadParts['given'];
  /** What the thread's texts could take from there on, in UTF-16 units. */
  readonly room: number;
}

/**
 * What a segment's texts may take, in UTF-16 units: three bytes each at most, so that it fits a
 * snapshot with what grows in its parts after it has a successor.
 */
export const SEGMENT_CHARS_MAX = 2 * 1024 * 1024;

interface Begun {
  readonly number: number;
  readonly index: number;
  readonly openedAt: number;
  readonly mark: Mark;
}

export type Cut =
  | (Begun & { readonly is: 'newest' })
  /** A newer one has begun: its head stays, its parts and its queue may still change. */
  | (Begun & { readonly is: 'succeeded'; readonly head: ThreadHead; readonly menu: AgentMenu })
  /** Nothing of it changes any more. */
  | {
      readonly is: 'over';
      readonly number: number;
      readonly mark: Mark;
      readonly segment: Segment;
    };

export interface LiveThread {
  readonly conversation: Conversation;
  /** In order; there is always one. */
  readonly cuts: readonly Cut[];
  /** The last step began a turn. */
  readonly newTurn: boolean;
  /** Since this mark someone is here who may not have what was before. */
  readonly admitted: Mark | 'none';
}

const FIRST: Mark = {
  part: 1,
  queue: 1,
  given: { title: 0, offer: 0, context: 0 },
  room: EMPTY_PARTS.room,
};

/** `directory`: absolute, where its agent is started. */
export function newThread(
  setup: ConversationSetup,
  begun: { readonly number: number; readonly at: number; readonly directory: string },
): LiveThread {
  const { number, at, directory } = begun;
  return {
    conversation: newConversation(setup, { ...NOTHING_KEPT, directory }),
    cuts: [{ is: 'newest', number, index: 0, openedAt: at, mark: FIRST }],
    newTurn: false,
    admitted: 'none',
  };
}

/** The conversation's step; `cutThread` is to follow until it says 'none'. */
export function thread(
  live: LiveThread,
  input: ConversationInput,
  ports: ConversationPorts,
): Step<LiveThread, ConversationEffect> {
  const [next, effects] = conversation(live.conversation, input, ports);
  if (next === live.conversation && !live.newTurn) return [live, effects];
  const newTurn = next.parts.turns > live.conversation.parts.turns;
  return [withOver({ ...live, conversation: next, newTurn }), effects];
}

/** [TH32] Someone is let in who may not have what was before: what is being said goes on in another part. */
export function lateAdmission(
  live: LiveThread,
  held: readonly HeldStream[],
  at: number,
): LiveThread {
  const { parts } = live.conversation;
  const next = { ...live.conversation, parts: divided(parts, held, at) };
  return { ...live, conversation: next, admitted: markNow(next) };
}

export function markNow({ parts, kept }: Conversation): Mark {
  const { given, room } = parts;
  return { part: parts.list.last + 1, queue: kept.lastQueued + 1, given, room };
}

/** A segment more where one has to begin: it has taken the number `next`. */
export function cutThread(live: LiveThread, next: number, at: number): LiveThread | 'none' {
  const newest = live.cuts.at(-1);
  if (newest?.is !== 'newest') return 'none';
  const mark = markFor(live, newest, next);
  if (mark === 'none') return 'none';
  const { conversation: now } = live;
  const head = shownHead(now, newest.mark);
  const menu = shownMenuSince(now, newest.mark);
  return withOver({
    ...live,
    cuts: [
      ...live.cuts.slice(0, -1),
      { ...newest, is: 'succeeded', head, menu },
      { is: 'newest', number: next, index: newest.index + 1, openedAt: at, mark },
    ],
    newTurn: false,
    admitted: 'none',
  });
}

/** [TH31] [TH32] Where the next segment begins; 'none' while the newest goes on. */
function markFor(live: LiveThread, newest: Begun, next: number): Mark | 'none' {
  const { conversation: now, admitted, newTurn } = live;
  const { parts } = now;
  const { last } = parts.list;
  if (admitted !== 'none') {
    const isNews =
      parts.turn.is === 'running' ||
      last >= admitted.part ||
      now.queue.some(({ entry }) => entry.id >= admitted.queue) ||
      parts.given.title > admitted.given.title;
    return isNews ? admitted : 'none';
  }
  const held = parts.prompt - newest.mark.part;
  if (newTurn && held > 0 && (next !== newest.number + 1 || held >= SEGMENT_PARTS_MAX)) {
    return { ...markNow(now), part: parts.prompt };
  }
  const isFull = newest.mark.room - parts.room >= SEGMENT_CHARS_MAX;
  if (isFull && last >= newest.mark.part) return markNow(now);
  if (last - newest.mark.part < SEGMENT_PARTS_MAX) return 'none';
  return { ...markNow(now), part: newest.mark.part + SEGMENT_PARTS_MAX };
}

/** [TH33] Title, menu and context stand where they were newest when they were given. */
function shownHead(now: Conversation, { given }: Mark): ThreadHead {
  const head = threadHead(now);
  return {
    ...head,
    title: now.parts.given.title > given.title ? head.title : '',
    context: now.parts.given.context > given.context ? head.context : null,
  };
}

function shownMenuSince({ parts }: Conversation, { given }: Mark): AgentMenu {
  return parts.given.offer > given.offer ? parts.menu : NO_MENU;
}

/** [TH31] Over is what has a successor and holds nothing of the turn that runs and of the queue. */
export function withOver(live: LiveThread): LiveThread {
  const { conversation: now } = live;
  const { turn, prompt } = now.parts;
  const isClosed = now.phase.phase === 'closed';
  const isOver = (cut: Cut, at: number): boolean => {
    if (cut.is === 'over') return false;
    const end = live.cuts[at + 1];
    if (end === undefined) return isClosed;
    const isPast = turn.is === 'none' || prompt >= end.mark.part;
    return isPast && queueOf(live, at).length === 0;
  };
  if (!live.cuts.some(isOver)) return live;
  const cuts = live.cuts.map((cut, at): Cut => {
    if (!isOver(cut, at)) return cut;
    const segment = { ...segmentAt(live, at), isOver: true };
    return { is: 'over', number: cut.number, mark: cut.mark, segment };
  });
  return { ...live, cuts };
}

function queueOf(live: LiveThread, at: number): readonly QueuedPrompt[] {
  const cut = live.cuts[at];
  if (cut === undefined || cut.is === 'over') return [];
  const end = live.cuts[at + 1]?.mark.queue ?? Infinity;
  return live.conversation.queue
    .map(({ entry }) => entry)
    .filter(({ id }) => id >= cut.mark.queue && id < end);
}

function segmentAt(live: LiveThread, at: number): Segment {
  const cut = live.cuts[at];
  if (cut === undefined) throw new Error(`no segment ${at}`);
  if (cut.is === 'over') return cut.segment;
  const { conversation: now } = live;
  const end = live.cuts[at + 1]?.mark.part ?? Infinity;
  const { thread: id, agent, directory } = now.setup;
  return {
    number: cut.number,
    thread: id,
    index: cut.index,
    agent,
    directory,
    openedAt: cut.openedAt,
    firstPart: cut.mark.part,
    isOver: false,
    head: cut.is === 'newest' ? shownHead(now, cut.mark) : cut.head,
    menu: cut.is === 'newest' ? shownMenuSince(now, cut.mark) : cut.menu,
    queue: queueOf(live, at),
    parts: partsBetween(now.parts.list, cut.mark.part, end),
  };
}

/** All segments, in order. What did not change since `before` is the same object, down to its parts. */
export function segmentsOf(live: LiveThread, before: readonly Segment[]): readonly Segment[] {
  return live.cuts.map((cut, at) =>
    cut.is === 'over' ? cut.segment : shared(segmentAt(live, at), before[at]),
  );
}

function shared(now: Segment, before: Segment | undefined): Segment {
  if (before === undefined || before.number !== now.number) return now;
  const parts = isSame(now.parts, before.parts) ? before.parts : now.parts;
  const queue = isSame(now.queue, before.queue) ? before.queue : now.queue;
  const head = JSON.stringify(now.head) === JSON.stringify(before.head) ? before.head : now.head;
  const isAll =
    parts === before.parts &&
    queue === before.queue &&
    head === before.head &&
    now.menu === before.menu &&
    now.isOver === before.isOver;
  return isAll ? before : { ...now, parts, queue, head };
}

function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
