// The sharer's machine: everything that is decided about participants, in one function of state
// and input. It owns the roster, the grants, the invites' life, the knocks and who may act; it
// knows no sockets, no terminal and no documents.
//
// Invariants: a link is 'in' only after an admission or with a live grant; nothing a viewer
// sends changes another's grant but through `manage`; a record is asked to be kept before the
// effect that depends on it.
import { unreachable } from '../protocol/result.ts';
import { lapsed } from './grants.ts';
import { no, outcome } from './sharer-action.ts';
import { actOn, order } from './sharer-actions.ts';
import { closeSilent, linked, lost, message, proved } from './sharer-doors.ts';
import { closeUngranted, endShare, writeGrant } from './sharer-grants.ts';
import { chain, noticed, showDesk, turnBook, withDesk, type SharerStep } from './sharer-step.ts';
import type { SharerInput, SharerState } from './sharer-state.ts';
import { isShared } from './sharer-view.ts';

/** A share ends by itself after this long, so that nothing stays open because it was forgotten. */
const SHARE_MS = 8 * 60 * 60 * 1000;
/** Time to say good-bye, or to invite those who are to stay once more. */
const WARNED_MS = 10 * 60 * 1000;

export function sharer(state: SharerState, input: SharerInput): SharerStep {
  switch (input.on) {
    case 'proved':
      return proved(state, input);
    case 'linked':
      return linked(state, input);
    case 'message':
      return message(state, input);
    case 'action':
      return actOn(state, input);
    case 'order':
      return order(state, input);
    case 'outcome':
      return outcome(state, input.actor, input.outcome);
    case 'lost':
      return lost(state, input.link);
    case 'book':
      return withDesk(turnBook(state, input.input));
    case 'inviteMade':
      return made(state, input);
    case 'cards': {
      const cards = new Map(state.cards);
      for (const card of input.cards) cards.set(card.id, card);
      return showDesk({ ...state, cards });
    }
    case 'notice':
      return noticed(state, input.fault, input.at);
    case 'block':
      return [{ ...state, nextBlock: input.next }, []];
    case 'tick':
      return tick(state, input.at);
    default:
      return unreachable(input);
  }
}

/** [IV13] The host has made it; the book has the last word. */
function made(state: SharerState, input: Extract<SharerInput, { on: 'inviteMade' }>): SharerStep {
  const { actor, card } = input;
  return chain(
    turnBook(state, input.input),
    (s) => {
      if (!s.book.invites.has(card.id)) return no(s, actor, 'invite.tooMany');
      const cards = new Map(s.cards).set(card.id, card);
      const endsAt = s.endsAt ?? card.expiresAt + SHARE_MS;
      const endIsTold = s.endsAt !== null && s.endIsTold;
      return outcome({ ...s, cards, endsAt, endIsTold }, actor, { ok: true, invite: card });
    },
    showDesk,
  );
}

/** Once a second: end times, invites that run out, the end of the share. */
function tick(state: SharerState, at: number): SharerStep {
  let step: SharerStep = [state, []];
  // [IV7] A link that stands is a sign of life of whoever holds the invite.
  for (const link of state.links.values()) {
    if (link.phase !== 'in') {
      step = chain(step, (s) => turnBook(s, { on: 'heard', by: link.key, at }));
    }
  }
  step = chain(
    step,
    (s) => turnBook(s, { on: 'tick', at }),
    (s) => closeSilent(s, at),
  );
  const ended = lapsed(step[0].grants, at);
  for (const grant of ended) {
    step = chain(step, (s) => writeGrant(s, grant));
  }
  if (ended.length > 0) {
    step = chain(step, (s) => [s, [{ do: 'roster' }]], closeUngranted);
  }
  step = chain(step, (s) => nearEnd(s, at));
  return step[1].length > 0 || step[0] !== state ? withDesk(step) : step;
}

/** [CP7] [CP10] The end, what is said before it, and that what nobody is in any more has none. */
function nearEnd(state: SharerState, at: number): SharerStep {
  const { endsAt } = state;
  if (endsAt === null) return [state, []];
  if (at >= endsAt) return endShare({ ...state, endIsTold: false }, 'share.expired');
  if (!isShared(state)) return [{ ...state, endsAt: null, endIsTold: false }, []];
  if (at < endsAt - WARNED_MS || state.endIsTold) return [state, []];
  return noticed({ ...state, endIsTold: true }, 'share.endsSoon', at);
}
