// What an invite is, and what may be asked of a book of them. How they change is in invite-book.ts.
import type { Reach, StartChoice } from '../protocol/action.ts';
import type { Capability } from '../protocol/capability.ts';
import type { InviteId, Nameplate, PublicKey } from '../protocol/ids.ts';
import { err, ok, type Result } from '../protocol/result.ts';

/** Long enough to read a code out and type it, short enough to be forgotten safely. */
export const INVITE_LIFE_MS = 10 * 60 * 1000;
/** A holder who reloads is back well before; one who never comes back must not block others. */
export const HOLDER_SILENT_MS = 60 * 1000;
/** How often a sign of life is written down: the book is stored each time it changes. */
export const HEARD_STEP_MS = 5 * 1000;
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
export type Exchange =
  | { readonly phase: 'none' }
  | { readonly phase: 'running'; readonly since: number };

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
  /** Tries taken since the sharer last made an invite: wrong ones, and those that still run. */
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
  /** The service forgot it and someone else has it now. */
  | { readonly on: 'nameplateLost'; readonly nameplate: Nameplate; readonly at: number }
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
  | 'code.lost'
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

export function newInviteBook(): InviteBook {
  return { invites: new Map(), wrongTries: 0 };
}

/** The secret of a link, also of one that has ended, so that its prover can be told so. */
export function linkSecret(book: InviteBook, invite: InviteId): Uint8Array | null {
  return book.invites.get(invite)?.secret ?? null;
}

/**
 * The words of a code that may be tried now. One exchange at a time, and under all codes together
 * no more than there are tries left: each of them may be a wrong guess.
 */
export function codeWords(
  book: InviteBook,
  nameplate: Nameplate,
  at: number,
): Result<string, 'invite.unavailable' | 'join.busy'> {
  const invite = byNameplate(book, nameplate);
  if (invite === undefined || invite.words === null || at >= invite.expiresAt) {
    return err('invite.unavailable');
  }
  const isBusy = invite.exchange.phase === 'running' || book.wrongTries >= WRONG_TRIES_PER_SESSION;
  return isBusy ? err('join.busy') : ok(invite.words);
}

export function isLive(invite: Invite): boolean {
  return invite.phase.phase === 'open' || invite.phase.phase === 'held';
}

/** Whether a holder has been away so long that another may take its place. */
export function isSilent(heardAt: number, at: number): boolean {
  return at - heardAt > HOLDER_SILENT_MS;
}

/** How many visitors are between reply and confirmation. */
export function exchangesOf(book: InviteBook): number {
  return [...book.invites.values()].filter((i) => i.exchange.phase === 'running').length;
}

export function byNameplate(book: InviteBook, nameplate: Nameplate): Invite | undefined {
  for (const invite of book.invites.values()) if (invite.nameplate === nameplate) return invite;
  return undefined;
}

export function liveInvites(book: InviteBook): Invite[] {
  return [...book.invites.values()].filter(isLive);
}

/** By which codes lead to live invites of this reach. */
export function nameplatesAt(book: InviteBook, reach: Reach): Nameplate[] {
  return liveInvites(book).flatMap((invite) =>
    invite.reach === reach && invite.nameplate !== null ? [invite.nameplate] : [],
  );
}
