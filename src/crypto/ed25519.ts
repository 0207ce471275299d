// Ed25519 (RFC 8032) on @noble/curves, where it must be synchronous or nothing else is at hand,
// and the checks that make every other implementation refuse exactly what this one refuses.
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { numberToBytesLE } from '@noble/curves/utils.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { toText } from '../protocol/bytes.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';

export const SEED_BYTES = 32;
export const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** The group's order L; a signature whose S is not below it is malleated (RFC 8032, 5.1.7). */
const ORDER = numberToBytesLE(ed25519.Point.Fn.ORDER, 32);
const SMALL_ORDER: ReadonlySet<string> = new Set(ED25519_TORSION_SUBGROUP);
/** Keys remembered as checked: a session has at most 50 participants, and a check costs 1 ms. */
const KEYS_REMEMBERED_MAX = 256;

export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(seed);
}

/** 64 bytes over `message`, which begins with its domain tag. */
export function sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, seed);
}

/** True only for a canonical signature by a sound key. Never throws, whatever came. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return (
    isSoundSignature(signature) &&
    isSoundKey(publicKey) &&
    ed25519.verify(signature, message, publicKey, { zip215: false }) &&
    // noble multiplies by the cofactor before it compares, others do not: with R and the key
    // free of torsion the two ways agree.
    isTorsionFree(signature.subarray(0, 32))
  );
}

/**
 * Length, S < L, and an R that is not of small order. [ID4] Costs nothing; what is left of a
 * malleated signature no verifier sees.
 */
export function isSoundSignature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  if (SMALL_ORDER.has(bytesToHex(signature.subarray(0, 32)))) return false;
  return isBelowOrder(signature.subarray(32));
}

/** Little-endian bytes compared from the top: every key that is typed passes here. */
function isBelowOrder(scalar: Uint8Array): boolean {
  for (let i = ORDER.length - 1; i >= 0; i--) {
    const [ours = 0, most = 0] = [scalar[i], ORDER[i]];
    if (ours !== most) return ours < most;
  }
  return false;
}

/** A canonically encoded point of the prime-order group, and not its identity. About 1 ms. */
export function isSoundKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES) return false;
  return !SMALL_ORDER.has(bytesToHex(publicKey)) && isTorsionFree(publicKey);
}

/** `isSoundKey` that remembers its answers for the keys it has seen last. */
export function keyCheck(): (publicKey: Uint8Array) => boolean {
  const seen = new Map<string, boolean>();
  return (publicKey) => {
    if (publicKey.length !== PUBLIC_KEY_BYTES) return false;
    const name = toText(publicKey);
    const known = seen.get(name);
    if (known !== undefined) return known;
    const sound = isSoundKey(publicKey);
    if (seen.size >= KEYS_REMEMBERED_MAX) {
      for (const oldest of seen.keys()) {
        seen.delete(oldest);
        break;
      }
    }
    seen.set(name, sound);
    return sound;
  };
}

export function nobleSigner(seed: Uint8Array): Signer {
  return {
    publicKey: publicKeyOf(seed),
    sign: (message) => Promise.resolve(sign(seed, message)),
  };
}

export const nobleVerifier: Verifier = (publicKey, message, signature) =>
  Promise.resolve(verify(publicKey, message, signature));

function isTorsionFree(point: Uint8Array): boolean {
  try {
    return ed25519.Point.fromBytes(point, false).isTorsionFree();
  } catch {
    return false; // not the encoding of a point
  }
}
