// Tool calls and permission requests as cards of a thread: made, merged, answered, settled. Part of
// the reducer in thread-parts.ts.
import type { PublicKey } from '../protocol/ids.ts';
import { beginsWith } from '../protocol/long-text.ts';
import {
  HEAD_BYTES_MAX,
  LIST_ITEMS_MAX,
  PART_TEXT_CHARS_MAX,
  type Part,
  type PartHead,
  type ToolContent,
} from '../protocol/thread.ts';
import type { ToolPatch } from './agent-event.ts';
import type { GatedEvent } from './agent-gate.ts';
import {
  isOutput,
  OUTPUT,
  patchedContents,
  shownPatch,
  unchanged,
  type ShownPatch,
} from './card-contents.ts';
import { partAt } from './part-list.ts';
import {
  added,
  CALL_CHARS_MAX,
  charsOf,
  closed,
  interrupted,
  notedOnce,
  replaced,
  roomFor,
  withText,
  type Asked,
  type At,
  type ThreadParts,
} from './parts-state.ts';
import { fitted, wholeEnd } from './safe-text.ts';
import { shownId, shownOptions } from './thread-menu.ts';
import { LINE_CHARS_MAX, shownLines, type Shown } from './tool-content.ts';
import { withoutWhole, withWhole } from './wholes.ts';

type ToolHead = Extract<PartHead, { kind: 'tool' }>;
type Card = Part & { readonly head: ToolHead };

/** Questions that may wait at once: nobody can weigh more. */
const ASKED_MAX = 16;

function isCard(part: Part | undefined): part is Card {
  return part?.head.kind === 'tool';
}

/** [TH16] Of this turn; or of the turn before, where that card was ended by us and not by the agent. */
function cardOf(state: ThreadParts, call: string): Card | undefined {
  const key = call.slice(0, CALL_CHARS_MAX);
  const own = partAt(state.list, state.calls.get(key) ?? 0);
  if (isCard(own)) return own;
  const before = partAt(state.list, state.callsBefore.get(key) ?? 0);
  return isCard(before) && before.head.status === 'stopped' ? before : undefined;
}

function isOver({ status }: ToolPatch): boolean {
  return status === 'completed' || status === 'failed';
}

/** [TH15] What is absent stays; contents that are there replace all before. No card: one is made. */
export function toolPatched(
  state: ThreadParts,
  call: string,
  patch: ToolPatch,
  at: At,
): ThreadParts {
  return withPatch(state, call, patch, shownPatch(patch, at.mask), at);
}

function withPatch(
  state: ThreadParts,
  call: string,
  patch: ToolPatch,
  shown: ShownPatch,
  at: At,
): ThreadParts {
  const known = cardOf(state, call);
  const isOwn = state.turn.is === 'running' && known?.turn === state.turns;
  // Agents use names of calls again: a late word about a card of before says how it went.
  const isNew = state.turn.is === 'running' && !isOwn && !isOver(patch);
  if (known === undefined || isNew) return newCard(state, call, patch, shown, at);
  const head = patchedHead(known.head, patch, at, isOwn);
  return changedCard(state, known, head, patchedContents(known.contents, shown));
}

function newCard(
  state: ThreadParts,
  call: string,
  patch: ToolPatch,
  own: ShownPatch,
  at: At,
): ThreadParts {
  return roomFor(interrupted(state, at.at), at, (roomy) => {
    const blank: ToolHead = {
      kind: 'tool',
      call: shownId(call, roomy.list.last, at.mask),
      tool: 'other',
      title: '',
      status: 'pending',
      locations: [],
      startedAt: at.at,
      endedAt: null,
      exit: null,
    };
    const isRunning = roomy.turn.is === 'running';
    const head = patchedHead(isRunning ? blank : stopped(blank, at.at), patch, at, isRunning);
    const shown = patchedContents([], own);
    const begun = showing(added(roomy, head, shown), [], shown);
    const key = call.slice(0, CALL_CHARS_MAX);
    return { ...begun, calls: new Map(begun.calls).set(key, begun.list.last) };
  });
}

function changedCard(state: ThreadParts, card: Card, head: ToolHead, shown: Shown): ThreadParts {
  const { contents } = shown;
  const isSame = contents === card.contents && JSON.stringify(head) === JSON.stringify(card.head);
  if (isSame) return showing(state, contents, shown);
  const more = contents === card.contents ? 0 : charsOf(contents);
  // A thread that is full takes no new contents: documents grow by what is replaced too.
  const kept = more > state.room ? card.contents : contents;
  const room = kept === card.contents ? state.room : state.room - more;
  const next = replaced({ ...state, room }, { ...card, head, contents: kept });
  return kept === contents ? showing(next, card.contents, shown) : next;
}

/** [TH37] The wholes of what is shown; of what was there before, only where a question shows it. */
function showing(
  state: ThreadParts,
  before: readonly ToolContent[],
  { contents, wholes: news }: Shown,
): ThreadParts {
  let { wholes } = state;
  const asked = [...state.asked.keys()].flatMap((id) => partAt(state.list, id)?.contents ?? []);
  for (const content of before) {
    if (!contents.includes(content) && !asked.includes(content)) {
      wholes = withoutWhole(wholes, content);
    }
  }
  for (const [content, text] of news) wholes = withWhole(wholes, content, text);
  return wholes === state.wholes ? state : { ...state, wholes };
}

/** [TH16] `isOpen`: its turn runs. Else a card that was ended stays so, but may hear how it went. */
function patchedHead(
  head: ToolHead,
  patch: ToolPatch,
  { at, mask }: At,
  isOpen: boolean,
): ToolHead {
  const ends = isOver(patch);
  const wasOver = head.endedAt !== null;
  const status =
    patch.status === undefined || ((wasOver || !isOpen) && !ends) ? head.status : patch.status;
  const shown = shownLines(mask);
  return fitted((chars) => {
    const line = Math.min(chars, LINE_CHARS_MAX);
    return {
      ...head,
      call: head.call.slice(0, CALL_CHARS_MAX),
      tool: patch.tool ?? head.tool,
      title: patch.title === undefined ? head.title : shown(patch.title, line),
      status,
      endedAt: ends && (!wasOver || head.status === 'stopped') ? at : head.endedAt,
      locations:
        patch.locations?.slice(0, LIST_ITEMS_MAX).map((place) => ({
          path: shown(place.path, line),
          line: place.line === null ? null : Math.max(0, Math.round(place.line)),
        })) ?? head.locations,
    };
  }, HEAD_BYTES_MAX - 256);
}

/** [TH17] Output of a command goes behind what came before; whole, in its place. */
export function printed(
  state: ThreadParts,
  event: Extract<GatedEvent, { on: 'output' }>,
  at: At,
): ThreadParts {
  const known = cardOf(state, event.call);
  const isOwn = state.turn.is !== 'running' || known?.turn === state.turns;
  const made = known === undefined || !isOwn ? toolPatched(state, event.call, {}, at) : state;
  const card = cardOf(made, event.call);
  if (card === undefined) return made;
  const contents = card.contents.some(isOutput) ? card.contents : [OUTPUT, ...card.contents];
  const open = { ...card, contents };
  if (!event.whole) return withText(made, open, event.text, event.omitted, at);
  const same = beginsWith(event.text, card.text) ? card.text.length : 0;
  if (same > 0) {
    return withText(made, { ...open, omitted: 0 }, event.text.slice(same), event.omitted, at);
  }
  const taken = wholeEnd(event.text, Math.max(0, Math.min(PART_TEXT_CHARS_MAX, made.room)));
  const text = event.text.slice(0, taken);
  const omitted = event.text.length - taken + event.omitted;
  const wholes =
    omitted > 0 && event.omitted === 0
      ? withWhole(made.wholes, card.id, event.text)
      : withoutWhole(made.wholes, card.id);
  const next = { ...made, wholes, room: made.room - taken };
  return replaced(next, { ...open, text, omitted });
}

export function outputEnded(
  state: ThreadParts,
  event: Extract<GatedEvent, { on: 'outputEnd' }>,
  _at: At,
): ThreadParts {
  const card = cardOf(state, event.call);
  if (card === undefined || event.exit === null || !Number.isInteger(event.exit)) return state;
  return replaced(state, { ...card, head: { ...card.head, exit: event.exit } });
}

/**
 * [TH18] A question, under its card; the card is made where none was announced. Outside a turn, or
 * where too many wait, it is withdrawn at once: it is not in `asked` then.
 */
export function askedLeave(
  state: ThreadParts,
  event: Extract<GatedEvent, { on: 'permission' }>,
  at: At,
): ThreadParts {
  const { call, patch, options, request } = event;
  const shownOnce = shownPatch(patch, at.mask);
  const isNews = call !== null && cardOf(state, call) === undefined;
  const made =
    call === null ? interrupted(state, at.at) : withPatch(state, call, patch, shownOnce, at);
  const noticed = isNews ? notedOnce(made, 'permission.unannounced', '', at) : made;
  const isOpen = noticed.turn.is === 'running' && noticed.asked.size < ASKED_MAX;
  const line = shownLines(at.mask);
  const full = isOpen || noticed.turn.is === 'none';
  const before = full ? noticed : notedOnce(noticed, 'permission.tooMany', '', at);
  return roomFor(before, at, (roomy) => {
    const card = call === null ? undefined : cardOf(roomy, call);
    const own = patchedContents([], shownOnce);
    const head = fitted(
      (chars): PartHead => ({
        kind: 'permission',
        call: card?.head.call ?? null,
        title: line(patch.title ?? card?.head.title ?? '', Math.min(chars, 1024)),
        options: [...shownOptions(options, at.mask, line, chars)],
        at: at.at,
        answer: { state: isOpen ? 'open' : 'withdrawn' },
      }),
      HEAD_BYTES_MAX - 256,
    );
    const shown =
      own.contents.length > 0 ? own : unchanged((card?.contents ?? []).filter((c) => !isOutput(c)));
    const begun = showing(added(interrupted(roomy, at.at), head, shown), [], shown);
    if (!isOpen) return begun;
    const asked: Asked = { request, options: options.slice(0, LIST_ITEMS_MAX) };
    return { ...begun, asked: new Map(begun.asked).set(begun.list.last, asked) };
  });
}

/** The agent took its question back. */
export function withdrawn(state: ThreadParts, request: number): ThreadParts {
  for (const [id, asked] of state.asked) {
    if (asked.request === request) return answered(state, id, { state: 'withdrawn' });
  }
  return state;
}

export function answered(
  state: ThreadParts,
  id: number,
  answer: Extract<PartHead, { kind: 'permission' }>['answer'],
): ThreadParts {
  const part = partAt(state.list, id);
  const asked = new Map(state.asked);
  asked.delete(id);
  if (part?.head.kind !== 'permission') return { ...state, asked };
  return replaced({ ...state, asked }, { ...part, head: { ...part.head, answer } });
}

export function given(option: string, by: PublicKey, at: number) {
  return { state: 'given', option, by, at } as const;
}

/** [TH19] Whatever ends a turn: no card of it is open, no question waits, no thought goes on. */
export function settled(state: ThreadParts, at: number): ThreadParts {
  let next = closed(state, at);
  for (let id = Math.max(1, state.prompt); id <= next.list.last; id++) {
    const part = partAt(next.list, id);
    if (part === undefined) continue;
    const head = settledHead(part.head, at);
    if (head !== part.head) next = replaced(next, { ...part, head });
  }
  return { ...next, asked: new Map() };
}

function settledHead(head: PartHead, at: number): PartHead {
  if (head.kind === 'tool' && (head.status === 'pending' || head.status === 'in_progress')) {
    return stopped(head, at);
  }
  if (head.kind === 'thought' && head.endedAt === null) return { ...head, endedAt: at };
  if (head.kind === 'permission' && head.answer.state === 'open') {
    return { ...head, answer: { state: 'withdrawn' } };
  }
  return head;
}

function stopped(head: ToolHead, at: number): ToolHead {
  return { ...head, status: 'stopped', endedAt: at };
}
