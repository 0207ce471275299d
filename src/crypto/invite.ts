// The two forms of an invite, to and from text: the link and the typed code. What an invite
// allows and how long it lives is for the invite book; who it leads to, for the handshake.
import * as v from 'valibot';
import { concat, fromText, toText } from '../protocol/bytes.ts';
import { parsePlace, type HostPlace } from '../protocol/host-place.ts';
import { idBytes, idOf, InviteId, Nameplate, SessionId } from '../protocol/ids.ts';
import type { Entropy } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { isWord, wordsOf } from './words.ts';

export const LINK_SECRET_BYTES = 16;
/** A link is about 90 characters; what is longer than this nobody was given. */
const INVITE_CHARS_MAX = 512;

export type ParsedInvite =
  | {
      readonly kind: 'link';
      /** Where the page is, without a slash at its end; null where only the fragment was given. */
      readonly origin: string | null;
      readonly invite: InviteId;
      readonly secret: Uint8Array;
      readonly session: SessionId;
    }
  | {
      readonly kind: 'code';
      readonly nameplate: Nameplate;
      /** Two words with a dash between, in small letters. */
      readonly words: string;
      /** Where it was said to be. */
      readonly at: HostPlace | null;
    };

/** Reads what a person pasted or typed. */
export function parseInvite(text: string): Result<ParsedInvite, 'invite.malformed'> {
  if (text.length > INVITE_CHARS_MAX) return err('invite.malformed');
  const trimmed = text.trim();
  return trimmed.includes('#') || trimmed.startsWith('m1.')
    ? parseLink(trimmed)
    : parseCode(trimmed.toLowerCase());
}

/** [IV1] origin ‖ '/#m1.' ‖ base64url(invite 8 ‖ secret 16 ‖ session 16). */
export function formatLink(link: {
  readonly origin: string;
  readonly invite: InviteId;
  readonly secret: Uint8Array;
  readonly session: SessionId;
}): string {
  const bytes = concat(idBytes(link.invite), link.secret, idBytes(link.session));
  return `${link.origin}/#m1.${toText(bytes)}`;
}

/** [IV2] 4271-apple-tiger. */
export function formatCode(nameplate: Nameplate, words: string): string {
  return `${nameplate}-${words}`;
}

/** [IV3] Two words of 2,048, each equally likely: 22 bits. */
export function newWords(entropy: Entropy): string {
  return wordsOf(entropy(3), 2).join('-');
}

function parseLink(text: string): Result<ParsedInvite, 'invite.malformed'> {
  const match = /^(?:(https?:\/\/[^\s/?#@\\]+(?:\/[\w.~%-]+)*)\/?)?#?m1\.([\w-]{54})$/iu.exec(text);
  if (match === null) return err('invite.malformed');
  const [, origin, fragment] = match;
  const bytes = fromText(fragment ?? '');
  if (!bytes.ok || bytes.value.length !== 40) return err('invite.malformed');
  return ok({
    kind: 'link',
    origin: origin === undefined ? null : origin,
    invite: idOf(InviteId, bytes.value.slice(0, 8)),
    secret: bytes.value.slice(8, 24),
    session: idOf(SessionId, bytes.value.slice(24, 40)),
  });
}

function parseCode(text: string): Result<ParsedInvite, 'invite.malformed'> {
  // People type blanks for dashes, and telephones make longer dashes of two.
  const match = /^(\d{4,8})[\s_–—-]+([a-z]+)[\s_–—-]+([a-z]+)(?:\s*@\s*(\S+))?$/u.exec(text);
  if (match === null) return err('invite.malformed');
  const [, digits, first = '', second = '', place] = match;
  const nameplate = v.safeParse(Nameplate, digits);
  if (!nameplate.success || !isWord(first) || !isWord(second)) return err('invite.malformed');
  const at = place === undefined ? ok(null) : parsePlace(place);
  if (!at.ok) return at;
  return ok({
    kind: 'code',
    nameplate: nameplate.output,
    words: `${first}-${second}`,
    at: at.value,
  });
}
