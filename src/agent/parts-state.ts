// The parts of a conversation and what is kept beside them while they grow; how one is begun, grown
// and ended. Which event does that is for thread-parts.ts and tool-cards.ts.
import type { PublicKey } from '../protocol/ids.ts';
import {
  PART_TEXT_CHARS_MAX,
  type AgentMenu,
  type Part,
  type PartHead,
  type PermissionOption,
  type ThreadHead,
} from '../protocol/thread.ts';
import type { HeldStream } from './agent-speech.ts';
import { firstWords } from './cut-words.ts';
import { noticeWords, type AgentNotice, type NoticeLevel } from './notices.ts';
import { NO_PARTS, partAt, withPart, type PartList } from './part-list.ts';
import { cutLine, safeText, wholeEnd } from './safe-text.ts';
import { NO_MENU, NO_OFFER, type Offer } from './thread-menu.ts';
import type { Mask } from './tool-content.ts';
import { NO_TALLY, type CostSeen, type TurnTally } from './turn-tally.ts';
import { NO_WHOLES, withoutWhole, withTextWhole, type Wholes } from './wholes.ts';

/** Parts in one thread: past it a new one is the better reader's choice. */
export const THREAD_PARTS_MAX = 10_000;
/** Text and contents that one thread may take in all, in UTF-16 units: what its documents grow by. */
const THREAD_CHARS_MAX = 16 * 1024 * 1024;
/** The agent's own name of a call: longer ones are told apart by their beginning. In UTF-16 units. */
export const CALL_CHARS_MAX = 1024;
/** A notice's text: an agent's own, or the last lines of one that ended. In UTF-16 units. */
export const NOTICE_CHARS_MAX = 8 * 1024;

/** A question that waits for an answer: its name for the agent, and the options in its own words. */
export interface Asked {
  readonly request: number;
  readonly options: readonly PermissionOption[];
}

export interface ThreadParts {
  readonly list: PartList;
  /** Of what it shows cut. */
  readonly wholes: Wholes;
  /** How many have begun. */
  readonly turns: number;
  readonly turn:
    | { readonly is: 'none' }
    | { readonly is: 'running'; readonly by: PublicKey | null; readonly since: number };
  /** The newest turn's prompt; 0 while there is none. */
  readonly prompt: number;
  /** The text that is being said, by its part's id; 0 while none is. */
  readonly saying: number;
  /** Parts of answers and thoughts that more may come to, by the gate's streams. */
  readonly streams: ReadonlyMap<number, number>;
  /** Cards by the agent's name of the call: this turn's, and the one's before. */
  readonly calls: ReadonlyMap<string, number>;
  readonly callsBefore: ReadonlyMap<string, number>;
  /** Permissions that wait, by their part's id. */
  readonly asked: ReadonlyMap<number, Asked>;
  /** This turn's plan and who keeps it; part 0 while it has none. */
  readonly plan: { readonly part: number; readonly keeper: string };
  /** The notice of a compaction that runs; 0 while none does. */
  readonly compaction: number;
  readonly tally: TurnTally;
  readonly costSeen: CostSeen;
  /** The newest turn's end; 0 while it has none. */
  readonly end: number;
  /** Notices that stand once in a turn, and this turn has. */
  readonly noted: ReadonlySet<string>;
  /** UTF-16 units that may still come. */
  readonly room: number;
  /** What the agent lets one choose: in its own words, and as it is shown. */
  readonly offer: Offer;
  readonly menu: AgentMenu;
  /** Values that a person asked for and the agent has not yet named, by option. */
  readonly chosen: ReadonlyMap<string, string>;
  readonly title: string;
  /** A person's title stays. */
  readonly isNamed: boolean;
  readonly actsAlone: boolean;
  readonly context: ThreadHead['context'];
  /** How often each was given: whoever came later may not have what was given before. */
  readonly given: { readonly title: number; readonly offer: number; readonly context: number };
}

export const EMPTY_PARTS: ThreadParts = {
  list: NO_PARTS,
  wholes: NO_WHOLES,
  turns: 0,
  turn: { is: 'none' },
  prompt: 0,
  saying: 0,
  streams: new Map(),
  calls: new Map(),
  callsBefore: new Map(),
  asked: new Map(),
  plan: { part: 0, keeper: '' },
  compaction: 0,
  tally: NO_TALLY,
  costSeen: 'nothing',
  end: 0,
  noted: new Set(),
  room: THREAD_CHARS_MAX,
  offer: NO_OFFER,
  menu: NO_MENU,
  chosen: new Map(),
  title: '',
  isNamed: false,
  actsAlone: false,
  context: null,
  given: { title: 0, offer: 0, context: 0 },
};

/** What the reducer takes at each step besides its state. */
export interface At {
  readonly at: number;
  readonly mask: Mask;
}

type Content = Partial<Pick<Part, 'text' | 'contents'>>;

/** A part behind all others: of the running turn, or of none. */
export function added(state: ThreadParts, head: PartHead, content: Content = {}): ThreadParts {
  const id = state.list.last + 1;
  const turn = state.turn.is === 'running' ? state.turns : 0;
  const { text = '', contents = [] } = content;
  const part = { id, turn, head, text, omitted: 0, contents };
  const room = state.room - text.length - charsOf(contents);
  return { ...state, list: withPart(state.list, part), room };
}

export function charsOf(contents: Part['contents']): number {
  let chars = 0;
  for (const content of contents) {
    if (content.type === 'text' || content.type === 'input') chars += content.text.length;
    if (content.type === 'diff') chars += content.newText.length + (content.oldText?.length ?? 0);
  }
  return chars;
}

export function replaced(state: ThreadParts, part: Part): ThreadParts {
  return { ...state, list: withPart(state.list, part) };
}

/** Nothing more of it can be kept: what comes is counted, and no part begins but an end. */
export function isFull(state: ThreadParts): boolean {
  return state.room <= 0 || state.list.last >= THREAD_PARTS_MAX;
}

/** [TH8] What the thread says in its own voice. `detail` comes from outside. */
export function noted(
  state: ThreadParts,
  code: AgentNotice,
  detail: string,
  { at, mask }: At,
  level: NoticeLevel = noticeWords(code).level,
): ThreadParts {
  const text = noticeWords(code).sentence(shownDetail(detail, mask));
  return added(interrupted(state, at), { kind: 'notice', level, code, at }, { text });
}

/** [TH13] Masked before it is cut; what is far behind the cut is not even looked at. */
export function shownDetail(detail: string, mask: Mask): string {
  const masked = mask(safeText(firstWords(detail, 4 * NOTICE_CHARS_MAX))).trim();
  return cutLine(masked, NOTICE_CHARS_MAX);
}

/** The same once in a turn. */
export function notedOnce(
  state: ThreadParts,
  code: AgentNotice,
  detail: string,
  at: At,
): ThreadParts {
  const key = `${code} ${detail}`;
  if (state.noted.has(key)) return state;
  const next = noted(state, code, detail, at);
  return { ...next, noted: new Set(next.noted).add(key) };
}

/** The same about what is being said, which goes on: else each new part would be as long again. */
function aside(state: ThreadParts, code: AgentNotice, at: At): ThreadParts {
  const { saying, streams } = state;
  const next = notedOnce({ ...state, saying: 0, streams: new Map() }, code, '', at);
  return { ...next, saying, streams };
}

/** [TH9] Where a part may begin. Outside a turn it has come late; a full thread takes none. */
export function roomFor(
  state: ThreadParts,
  at: At,
  begin: (state: ThreadParts) => ThreadParts,
): ThreadParts {
  const isLate = state.turn.is === 'none' && state.turns > 0;
  const before = isLate ? notedOnce(state, 'agent.late', '', at) : state;
  return isFull(before) ? notedOnce(before, 'thread.full', '', at) : begin(before);
}

/** [TH2] The text that was being said is over; a thought gets its end. */
export function closed(state: ThreadParts, at: number): ThreadParts {
  if (state.saying === 0) return state;
  const part = partAt(state.list, state.saying);
  const next = { ...state, saying: 0 };
  if (part?.head.kind !== 'thought' || part.head.endedAt !== null) return next;
  return replaced(next, { ...part, head: { ...part.head, endedAt: at } });
}

/** Behind what is not speech nothing that was said before goes on. */
export function interrupted(state: ThreadParts, at: number): ThreadParts {
  const next = closed(state, at);
  return next.streams.size === 0 ? next : { ...next, streams: new Map() };
}

/** [TR6] Likewise, but what is kept back of a stream still comes to a part that stands here. */
export function divided(state: ThreadParts, held: readonly HeldStream[], at: number): ThreadParts {
  let next = interrupted(state, at);
  for (const { on, stream } of held) {
    const known = state.streams.get(stream);
    if (known === undefined && isFull(next)) continue;
    const head: PartHead =
      on === 'answer' ? { kind: on } : { kind: on, startedAt: at, endedAt: at };
    if (known === undefined) next = added(next, head);
    next = { ...next, streams: new Map(next.streams).set(stream, known ?? next.list.last) };
  }
  return next;
}

/**
 * [TH3] Text behind a part's text, up to what a part and the thread may hold: the rest is counted,
 * with what was `left` out before.
 */
export function withText(
  state: ThreadParts,
  part: Part,
  more: string,
  left: number,
  at: At,
): ThreadParts {
  const space = Math.max(0, Math.min(PART_TEXT_CHARS_MAX - part.text.length, state.room));
  const taken = part.omitted > 0 ? 0 : more.length <= space ? more.length : wholeEnd(more, space);
  const omitted = part.omitted + more.length - taken + left;
  const text = part.text + more.slice(0, taken);
  const wholes = wholesWith(state.wholes, part, more, left, omitted);
  const next = { ...state, wholes, room: state.room - taken };
  const grown = replaced(next, { ...part, text, omitted });
  if (omitted === 0 || part.omitted > 0) return grown;
  return aside(grown, isFull(grown) ? 'thread.full' : 'text.cut', at);
}

function wholesWith(
  wholes: Wholes,
  part: Part,
  more: string,
  left: number,
  omitted: number,
): Wholes {
  if (left > 0) return withoutWhole(wholes, part.id);
  return omitted === 0 ? wholes : withTextWhole(wholes, part, more);
}

/** The last part with what it shows. */
export function withContents(state: ThreadParts, contents: Part['contents']): ThreadParts {
  const part = partAt(state.list, state.list.last);
  return part === undefined || contents.length === 0
    ? state
    : replaced(state, { ...part, contents });
}
