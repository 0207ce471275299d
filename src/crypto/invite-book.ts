// The life of every invite of a session: who holds it, how often its code was tried wrong, when
// it ends. A pure machine; knows no sockets, and proofs only as 'this key has proved this door'.
import type { InviteId, Nameplate, PublicKey } from '../protocol/ids.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import {
  byNameplate,
  EXCHANGE_MS,
  exchangesOf,
  HEARD_STEP_MS,
  INVITE_LIFE_MS,
  INVITES_MAX,
  isLive,
  isSilent,
  WRONG_TRIES_PER_CODE,
  WRONG_TRIES_PER_SESSION,
  type Invite,
  type InviteBook,
  type InviteBookInput,
  type InviteDoor,
  type InviteEffect,
  type InviteFault,
  type InvitePhase,
} from './invite-state.ts';

export {
  codeWords,
  linkSecret,
  newInviteBook,
  type Invite,
  type InviteBook,
  type InviteBookInput,
  type InviteDoor,
  type InviteEffect,
  type InviteFault,
  type InviteNotice,
  type InvitePhase,
} from './invite-state.ts';

type BookStep = Step<InviteBook, InviteEffect>;

export function inviteBook(book: InviteBook, input: InviteBookInput): BookStep {
  switch (input.on) {
    case 'make':
      return make(book, input);
    case 'nameplate':
      return named(book, input.invite, input.nameplate);
    case 'nameplateLost':
      return lost(book, input.nameplate, input.at);
    case 'tryTaken':
      return tryTaken(book, input.nameplate, input.at);
    case 'tryReturned':
      return tryReturned(book, input.nameplate);
    case 'tryWrong':
      return tryWrong(book, byNameplate(book, input.nameplate), input.at);
    case 'proved':
      return proved(book, input.door, input.by, input.at);
    case 'heard':
      return changeHeld(book, input.by, (invite, held) =>
        input.at - held.heardAt < HEARD_STEP_MS
          ? null
          : [{ ...invite, phase: { ...held, heardAt: input.at } }, []],
      );
    case 'admitted': // [IV8] entering by one door closes both
      return changeHeld(book, input.by, (i) => end(i, { phase: 'used', by: input.by }));
    case 'denied':
      return changeHeld(book, input.by, (i) => end(i, { phase: 'denied', by: input.by }));
    case 'close': {
      const invite = book.invites.get(input.id);
      if (invite === undefined || !isLive(invite)) return [book, []];
      return put(book, end(invite, { phase: 'closed' }));
    }
    case 'tick':
      return tick(book, input.at);
    default:
      return unreachable(input);
  }
}

function make(book: InviteBook, input: Extract<InviteBookInput, { on: 'make' }>): BookStep {
  const { on: _, at, ...made } = input;
  const invites = new Map(book.invites);
  for (const [id, invite] of invites) {
    if (invites.size < INVITES_MAX) break;
    if (!isLive(invite) && invite.exchange.phase === 'none') invites.delete(id);
  }
  if (invites.size >= INVITES_MAX) {
    return [book, [{ do: 'notice', fault: 'invite.tooMany', at }]];
  }
  invites.set(made.id, {
    ...made,
    nameplate: null,
    madeAt: at,
    expiresAt: at + INVITE_LIFE_MS,
    wrongTries: 0,
    exchange: { phase: 'none' },
    phase: { phase: 'open' },
  });
  // [IV11] Making one turns codes on again; tries that still run may yet be wrong.
  return [{ invites, wrongTries: exchangesOf(book) }, []];
}

/** A nameplate that comes too late for its invite goes straight back. */
function named(book: InviteBook, id: InviteId, nameplate: Nameplate): BookStep {
  const invite = book.invites.get(id);
  if (invite === undefined || invite.words === null || invite.nameplate !== null) {
    return [book, [{ do: 'dropNameplate', nameplate }]];
  }
  return put(book, [{ ...invite, nameplate }, []]);
}

/** [IV15] Its code leads to someone else: it is closed, its link stays. */
function lost(book: InviteBook, nameplate: Nameplate, at: number): BookStep {
  const invite = byNameplate(book, nameplate);
  if (invite === undefined) return [book, []];
  const [next, effects] = put(book, closeCode(invite));
  const known = invite.words !== null;
  return [next, known ? [...effects, { do: 'notice', fault: 'code.lost', at }] : effects];
}

function tryTaken(book: InviteBook, nameplate: Nameplate, at: number): BookStep {
  const invite = byNameplate(book, nameplate);
  if (invite === undefined || invite.exchange.phase === 'running') return [book, []];
  const taken: Invite = {
    ...invite,
    wrongTries: invite.wrongTries + 1,
    exchange: { phase: 'running', since: at },
  };
  return put({ ...book, wrongTries: book.wrongTries + 1 }, [taken, []]);
}

function tryReturned(book: InviteBook, nameplate: Nameplate): BookStep {
  const invite = byNameplate(book, nameplate);
  if (invite === undefined || invite.exchange.phase === 'none') return [book, []];
  const wrongTries = Math.max(0, book.wrongTries - 1);
  const returned = { ...invite, wrongTries: invite.wrongTries - 1 };
  return put({ ...book, wrongTries }, endExchange(returned));
}

/** [IV9] The try was taken when the reply left; silence leaves it taken. */
function tryWrong(book: InviteBook, invite: Invite | undefined, at: number): BookStep {
  if (invite === undefined || invite.exchange.phase === 'none') return [book, []];
  const closing = invite.wrongTries >= WRONG_TRIES_PER_CODE && invite.words !== null;
  const over = closing ? { ...invite, words: null } : invite;
  const [next, dropped] = put(book, endExchange(over));
  const effects: InviteEffect[] = [{ do: 'notice', fault: 'code.wrong', at }, ...dropped];
  if (closing) effects.push({ do: 'notice', fault: 'code.closed', at });
  if (book.wrongTries - exchangesOf(next) < WRONG_TRIES_PER_SESSION) return [next, effects];
  const open = [...next.invites.values()].filter((other) => other.words !== null);
  const [off, allDropped] = putAll(next, open.map(closeCode));
  return [off, [...effects, ...allDropped, { do: 'notice', fault: 'code.off', at }]];
}

function proved(book: InviteBook, door: InviteDoor, by: PublicKey, at: number): BookStep {
  const invite =
    door.door === 'link' ? book.invites.get(door.invite) : byNameplate(book, door.nameplate);
  const fault = invite === undefined ? 'invite.expired' : refusal(invite, by, at);
  if (invite === undefined || fault !== null) {
    const said = fault ?? 'invite.expired';
    const verdict: InviteEffect = { do: 'verdict', by, ok: false, fault: said };
    // The sharer closed the door on this very key: that is no news.
    if (said === 'invite.denied') return [book, [verdict]];
    return [book, [verdict, { do: 'notice', fault: said, at }]];
  }
  const held: Invite = { ...invite, phase: { phase: 'held', by, heardAt: at } };
  return put(book, [held, [{ do: 'verdict', by, ok: true, invite: invite.id }]]);
}

/** Why this key may not hold this invite now, or null. */
function refusal(invite: Invite, by: PublicKey, at: number): InviteFault | null {
  const { phase } = invite;
  switch (phase.phase) {
    case 'used':
      return 'invite.used';
    case 'denied':
      return phase.by === by ? 'invite.denied' : 'invite.used';
    case 'expired':
    case 'closed':
      return 'invite.expired';
    case 'open':
      return at >= invite.expiresAt ? 'invite.expired' : null;
    case 'held':
      if (at >= invite.expiresAt) return 'invite.expired';
      // [IV6] [IV7]
      return phase.by === by || isSilent(phase.heardAt, at) ? null : 'invite.held';
    default:
      return unreachable(phase);
  }
}

/** [KN9] The invite that this key holds now, or why it does not. */
export function heldInvite(
  book: InviteBook,
  id: InviteId,
  by: PublicKey,
): Result<Invite, InviteFault> {
  const invite = book.invites.get(id);
  if (invite === undefined || invite.phase.phase === 'open') return err('invite.expired');
  if (invite.phase.phase !== 'held') return err(refusal(invite, by, 0) ?? 'invite.expired');
  return invite.phase.by === by ? ok(invite) : err('invite.held');
}

function tick(book: InviteBook, at: number): BookStep {
  let next = book;
  const effects: InviteEffect[] = [];
  for (const { id } of book.invites.values()) {
    for (const pass of [overlong, expire]) {
      const invite = next.invites.get(id);
      if (invite === undefined) continue;
      const [after, more] = pass(next, invite, at);
      next = after;
      effects.push(...more);
    }
  }
  return next === book && effects.length === 0 ? [book, []] : [next, effects];
}

function overlong(book: InviteBook, invite: Invite, at: number): BookStep {
  const { exchange } = invite;
  return exchange.phase === 'running' && at - exchange.since >= EXCHANGE_MS
    ? tryWrong(book, invite, at)
    : [book, []];
}

/** [IV12] A knock waits as long as its link: a holder who is heard outlives the ten minutes. */
function expire(book: InviteBook, invite: Invite, at: number): BookStep {
  if (at < invite.expiresAt || !isLive(invite)) return [book, []];
  const { phase } = invite;
  const waits = phase.phase === 'held' && !isSilent(phase.heardAt, at);
  if (!waits) return put(book, end(invite, { phase: 'expired' }));
  return invite.words === null ? [book, []] : put(book, closeCode(invite));
}

type Change = Step<Invite, InviteEffect>;

function end(invite: Invite, phase: InvitePhase): Change {
  return closeCode({ ...invite, phase });
}

/**
 * [IV10] The nameplate stays until the exchange under it is over: given away sooner, a right
 * confirmation of the old words would count for another invite.
 */
function closeCode(invite: Invite): Change {
  const closed = { ...invite, words: null };
  return invite.exchange.phase === 'running' ? [closed, []] : endExchange(closed);
}

function endExchange(invite: Invite): Change {
  const free: Invite = { ...invite, exchange: { phase: 'none' } };
  if (free.words !== null || free.nameplate === null) return [free, []];
  return [{ ...free, nameplate: null }, [{ do: 'dropNameplate', nameplate: free.nameplate }]];
}

function changeHeld(
  book: InviteBook,
  by: PublicKey,
  change: (invite: Invite, held: Extract<InvitePhase, { phase: 'held' }>) => Change | null,
): BookStep {
  const changes: Change[] = [];
  for (const invite of book.invites.values()) {
    if (invite.phase.phase === 'held' && invite.phase.by === by) {
      const changed = change(invite, invite.phase);
      if (changed !== null) changes.push(changed);
    }
  }
  return putAll(book, changes);
}

function put(book: InviteBook, change: Change): BookStep {
  return putAll(book, [change]);
}

function putAll(book: InviteBook, changes: readonly Change[]): BookStep {
  if (changes.length === 0) return [book, []];
  const invites = new Map(book.invites);
  for (const [invite] of changes) invites.set(invite.id, invite);
  return [{ ...book, invites }, changes.flatMap(([, effects]) => effects)];
}
