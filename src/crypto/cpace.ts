// CPace, suite CPACE-RISTR255-SHA512 (draft-irtf-cfrg-cpace-21, sections 6 to 8.3), between an
// initiator and a responder: two people who share two words get a key nobody can guess offline.
// Group, map and hash are @noble's; who plays which role is for the handshake.
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, utf8 } from '../protocol/bytes.ts';
import type { Entropy } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';

const DSI = utf8('CPaceRistretto255');
const DSI_ISK = utf8('CPaceRistretto255_ISK');
/** SHA-512's input block, in bytes. */
const BLOCK_BYTES = 128;

/** What both sides must agree on for their keys to be equal. */
export interface CpaceContext {
  /** The password. */
  readonly prs: Uint8Array;
  /** The channel identifier: between whom, for what. */
  readonly ci: Uint8Array;
  /** Fresh for every exchange. */
  readonly sid: Uint8Array;
}

/** What one side sends: its share, and data that both keys are bound to. */
export interface CpaceMessage {
  /** 32 bytes: an encoded group element. */
  readonly share: Uint8Array;
  readonly ad: Uint8Array;
}

/** One side's secret, from its first message until its key. */
export interface CpaceSecret {
  readonly scalar: bigint;
  readonly share: Uint8Array;
}

/** The draft's G.sample_scalar: 252 random bits. Then Y = y · g. */
export function cpaceStart(context: CpaceContext, entropy: Entropy): CpaceSecret {
  const scalar = bytesToNumberLE(entropy(32)) & ((1n << 252n) - 1n);
  return cpaceShare(context, scalar);
}

export function cpaceShare(context: CpaceContext, scalar: bigint): CpaceSecret {
  return { scalar, share: generator(context).multiply(scalar).toBytes() };
}

/**
 * ISK, 64 bytes. [HS5] 'link.protocol' where the other's share is not the encoding of a group
 * element or leads to the identity; nothing may be sent after that.
 */
export function cpaceKey(
  context: CpaceContext,
  secret: CpaceSecret,
  theirs: Uint8Array,
  initiator: CpaceMessage,
  responder: CpaceMessage,
): Result<Uint8Array, 'link.protocol'> {
  const k = scalarMultVerified(secret.scalar, theirs);
  if (!k.ok) return k;
  const transcript = lvCat(initiator.share, initiator.ad, responder.share, responder.ad);
  return ok(sha512(concat(lvCat(DSI_ISK, context.sid, k.value), transcript)));
}

/** The draft's G.scalar_mult_vfy; its error instead of the identity. */
export function scalarMultVerified(
  scalar: bigint,
  encoded: Uint8Array,
): Result<Uint8Array, 'link.protocol'> {
  try {
    const point = ristretto255.Point.fromBytes(encoded);
    if (point.is0()) return err('link.protocol');
    return ok(point.multiply(scalar).toBytes());
  } catch {
    return err('link.protocol'); // no group element's canonical encoding
  }
}

/** The draft's generator_string: the padding fills the hash's first block whatever the password. */
export function generatorString(context: CpaceContext): Uint8Array {
  const used = prependLength(context.prs).length + prependLength(DSI).length + 1;
  const padding = new Uint8Array(Math.max(0, BLOCK_BYTES - used));
  return lvCat(DSI, context.prs, padding, context.ci, context.sid);
}

export function generator(context: CpaceContext): InstanceType<typeof ristretto255.Point> {
  const point = ristretto255_hasher.deriveToCurve?.(sha512(generatorString(context)));
  if (point === undefined) throw new Error('this @noble/curves has no map for ristretto255');
  return point;
}

/** The draft's lv_cat: each part after its length. */
export function lvCat(...parts: Uint8Array[]): Uint8Array {
  return concat(...parts.map(prependLength));
}

/** The draft's prepend_len: the length in LEB128, then the bytes. */
export function prependLength(bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    length.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return concat(Uint8Array.from(length), bytes);
}
