// What is left when both sides have proved themselves: sealed negotiation, then the keys of the
// link. Knows nothing of how they proved it, nor of what is negotiated.
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeCbor } from '../protocol/codec.ts';
import {
  decodeNegotiation,
  encodeNegotiation,
  type Door,
  type HandshakeMessage,
  type Negotiation,
} from '../protocol/handshake.ts';
import type { PublicKey, SessionId } from '../protocol/ids.ts';
import type { Lane } from '../protocol/message.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { checkWords } from './check-words.ts';
import { open, seal } from './seal.ts';
import { TAGS, tagged } from './tags.ts';
import { keyFor, nextRoot, provenHash, type Root } from './transcript.ts';

export type Role = 'viewer' | 'sharer';

export interface Proven {
  /** Ours. */
  readonly role: Role;
  readonly door: Door;
  readonly session: SessionId;
  readonly sessionKey: PublicKey;
  readonly viewer: PublicKey;
  /** The sharer's long-term X25519 public key, 32 bytes. */
  readonly redialKey: Uint8Array;
  /** Secret. */
  readonly root: Root;
  readonly hash: Uint8Array;
  /** Negotiation messages so far. */
  readonly sent: number;
  readonly received: number;
}

/** DTLS fingerprints of the descriptions in use, as 'sha-256 AA:BB:…', the hex in capitals. */
export interface ChannelBinding {
  readonly sharer: string;
  readonly viewer: string;
}

/** 32 bytes for each direction and lane. */
export interface LinkKeys {
  readonly send: Readonly<Record<Lane, Uint8Array>>;
  readonly receive: Readonly<Record<Lane, Uint8Array>>;
  /** Four check words, equal on both sides. */
  readonly words: string;
}

export function proven(
  who: Pick<Proven, 'role' | 'door' | 'session' | 'sessionKey' | 'viewer' | 'redialKey'>,
  opening: Uint8Array,
  root: Root,
): Proven {
  const hash = provenHash(opening, who.viewer, who.sessionKey, who.redialKey);
  return { ...who, root: nextRoot(root, hash), hash, sent: 0, received: 0 };
}

/** [HS9] A counter and a key for each direction: what is replayed, late or reflected fails. */
export function sealNegotiation(
  state: Proven,
  negotiation: Negotiation,
): readonly [HandshakeMessage, Proven] {
  const key = keyFor(state.root, `negotiation/${state.role}`);
  const box = seal(key, state.sent, encodeNegotiation(negotiation));
  return [
    { type: 'sealed', box },
    { ...state, sent: state.sent + 1 },
  ];
}

export function openNegotiation(
  state: Proven,
  message: HandshakeMessage,
): Result<readonly [Negotiation, Proven], 'link.protocol'> {
  if (message.type !== 'sealed') return err('link.protocol');
  const key = keyFor(state.root, `negotiation/${otherRole(state.role)}`);
  const plain = open(key, state.received, message.box);
  if (!plain.ok) return err('link.protocol');
  const negotiation = decodeNegotiation(plain.value);
  if (!negotiation.ok) return err('link.protocol');
  return ok([negotiation.value, { ...state, received: state.received + 1 }]);
}

/**
 * [HS10] The link's keys. With `binding` they hold only for a channel that ends at the two who
 * made it: with any other fingerprint the first sealed message does not open. null where the
 * channel itself has no keys, and everything on it is sealed.
 */
export function linkKeys(state: Proven, binding: ChannelBinding | null): LinkKeys {
  const channel = encodeCbor(binding === null ? null : [binding.sharer, binding.viewer]);
  const root = nextRoot(state.root, sha256(tagged(TAGS.bound, state.hash, channel)));
  return {
    send: laneKeys(root, state.role),
    receive: laneKeys(root, otherRole(state.role)),
    words: checkWords(keyFor(root, 'words')),
  };
}

function laneKeys(root: Root, from: Role): Readonly<Record<Lane, Uint8Array>> {
  const key = (lane: Lane) => keyFor(root, `lane/${from}/${lane}`);
  return {
    control: key('control'),
    screen: key('screen'),
    presence: key('presence'),
    replica: key('replica'),
    history: key('history'),
  };
}

function otherRole(role: Role): Role {
  return role === 'viewer' ? 'sharer' : 'viewer';
}
