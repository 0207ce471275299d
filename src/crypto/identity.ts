// Who a participant or a session is: an Ed25519 key made from 32 random bytes. Where the seed
// is kept is for the rims.
import { sha256 } from '@noble/hashes/sha2.js';
import { toText } from '../protocol/bytes.ts';
import { idOf, PublicKey, SessionId } from '../protocol/ids.ts';
import type { Entropy } from '../protocol/ports.ts';
import { publicKeyOf, SEED_BYTES } from './ed25519.ts';
import * as v from 'valibot';

export interface Identity {
  /** 32 bytes, secret. */
  readonly seed: Uint8Array;
  readonly publicKey: PublicKey;
  /** The 32 bytes of `publicKey`. */
  readonly publicBytes: Uint8Array;
}

export function newIdentity(entropy: Entropy): Identity {
  return identityOf(entropy(SEED_BYTES));
}

/** The identity of a seed that was kept. A seed that is not 32 bytes is a bug. */
export function identityOf(seed: Uint8Array): Identity {
  if (seed.length !== SEED_BYTES) throw new Error(`a seed is 32 bytes, not ${seed.length}`);
  const publicBytes = publicKeyOf(seed);
  return { seed, publicKey: v.parse(PublicKey, toText(publicBytes)), publicBytes };
}

/** [ID1] A session's name, and its room's: the first 16 bytes of SHA-256 over its public key. */
export function sessionIdOf(publicBytes: Uint8Array): SessionId {
  return idOf(SessionId, sha256(publicBytes).subarray(0, 16));
}
