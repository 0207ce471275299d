// The life of every invite of a session: who holds it, how often its code was tried wrong, when
// it ends. A pure machine; knows no sockets, and proofs only as 'this key has proved this door'.
import type { Reach, StartChoice } from '../protocol/action.ts';
import type { Capability } from '../protocol/capability.ts';
import type { InviteId, Nameplate, PublicKey } from '../protocol/ids.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';

/** Long enough to read a code out and type it, short enough to be forgotten safely. */
export const INVITE_LIFE_MS = 10 * 60 * 1000;
/** A holder who reloads is back well before; one who never comes back must not block others. */
export const HOLDER_SILENT_MS = 60 * 1000;
/** How often a sign of life is written down: the book is stored each time it changes. */
const HEARD_STEP_MS = 5 * 1000;
/** A confirmation follows the reply by itself; past this the visitor hung up on a wrong guess. */
export const EXCHANGE_MS = 10 * 1000;
/** Each try guesses one of 2^22 codes. */
export const WRONG_TRIES_PER_CODE = 3;
export const WRONG_TRIES_PER_SESSION = 10;
/** Kept so that a latecomer is told 'used'; as many as the sharer's list shows. */
export const INVITES_MAX = 64;

export type InvitePhase =
  | { readonly phase: 'open' }
  /** `heardAt`: the holder's last sign of life, ms since 1970. */
  | { readonly phase: 'held'; readonly by: PublicKey; readonly heardAt: number }
  | { readonly phase: 'used'; readonly by: PublicKey }
  | { readonly phase: 'denied'; readonly by: PublicKey }
  | { readonly phase: 'expired' }
  | { readonly phase: 'closed' };

/** Whether a visitor is between reply and confirmation by the code. */
type Exchange = { readonly phase: 'none' } | { readonly phase: 'running'; readonly since: number };

export interface Invite {
  readonly id: InviteId;
  /** 16 bytes. */
  readonly secret: Uint8Array;
  /** null: there is no code, or it is closed. */
  readonly words: string | null;
  /** null until the rendezvous gave one, and after it was given back. */
  readonly nameplate: Nameplate | null;
  readonly capabilities: readonly Capability[];
  readonly start: StartChoice;
  readonly reach: Reach;
  /** ms since 1970. */
  readonly madeAt: number;
  readonly expiresAt: number;
  readonly wrongTries: number;
  readonly exchange: Exchange;
  readonly phase: InvitePhase;
}

export interface InviteBook {
  /** In the order they were made. */
  readonly invites: ReadonlyMap<InviteId, Invite>;
  /** Wrong codes since the sharer last made an invite. */
  readonly wrongTries: number;
}

/** By which invite someone came, as the handshake's hello says it. */
export type InviteDoor =
  | { readonly door: 'link'; readonly invite: InviteId }
  | { readonly door: 'code'; readonly nameplate: Nameplate };

/** `at` is ms since 1970. */
export type InviteBookInput =
  | {
      readonly on: 'make';
      readonly id: InviteId;
      readonly secret: Uint8Array;
      readonly words: string | null;
      readonly capabilities: readonly Capability[];
      readonly start: StartChoice;
      readonly reach: Reach;
      readonly at: number;
    }
  | { readonly on: 'nameplate'; readonly invite: InviteId; readonly nameplate: Nameplate }
  /** The handshake's three words on a code: the reply left, a right confirmation came, none did. */
  | { readonly on: 'tryTaken'; readonly nameplate: Nameplate; readonly at: number }
  | { readonly on: 'tryReturned'; readonly nameplate: Nameplate; readonly at: number }
  | { readonly on: 'tryWrong'; readonly nameplate: Nameplate; readonly at: number }
  | {
      readonly on: 'proved';
      readonly door: InviteDoor;
      readonly by: PublicKey;
      readonly at: number;
    }
  | { readonly on: 'heard'; readonly by: PublicKey; readonly at: number }
  | { readonly on: 'admitted'; readonly by: PublicKey }
  | { readonly on: 'denied'; readonly by: PublicKey }
  | { readonly on: 'close'; readonly id: InviteId }
  | { readonly on: 'tick'; readonly at: number };

export type InviteFault = 'invite.used' | 'invite.held' | 'invite.expired' | 'invite.denied';
export type InviteNotice =
  | InviteFault
  | 'code.wrong'
  | 'code.closed'
  | 'code.off'
  | 'invite.tooMany';

export type InviteEffect =
  | { readonly do: 'verdict'; readonly by: PublicKey; readonly ok: true; readonly invite: InviteId }
  | {
      readonly do: 'verdict';
      readonly by: PublicKey;
      readonly ok: false;
      readonly fault: InviteFault;
    }
  /** For the sharer, in the fault's `theirs` words. */
  | { readonly do: 'notice'; readonly fault: InviteNotice; readonly at: number }
  | { readonly do: 'dropNameplate'; readonly nameplate: Nameplate };

type BookStep = Step<InviteBook, InviteEffect>;

export function newInviteBook(): InviteBook {
  return { invites: new Map(), wrongTries: 0 };
}

/** The secret of a link, also of one that has ended, so that its prover can be told so. */
export function linkSecret(book: InviteBook, invite: InviteId): Uint8Array | null {
  return book.invites.get(invite)?.secret ?? null;
}

/** The words of a code that may be tried now. One exchange at a time. */
export function codeWords(
  book: InviteBook,
  nameplate: Nameplate,
  at: number,
): Result<string, 'invite.unavailable' | 'join.busy'> {
  const invite = byNameplate(book, nameplate);
  if (invite === undefined || invite.words === null || at >= invite.expiresAt) {
    return err('invite.unavailable');
  }
  return invite.exchange.phase === 'running' ? err('join.busy') : ok(invite.words);
}

export function inviteBook(book: InviteBook, input: InviteBookInput): BookStep {
  switch (input.on) {
    case 'make':
      return make(book, input);
    case 'nameplate':
      return named(book, input.invite, input.nameplate);
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
  // [IV11] Making one turns codes on again.
  return [{ invites, wrongTries: 0 }, []];
}

/** A nameplate that comes too late for its invite goes straight back. */
function named(book: InviteBook, id: InviteId, nameplate: Nameplate): BookStep {
  const invite = book.invites.get(id);
  if (invite === undefined || invite.words === null || invite.nameplate !== null) {
    return [book, [{ do: 'dropNameplate', nameplate }]];
  }
  return put(book, [{ ...invite, nameplate }, []]);
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
  if (book.wrongTries < WRONG_TRIES_PER_SESSION) return [next, effects];
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

function isSilent(heardAt: number, at: number): boolean {
  return at - heardAt > HOLDER_SILENT_MS;
}

function isLive(invite: Invite): boolean {
  return invite.phase.phase === 'open' || invite.phase.phase === 'held';
}

function byNameplate(book: InviteBook, nameplate: Nameplate): Invite | undefined {
  for (const invite of book.invites.values()) if (invite.nameplate === nameplate) return invite;
  return undefined;
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
