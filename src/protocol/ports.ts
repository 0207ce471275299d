// What the pure part asks of the world: time, chance, key material, signatures. Each comes
// in by the door, from a composition root; a test brings its own.
import type { Result } from './result.ts';

export interface Clock {
  /** Wall time in ms since 1970. */
  readonly now: () => number;
  /** Monotonic time in ms; never goes back. */
  readonly monotonic: () => number;
  /** Calls `wake` once after `afterMs`. The returned function cancels it. */
  readonly after: (afterMs: number, wake: () => void) => () => void;
}

/** A number in [0, 1): for jitter only, never for secrets. */
export type Random = () => number;

/** `count` bytes fit to be a key. */
export type Entropy = (count: number) => Uint8Array;

/** Ed25519 (RFC 8032), bound to one secret key. */
export interface Signer {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes over `message`, which begins with its domain tag. */
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>;
}

/** True only for a canonical Ed25519 signature (S < L, no ZIP-215 leniency). */
export type Verifier = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;

/** Raw DEFLATE (RFC 1951). */
export interface Deflate {
  readonly deflate: (bytes: Uint8Array) => Uint8Array;
  /** Stops at `bytesMax` while inflating: no more than a piece beyond it is ever in memory. */
  readonly inflate: (
    bytes: Uint8Array,
    bytesMax: number,
  ) => Result<Uint8Array, 'message.tooLarge' | 'message.malformed'>;
}
