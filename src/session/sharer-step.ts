// The building stones of the sharer's machine: steps in turn, the invite book's part in them,
// and what is shown to whoever may answer. Decides nothing by itself.
import { inviteBook, type InviteBook, type InviteBookInput } from '../crypto/invite-book.ts';
import type { Fault } from '../protocol/faults.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { ToViewer } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import { may } from './grants.ts';
import type { LinkId, SharerEffect, SharerState } from './sharer-state.ts';

export type SharerStep = Step<SharerState, SharerEffect>;

/** Notices kept for the sharer to read. */
const NOTICES_MAX = 20;
/** Of one kind. */
const NOTICE_EVERY_MS = 10_000;

/** Each step in turn, their effects in order. */
export function chain(
  first: SharerStep,
  ...rest: readonly ((state: SharerState) => SharerStep)[]
): SharerStep {
  let [state, effects] = first;
  for (const step of rest) {
    const [next, more] = step(state);
    state = next;
    effects = [...effects, ...more];
  }
  return [state, effects];
}

/** Feeds the invite book, keeps it, and turns what it asks for into our effects. */
export function turnBook(state: SharerState, input: InviteBookInput): SharerStep {
  const [book, asked] = inviteBook(state.book, input);
  if (book === state.book && asked.length === 0) return [state, []];
  let next: SharerState = { ...state, book, cards: keptCards(state.cards, book) };
  const effects: SharerEffect[] = [];
  if (book !== state.book) effects.push({ do: 'persist', record: { type: 'book', book } });
  for (const effect of asked) {
    switch (effect.do) {
      case 'verdict':
        break; // read by `proved`, which asked for it
      case 'notice':
        next = withNotice(next, effect.fault, effect.at);
        effects.push({ do: 'tell', event: { event: 'fault', fault: effect.fault } });
        break;
      case 'dropNameplate':
        effects.push({ do: 'dropNameplate', nameplate: effect.nameplate });
        break;
      default:
        unreachable(effect);
    }
  }
  return [next, effects];
}

function notice(state: SharerState, fault: Fault, at: number): SharerStep {
  return [withNotice(state, fault, at), [{ do: 'tell', event: { event: 'fault', fault } }]];
}

/** A card is shown for as long as the book knows its invite. */
function keptCards(cards: SharerState['cards'], book: InviteBook): SharerState['cards'] {
  const kept = [...cards].filter(([id]) => book.invites.has(id));
  return kept.length === cards.size ? cards : new Map(kept);
}

/** Told and shown, but what was told of a moment ago: whoever causes it could cause it all day. */
export function noticed(state: SharerState, fault: Fault, at: number): SharerStep {
  const isNews = !state.notices.some((n) => n.fault === fault && at - n.at < NOTICE_EVERY_MS);
  return isNews ? withDesk(notice(state, fault, at)) : [state, []];
}

function withNotice(state: SharerState, fault: Fault, at: number): SharerState {
  return { ...state, notices: [...state.notices, { fault, at }].slice(-NOTICES_MAX) };
}

/** What waits for an answer, to every link that may answer. */
export function showDesk(state: SharerState): SharerStep {
  const message = deskOf(state);
  const effects: SharerEffect[] = [];
  for (const [link, known] of state.links) {
    if (known.phase === 'in' && mayManage(state, known.key, known.owner)) {
      effects.push({ do: 'send', link, message });
    }
  }
  return [state, effects];
}

export function withDesk(step: SharerStep): SharerStep {
  return chain(step, showDesk);
}

/** The desk for one link that has just come in. */
export function deskFor(state: SharerState, link: LinkId): SharerEffect[] {
  const known = state.links.get(link);
  if (known?.phase !== 'in' || !mayManage(state, known.key, known.owner)) return [];
  return [{ do: 'send', link, message: deskOf(state) }];
}

function mayManage(state: SharerState, key: PublicKey, owner: boolean): boolean {
  // The end of a grant is enforced by `tick`, which takes the capability out of the table.
  const grant = state.grants.get(key);
  return owner || (grant !== undefined && may(grant.capabilities, 'manage'));
}

/** Everything that waits for an answer, as those who may answer are shown it. */
export function deskOf(state: SharerState): Extract<ToViewer, { type: 'desk' }> {
  // [KN1] By name: of a key that knocks again the older link may not be gone yet.
  const knocks = new Map(
    [...state.links.values()].flatMap((l) =>
      l.phase === 'knocking' ? [[l.knock.id, l.knock]] : [],
    ),
  );
  const requests = [...state.requests].map(([key, request]) => ({
    key,
    name: nameOf(state, key),
    capabilities: [...request.capabilities],
    at: request.at,
  }));
  const invites = [...state.cards.values()].map((card) => {
    const known = state.book.invites.get(card.id);
    const open = known !== undefined && known.words !== null;
    return {
      ...card,
      state: known?.phase.phase ?? 'expired',
      wrongTries: known?.wrongTries ?? 0,
      code: open ? card.code : null,
      typed: open ? card.typed : null,
    };
  });
  return {
    type: 'desk',
    knocks: [...knocks.values()],
    requests,
    invites,
    notices: [...state.notices],
  };
}

export function nameOf(state: SharerState, key: PublicKey): string {
  return state.profiles.get(key)?.name ?? 'Someone';
}
