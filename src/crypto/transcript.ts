// What both sides of a handshake have said, as one hash, and the keys that follow from it. Who
// says what, and when, is for the two machines.
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../protocol/bytes.ts';
import { encodeCbor } from '../protocol/codec.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { HandshakeMessage } from '../protocol/handshake.ts';
import { idBytes, type PublicKey, type SessionId } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import { lvCat, type CpaceContext } from './cpace.ts';
import { TAGS, tagged } from './tags.ts';

export type Hello = Extract<HandshakeMessage, { type: 'hello' }>;
export type Reply = Extract<HandshakeMessage, { type: 'reply' }>;
/** By which door, and which invite, as the hello says it. */
export type HelloBy = Hello['by'];

/** All keys come from a root: 32 bytes, never used as a key itself. */
export type Root = Uint8Array;

/**
 * [HS2] SHA-256 of ('meshell/hello/1', 00, CBOR of [version, session, door, invite or nameplate
 * or '', viewer's ephemeral, sharer's ephemeral, Ya, Yb]); shares are empty but for the code.
 */
export function openingHash(
  session: SessionId,
  hello: Pick<Hello, 'by' | 'ephemeral'>,
  reply: Pick<Reply, 'ephemeral' | 'share'>,
): Uint8Array {
  const { by } = hello;
  const none = new Uint8Array(0);
  return sha256(
    tagged(
      TAGS.hello,
      encodeCbor([
        PROTOCOL_VERSION,
        session,
        by.door,
        nameOf(by),
        hello.ephemeral,
        reply.ephemeral,
        by.door === 'code' ? by.share : none,
        reply.share ?? none,
      ]),
    ),
  );
}

function nameOf(by: HelloBy): string {
  switch (by.door) {
    case 'link':
      return by.invite;
    case 'code':
      return by.nameplate;
    case 'app':
      return '';
    case 'redial':
      return by.session;
    default:
      return unreachable(by);
  }
}

/** [HS3] K0: from the door's secret and both ephemerals' agreement, salted by the opening. */
export function openingRoot(opening: Uint8Array, secret: Uint8Array, shared: Uint8Array): Root {
  return extract(sha256, concat(secret, shared), opening);
}

/** One key for one purpose: `confirm`, `welcome`, `refusal`, or a direction and a lane. */
export function keyFor(root: Root, purpose: string): Uint8Array {
  return expand(sha256, root, tagged(TAGS.key, utf8(purpose)), 32);
}

/** The opening and who both turned out to be. */
export function provenHash(
  opening: Uint8Array,
  viewer: PublicKey,
  sessionKey: PublicKey,
  redialKey: Uint8Array,
): Uint8Array {
  return sha256(tagged(TAGS.proven, opening, idBytes(viewer), idBytes(sessionKey), redialKey));
}

/** A root that depends on what came before it and on `hash`. */
export function nextRoot(root: Root, hash: Uint8Array): Root {
  return extract(sha256, root, hash);
}

/** What a viewer signs in `confirm`. */
export function viewerStatement(opening: Uint8Array): Uint8Array {
  return tagged(TAGS.viewer, opening);
}

/** What the session signs in `welcome`: the opening, to whom, and the key to come back by. */
export function sharerStatement(
  opening: Uint8Array,
  viewer: Uint8Array,
  redialKey: Uint8Array,
): Uint8Array {
  return tagged(TAGS.sharer, opening, viewer, redialKey);
}

/** [HS5] CPace's inputs: the words, the session and nameplate, the viewer's fresh ephemeral. */
export function cpaceContext(
  session: SessionId,
  nameplate: string,
  words: string,
  viewerEphemeral: Uint8Array,
): CpaceContext {
  return {
    prs: utf8(words),
    ci: tagged(TAGS.code, lvCat(idBytes(session), utf8(nameplate))),
    sid: viewerEphemeral,
  };
}
