// What a viewer needs of the world: how to reach the sharer, where to keep its membership, the
// replica's engine. Rims bring these; a simulation brings its own.
import type { Identity } from '../crypto/identity.ts';
import type { Replica } from '../crdt/replica.ts';
import type { Entrance, Reaching } from '../peer/reach.ts';
import type { DeviceId, PublicKey, SessionId } from '../protocol/ids.ts';
import type { Clock, Random, Signer, Verifier } from '../protocol/ports.ts';
import type { Result } from '../protocol/result.ts';

/** What proves that one belongs to a session: kept so that a reload comes back by key. */
export interface Membership {
  readonly session: SessionId;
  readonly sessionKey: PublicKey;
  /** The sharer's long-term X25519 key, 32 bytes. */
  readonly redialKey: Uint8Array;
  readonly name: string;
  readonly hue: number;
}

export interface ViewerPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly identity: Identity;
  readonly signer: Signer;
  readonly verify: Verifier;
  /** One per tab or process. */
  readonly device: DeviceId;
  /** `step` is called as the attempt gets further. */
  readonly reach: (entrance: Entrance, step: (now: 'proving' | 'connecting') => void) => Reaching;
  /** Loads the replica's engine, once, when the first frame is due. */
  readonly openReplica: (sessionKey: PublicKey) => Promise<Replica>;
  /** Raw deflate, refused past `bytesMax`. */
  readonly inflate: (bytes: Uint8Array, bytesMax: number) => Result<Uint8Array>;
  /** Keeps the membership, or forgets it. */
  readonly remember: (membership: Membership | null) => void;
}
