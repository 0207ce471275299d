// A thread as it goes on after its sharer's process was ended, from the segments that were stored.
// What was open is settled; no agent runs until someone asks for one.
import type { PublicKey } from '../protocol/ids.ts';
import type { Part, PartHead, Segment } from '../protocol/thread.ts';
import { NOTHING_KEPT, type Conversation, type Kept, type Waiting } from './conversation-state.ts';
import { NO_PARTS, withPart, type PartList } from './part-list.ts';
import { charsOf, EMPTY_PARTS, noted, type At, type ThreadParts } from './parts-state.ts';
import { noticeWords } from './notices.ts';
import { markNow, withOver, type Cut, type LiveThread } from './segments.ts';
import { turnEnded } from './thread-turns.ts';
import { settled } from './tool-cards.ts';

export interface Stored {
  /** All that could be read. */
  readonly segments: readonly Segment[];
  /** null where nothing was kept. */
  readonly kept: Kept | null;
  readonly sharer: PublicKey;
  readonly at: number;
}

/** [TH36] null where no segment is left. */
export function restoredThread(stored: Stored): LiveThread | null {
  const segments = stored.segments.toSorted((a, b) => a.index - b.index);
  const newest = segments.at(-1);
  if (newest === undefined) return null;
  const at: At = { at: stored.at, mask: (text) => text };
  const parts = settledParts(partsFrom(segments, newest, stored.kept, at), at);
  const { thread, agent, directory } = newest;
  const kept = keptFrom(segments, stored.kept);
  const conversation: Conversation = {
    setup: { thread, agent, directory, sharer: stored.sharer },
    phase:
      newest.head.status === 'closed'
        ? { phase: 'closed' }
        : { phase: 'stopped', because: parts.turns > 0 ? 'ended' : 'notStarted' },
    parts,
    queue: queueFrom(segments, kept),
    kept,
    last: kept.typed.find(({ id }) => id === kept.lastSent) ?? 'none',
    agents: 0,
    wakes: 0,
  };
  const admitted = markNow(conversation);
  return withOver({ conversation, cuts: cutsFrom(segments), newTurn: false, admitted });
}

/** [TH36] What is shown of a prompt is masked and cut: it is never sent for what was typed. */
function queueFrom(segments: readonly Segment[], { typed }: Kept): readonly Waiting[] {
  const entries = segments.flatMap((segment) => segment.queue);
  return entries
    .toSorted((a, b) => a.rank - b.rank)
    .map((entry) => ({
      entry,
      typed: typed.find(({ id }) => id === entry.id) ?? 'lost',
      leave: entry.author,
    }));
}

function keptFrom(segments: readonly Segment[], stored: Kept | null): Kept {
  const kept = stored ?? NOTHING_KEPT;
  const ids = segments.flatMap((segment) => segment.queue.map(({ id }) => id));
  return { ...kept, lastQueued: Math.max(kept.lastQueued, ...ids) };
}

function partsFrom(
  segments: readonly Segment[],
  newest: Segment,
  kept: Kept | null,
  { at }: At,
): ThreadParts {
  const all = segments.flatMap((segment) => segment.parts);
  const list = listFrom(all, at);
  const prompt = all.findLast(({ head }) => head.kind === 'prompt');
  const turns = all.reduce((most, part) => Math.max(most, part.turn), 0);
  const end = all.findLast(({ head, turn }) => head.kind === 'end' && turn === turns);
  const isRunning = prompt !== undefined && prompt.turn === turns && end === undefined;
  const withMenu = segments.findLast(
    ({ menu }) => menu.options.length > 0 || menu.commands.length > 0,
  );
  return {
    ...EMPTY_PARTS,
    list,
    turns,
    turn: isRunning ? running(prompt.head) : { is: 'none' },
    prompt: prompt?.id ?? 0,
    end: end?.id ?? 0,
    room: EMPTY_PARTS.room - spentBy(all),
    costSeen: kept?.cost ?? 'unknown',
    title: segments.findLast(({ head }) => head.title !== '')?.head.title ?? '',
    isNamed: kept?.isNamed ?? false,
    actsAlone: newest.head.actsAlone,
    context: segments.findLast(({ head }) => head.context !== null)?.head.context ?? null,
    // An agent that comes back to its session need not say its commands again.
    offer: { options: [], commands: withMenu?.menu.commands ?? [] },
    menu: withMenu?.menu ?? EMPTY_PARTS.menu,
    given: GIVEN,
  };
}

/** What parts take of a thread's room. */
function spentBy(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + part.text.length + charsOf(part.contents), 0);
}

/** All was given once: before the newest segment, or in it where it stands there. */
const GIVEN = { title: 1, offer: 1, context: 1 } as const;

function running(head: PartHead): ThreadParts['turn'] {
  return head.kind === 'prompt'
    ? { is: 'running', by: head.author, since: head.at }
    : { is: 'none' };
}

/** Parts of a segment that could not be read leave a note in their place: ids go on without a gap. */
function listFrom(parts: readonly Part[], at: number): PartList {
  let list = NO_PARTS;
  for (const part of parts.toSorted((a, b) => a.id - b.id)) {
    while (list.last + 1 < part.id) list = withPart(list, lost(list.last + 1, at));
    list = withPart(list, part);
  }
  return list;
}

function lost(id: number, at: number): Part {
  const { level, sentence } = noticeWords('part.lost');
  const head = { kind: 'notice', level, code: 'part.lost', at } as const;
  return { id, turn: 0, head, text: sentence(''), omitted: 0, contents: [] };
}

/** [TH36] The turn that ran was interrupted; nothing is open. */
function settledParts(parts: ThreadParts, at: At): ThreadParts {
  if (parts.turn.is === 'none') return settled(parts, at.at);
  const said = noted(parts, 'turn.interrupted', '', at);
  return turnEnded(said, { reason: 'interrupted', by: null, tokens: null }, at);
}

function cutsFrom(segments: readonly Segment[]): readonly Cut[] {
  let queue = 1;
  let { room } = EMPTY_PARTS;
  return segments.map((segment, at): Cut => {
    const { number, index, openedAt, firstPart, head, menu } = segment;
    const mark = { part: firstPart, queue, given: givenBefore(segment), room };
    room -= spentBy(segment.parts);
    queue = Math.max(queue, ...segment.queue.map(({ id }) => id + 1));
    if (segment.isOver) return { is: 'over', number, mark, segment };
    const begun = { number, index, openedAt, mark };
    return at === segments.length - 1
      ? { ...begun, is: 'newest' }
      : { ...begun, is: 'succeeded', head, menu };
  });
}

function givenBefore({ head, menu }: Segment): ThreadParts['given'] {
  return {
    title: head.title === '' ? 1 : 0,
    offer: menu.options.length === 0 && menu.commands.length === 0 ? 1 : 0,
    context: head.context === null ? 1 : 0,
  };
}
