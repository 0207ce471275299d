// What an agent tells, as parts of its thread: a reducer. Tool calls and permissions are for
// tool-cards.ts, beginnings and ends of turns for thread-turns.ts. Knows no queue and no process.
import { unreachable } from '../protocol/result.ts';
import { HEAD_BYTES_MAX, type Part, type PartHead, type PlanEntry } from '../protocol/thread.ts';
import type { GatedEvent } from './agent-gate.ts';
import { noticeWords } from './notices.ts';
import { partAt } from './part-list.ts';
import {
  added,
  closed,
  interrupted,
  isFull,
  noted,
  notedOnce,
  replaced,
  roomFor,
  shownDetail,
  withText,
  type At,
  type ThreadParts,
} from './parts-state.ts';
import { fitted } from './safe-text.ts';
import { changedOptions, shownMenu, type Offer } from './thread-menu.ts';
import { askedLeave, outputEnded, printed, toolPatched, withdrawn } from './tool-cards.ts';
import { shownLine, shownLines, shownPlan } from './tool-content.ts';
import { usageOf, withCost, withCounted, type CostSeen, type TurnTally } from './turn-tally.ts';

/** A title: in UTF-16 units. */
export const TITLE_CHARS_MAX = 120;

/** What the event makes of the thread. Those that say how a process or a turn ends change nothing here. */
export function threadParts(state: ThreadParts, event: GatedEvent, at: At): ThreadParts {
  switch (event.on) {
    case 'answer':
    case 'thought':
      return said(state, event, at);
    case 'tool': {
      const next = toolPatched(state, event.call, event.patch, at);
      const { plan } = event.patch;
      return plan === undefined ? next : planned(next, 'todo', plan, at);
    }
    case 'output':
      return printed(state, event, at);
    case 'outputEnd':
      return outputEnded(state, event, at);
    case 'plan':
      return planned(state, `plan ${event.plan ?? ''}`, event.entries, at);
    case 'permission':
      return askedLeave(state, event, at);
    case 'permissionGone':
      return withdrawn(state, event.request);
    case 'context':
    case 'counted':
      return counted(state, event);
    case 'title':
      return state.isNamed ? state : titled(state, event.title, at);
    case 'ready': {
      // Streams are counted anew by each process.
      const base = interrupted(state, at.at);
      const again = { ...base, given: { ...base.given, offer: base.given.offer + 1 } };
      const { options, actsAlone } = event;
      return { ...offered(again, { options }, at), actsAlone };
    }
    case 'options':
      return reoffered(state, event, at);
    case 'commands':
      return offered(state, { commands: event.commands }, at);
    case 'notice':
      return roomForNotice(state, at, (s) => noted(s, 'agent.says', event.text, at, event.level));
    case 'compaction':
      return compacted(state, event, at);
    case 'unknown':
      return roomForNotice(state, at, (s) =>
        notedOnce(s, 'agent.unknown', shownLine(event.name, at.mask, 120), at),
      );
    case 'signIn':
    case 'failed':
    case 'turnEnded':
    case 'turnFailed':
    case 'exited':
      return state;
    default:
      return unreachable(event);
  }
}

/** An agent may give notice at any time: that is not late. */
function roomForNotice(
  state: ThreadParts,
  at: At,
  begin: (state: ThreadParts) => ThreadParts,
): ThreadParts {
  return isFull(state) ? notedOnce(state, 'thread.full', '', at) : begin(state);
}

type Said = Extract<GatedEvent, { on: 'answer' | 'thought' }>;

/** [TH1] A piece of an answer or a thought: to its stream's part, or it begins one. */
function said(state: ThreadParts, piece: Said, at: At): ThreadParts {
  const part = partAt(state.list, state.streams.get(piece.stream) ?? 0);
  if (part !== undefined) {
    // What was kept back of what is over already changes none of its times.
    const isRest = piece.ends && state.saying !== part.id;
    return isRest
      ? withText(state, part, piece.text, piece.omitted, at)
      : spoken(state.saying === part.id ? state : closed(state, at.at), part, piece, at);
  }
  const kind = piece.on;
  return roomFor(closed(state, at.at), at, (roomy) => {
    const head: PartHead = kind === 'answer' ? { kind } : { kind, startedAt: at.at, endedAt: null };
    const begun = added(roomy, head);
    const id = begun.list.last;
    const streams = new Map(begun.streams).set(piece.stream, id);
    const own = partAt(begun.list, id);
    return own === undefined ? begun : spoken({ ...begun, streams }, own, piece, at);
  });
}

/** Outside a turn a thought is over as soon as it is told: nobody would end it. */
function spoken(state: ThreadParts, part: Part, piece: Said, at: At): ThreadParts {
  const { head } = part;
  const open = head.kind === 'thought' ? { ...part, head: { ...head, endedAt: null } } : part;
  const next = withText({ ...state, saying: part.id }, open, piece.text, piece.omitted, at);
  return state.turn.is === 'none' ? closed(next, at.at) : next;
}

/** [TH10] Replaced whole, one part a turn; what changes nothing is none. */
function planned(
  state: ThreadParts,
  keeper: string,
  raw: readonly PlanEntry[],
  at: At,
): ThreadParts {
  const line = shownLines(at.mask);
  const entries = fitted((chars) => shownPlan(raw, line, chars), HEAD_BYTES_MAX - 256);
  const shown = lastPlan(state);
  if (JSON.stringify(shown) === JSON.stringify(entries)) return state;
  const own = partAt(state.list, state.plan.part);
  const isOther = own !== undefined && state.plan.keeper !== keeper;
  if (entries.length === 0 && (isOther || shown.length === 0)) return state;
  if (own === undefined) {
    return roomFor(interrupted(state, at.at), at, (roomy) => {
      const begun = added(roomy, { kind: 'plan', entries: [...entries] });
      return { ...begun, plan: { part: begun.list.last, keeper } };
    });
  }
  const isOpen = shown.some((entry) => entry.status !== 'completed');
  const next = replaced(
    { ...state, plan: { part: own.id, keeper }, room: state.room - JSON.stringify(entries).length },
    { ...own, head: { kind: 'plan', entries: [...entries] } },
  );
  return isOther && isOpen ? notedOnce(next, 'plan.other', '', at) : next;
}

function lastPlan(state: ThreadParts): readonly PlanEntry[] {
  for (let id = state.list.last; id > 0; id--) {
    const head = partAt(state.list, id)?.head;
    if (head?.kind === 'plan') return head.entries;
  }
  return [];
}

const COMPACTION = {
  running: 'context.compacting',
  done: 'context.compacted',
  failed: 'context.notCompacted',
} as const;

function compacted(
  state: ThreadParts,
  event: Extract<GatedEvent, { on: 'compaction' }>,
  at: At,
): ThreadParts {
  const code = COMPACTION[event.state];
  const part = partAt(state.list, state.compaction);
  if (part?.head.kind !== 'notice') {
    return roomForNotice(state, at, (roomy) => {
      const next = noted(roomy, code, event.summary, at);
      return { ...next, compaction: event.state === 'running' ? next.list.last : 0 };
    });
  }
  const { level, sentence } = noticeWords(code);
  const text = sentence(shownDetail(event.summary, at.mask));
  const head = { ...part.head, code, level };
  return replaced(
    { ...state, compaction: event.state === 'running' ? part.id : 0 },
    { ...part, head, text },
  );
}

/** [TH11] Counts that come behind a turn's end are still that turn's. */
function tallied(state: ThreadParts, tally: TurnTally, costSeen: CostSeen): ThreadParts {
  const next = { ...state, tally, costSeen };
  const end = partAt(state.list, state.end);
  if (state.turn.is === 'running' || end?.head.kind !== 'end') return next;
  return replaced(next, { ...end, head: { ...end.head, usage: usageOf(tally) } });
}

function counted(
  state: ThreadParts,
  event: Extract<GatedEvent, { on: 'counted' | 'context' }>,
): ThreadParts {
  if (event.on === 'counted') {
    return tallied(state, withCounted(state.tally, event.tokens, event.estimated), state.costSeen);
  }
  const [used, size] = [natural(event.used), natural(event.size)];
  const isSame = state.context?.used === used && state.context.size === size;
  const next = isSame
    ? state
    : {
        ...state,
        context: { used, size },
        given: { ...state.given, context: state.given.context + 1 },
      };
  return event.cost === null
    ? next
    : tallied(next, ...withCost(next.tally, next.costSeen, event.cost));
}

function natural(count: number): number {
  return Number.isFinite(count) ? Math.min(Math.max(0, Math.round(count)), 2 ** 40) : 0;
}

export function titled(state: ThreadParts, title: string, { mask }: At): ThreadParts {
  const shown = shownLine(title, mask, TITLE_CHARS_MAX);
  if (shown === '' || shown === state.title) return state;
  return { ...state, title: shown, given: { ...state.given, title: state.given.title + 1 } };
}

/** [TH38] What became another is said, and whether the agent did it by itself. */
function reoffered(
  state: ThreadParts,
  { options, actsAlone }: Extract<GatedEvent, { on: 'options' }>,
  at: At,
): ThreadParts {
  let next = { ...offered(state, { options }, at), actsAlone };
  for (const { id, value, words } of changedOptions(state.offer.options, options, at.mask)) {
    const code = state.chosen.get(id) === value ? 'option.chosen' : 'option.changed';
    next = roomForNotice(next, at, (roomy) => noted(roomy, code, words, at));
  }
  return next.chosen.size === 0 ? next : { ...next, chosen: new Map() };
}

function offered(state: ThreadParts, more: Partial<Offer>, { mask }: At): ThreadParts {
  const offer = { ...state.offer, ...more };
  if (JSON.stringify(offer) === JSON.stringify(state.offer)) return state;
  const given = { ...state.given, offer: state.given.offer + 1 };
  return { ...state, offer, menu: shownMenu(offer, mask), given };
}
