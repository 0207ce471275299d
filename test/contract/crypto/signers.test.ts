// One contract for every Ed25519 there is here: the same signatures, and the same refusals.
import { webcrypto } from 'node:crypto';
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import nacl from 'tweetnacl';
import { beforeAll, describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/protocol/bytes.ts';
import type { Signer, Verifier } from '../../../src/protocol/ports.ts';
import {
  isSoundSignature,
  keyCheck,
  nobleSigner,
  nobleVerifier,
} from '../../../src/crypto/ed25519.ts';
import { openBrowserSigner, openBrowserVerifier } from '../../../src/crypto/signer-browser.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { entropyOf } from '../../unit/crypto/people.ts';

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const seed = entropyOf('signer')(32);
const message = utf8('what Alice said');

interface Implementation {
  readonly name: string;
  readonly signer: (seed: Uint8Array) => Promise<Signer>;
  readonly verifier: () => Promise<Verifier>;
}

/** A platform whose WebCrypto gives wrong answers: it must not be taken. */
const lying = {
  importKey: webcrypto.subtle.importKey.bind(webcrypto.subtle),
  sign: () => Promise.resolve(new ArrayBuffer(64)),
  verify: () => Promise.resolve(true),
};
const lenient = {
  importKey: webcrypto.subtle.importKey.bind(webcrypto.subtle),
  sign: webcrypto.subtle.sign.bind(webcrypto.subtle),
  verify: () => Promise.resolve(true),
};
const without = {
  importKey: () => Promise.reject(new Error('NotSupportedError')),
  sign: webcrypto.subtle.sign.bind(webcrypto.subtle),
  verify: webcrypto.subtle.verify.bind(webcrypto.subtle),
};

const IMPLEMENTATIONS: readonly Implementation[] = [
  {
    name: 'noble',
    signer: (s) => Promise.resolve(nobleSigner(s)),
    verifier: () => Promise.resolve(nobleVerifier),
  },
  {
    name: 'node:crypto',
    signer: (s) => Promise.resolve(nodeSigner(s)),
    verifier: () => Promise.resolve(nodeVerifier),
  },
  { name: 'WebCrypto', signer: (s) => openBrowserSigner(s), verifier: () => openBrowserVerifier() },
  ...[
    { name: 'a page with no Ed25519', subtle: without },
    { name: 'a page whose WebCrypto signs wrong', subtle: lying },
    { name: 'a page whose WebCrypto accepts everything', subtle: lenient },
  ].map(({ name, subtle }) => ({
    name,
    signer: (s: Uint8Array) => openBrowserSigner(s, subtle),
    verifier: () => openBrowserVerifier(subtle),
  })),
];

/** R ‖ S for a nonce and a key whose points are given: what a dishonest signer can make. */
function forge(r: bigint, rPoint: Uint8Array, a: bigint, aPoint: Uint8Array): Uint8Array {
  const k = bytesToNumberLE(sha512(concat(rPoint, aPoint, message))) % L;
  return concat(rPoint, numberToBytesLE((r + k * a) % L, 32));
}

/** Signatures and keys that some verifier somewhere accepts, and none of ours may. */
const REFUSED: readonly (readonly [string, Uint8Array, Uint8Array])[] = (() => {
  const { publicKey } = nobleSigner(seed);
  const good = ed25519.sign(message, seed);
  const s = bytesToNumberLE(good.subarray(32));
  const torsion = ED25519_TORSION_SUBGROUP.map((hex) => Point.fromHex(hex));
  const eighth = torsion[1] ?? Point.ZERO;
  const scalar = 123_456_789n;
  const nonce = 987_654_321n;
  const clean = Point.BASE.multiply(scalar);
  const mixed = clean.add(eighth).toBytes();
  const r = Point.BASE.multiply(nonce);
  const identity = Point.ZERO.toBytes();
  const zero = new Uint8Array(32);
  const nonCanonical = hexToBytes(`ee${'ff'.repeat(30)}7f`); // y = p + 1, the identity again
  return [
    ['S + L', publicKey, concat(good.subarray(0, 32), numberToBytesLE(s + L, 32))],
    ['S = L', publicKey, concat(identity, numberToBytesLE(L, 32))],
    ...ED25519_TORSION_SUBGROUP.map(
      (hex, i) => [`a key of small order (${i})`, hexToBytes(hex), concat(identity, zero)] as const,
    ),
    ['the identity encoded otherwise', nonCanonical, concat(identity, zero)],
    // [8]: a verifier that multiplies by the cofactor accepts these two.
    [
      'an R with torsion',
      clean.toBytes(),
      forge(nonce, r.add(eighth).toBytes(), scalar, clean.toBytes()),
    ],
    ['a key with torsion', mixed, forge(nonce, r.toBytes(), scalar, mixed)],
    ['an R of small order', clean.toBytes(), forge(0n, identity, scalar, clean.toBytes())],
    ['one byte short', publicKey, good.subarray(0, 63)],
    ['one byte long', publicKey, concat(good, Uint8Array.of(0))],
    ['empty', publicKey, new Uint8Array(0)],
    ['a key one byte short', publicKey.subarray(0, 31), good],
    ['a key that is no point', new Uint8Array(32).fill(2), good],
  ];
})();

describe.each(IMPLEMENTATIONS)('$name', ({ signer: open, verifier }) => {
  let signer: Signer;
  let verify: Verifier;
  beforeAll(async () => {
    signer = await open(seed);
    verify = await verifier();
  });

  test('[ID3] signs the same bytes as every other', async () => {
    const signature = await signer.sign(message);
    expect(signature).toEqual(ed25519.sign(message, seed));
    expect(signature).toEqual(
      nacl.sign.detached(message, nacl.sign.keyPair.fromSeed(seed).secretKey),
    );
    expect(signer.publicKey).toEqual(ed25519.getPublicKey(seed));
    expect(await signer.sign(new Uint8Array(0))).toEqual(ed25519.sign(new Uint8Array(0), seed));
  });

  test('[ID3] accepts what was signed, and only that', async () => {
    const signature = await signer.sign(message);
    expect(await verify(signer.publicKey, message, signature)).toBe(true);
    expect(await verify(signer.publicKey, utf8('what she did not'), signature)).toBe(false);
    expect(await verify(nobleSigner(entropyOf('x')(32)).publicKey, message, signature)).toBe(false);
    for (const at of [0, 31, 32, 63]) {
      const altered = Uint8Array.from(signature, (byte, i) => (i === at ? byte ^ 1 : byte));
      expect(await verify(signer.publicKey, message, altered)).toBe(false);
    }
  });

  test.each(REFUSED)('[ID4] refuses %s', async (_, publicKey, signature) => {
    expect(await verify(publicKey, message, signature)).toBe(false);
  });
});

test('[ID4] the refused ones are real: some library accepts each kind', () => {
  const accepts = (name: string, by: (key: Uint8Array, signature: Uint8Array) => boolean) =>
    REFUSED.filter(([n]) => n.startsWith(name)).every(([, key, signature]) => by(key, signature));
  const tweet = (key: Uint8Array, s: Uint8Array) => nacl.sign.detached.verify(message, s, key);
  const noble = (key: Uint8Array, s: Uint8Array) =>
    ed25519.verify(s, message, key, { zip215: false });
  const cofactored = (key: Uint8Array, s: Uint8Array) => ed25519.verify(s, message, key);
  expect(accepts('S + L', tweet)).toBe(true);
  expect(accepts('a key of small order', cofactored)).toBe(true);
  expect(accepts('an R with torsion', noble)).toBe(true);
  expect(accepts('a key with torsion', noble)).toBe(true);
  expect(accepts('an R of small order', noble)).toBe(true);
});

test('[ID4] S is below L before any library is asked', () => {
  const r = nobleSigner(seed).publicKey; // any point will do
  const sound = (s: bigint) => isSoundSignature(concat(r, numberToBytesLE(s, 32)));
  expect([0n, 1n, L - 1n].map(sound)).toEqual([true, true, true]);
  expect([L, L + 1n, 2n ** 256n - 1n].map(sound)).toEqual([false, false, false]);
});

test('[ID4] a key check forgets the oldest, not its answers', () => {
  const check = keyCheck();
  const good = nobleSigner(seed).publicKey;
  const bad = hexToBytes(ED25519_TORSION_SUBGROUP[1] ?? '');
  for (let i = 0; i < 300; i++) check(Uint8Array.from({ length: 32 }, (_, at) => (at < 2 ? i : 7)));
  for (let twice = 0; twice < 2; twice++) {
    expect(check(good)).toBe(true);
    expect(check(bad)).toBe(false);
  }
});
