// CPace against its draft's vectors; vectors/cpace.json names their place in it.
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import {
  cpaceKey,
  cpaceShare,
  cpaceStart,
  generator,
  generatorString,
  prependLength,
  scalarMultVerified,
} from '../../../src/crypto/cpace.ts';
import { err } from '../../../src/protocol/result.ts';
import { entropyOf } from '../../unit/crypto/people.ts';
import vectors from '../cpace.json' with { type: 'json' };

const context = {
  prs: hexToBytes(vectors.PRS),
  ci: hexToBytes(vectors.CI),
  sid: hexToBytes(vectors.sid),
};
const scalar = (hex: string) => bytesToNumberLE(hexToBytes(hex));
const a = { share: hexToBytes(vectors.Ya), ad: hexToBytes(vectors.ADa) };
const b = { share: hexToBytes(vectors.Yb), ad: hexToBytes(vectors.ADb) };

test('[HS5] lengths go before parts in LEB128', () => {
  for (const [part = '', whole] of vectors.prependLength) {
    expect(bytesToHex(prependLength(hexToBytes(part)))).toBe(whole);
  }
  const long = new Uint8Array(128);
  expect(prependLength(long.subarray(0, 127)).subarray(0, 1)).toEqual(Uint8Array.of(0x7f));
  expect(prependLength(long).subarray(0, 2)).toEqual(Uint8Array.of(0x80, 0x01));
});

test('[HS5] the generator string, and the generator of it', () => {
  expect(bytesToHex(generatorString(context))).toBe(vectors.generatorString);
  expect(generator(context).toHex()).toBe(vectors.g);
});

test('[HS5] both shares', () => {
  expect(bytesToHex(cpaceShare(context, scalar(vectors.ya)).share)).toBe(vectors.Ya);
  expect(bytesToHex(cpaceShare(context, scalar(vectors.yb)).share)).toBe(vectors.Yb);
});

test('[HS5] the secret point, and the key of initiator and responder, from either side', () => {
  for (const [own, theirs] of [
    [vectors.ya, b.share],
    [vectors.yb, a.share],
  ] as const) {
    const k = scalarMultVerified(scalar(own), theirs);
    expect(k.ok && bytesToHex(k.value)).toBe(vectors.K);
    const isk = cpaceKey(context, cpaceShare(context, scalar(own)), theirs, a, b);
    expect(isk.ok && bytesToHex(isk.value)).toBe(vectors.ISK_IR);
  }
});

test('[HS5] a valid multiplication; what is no group element and the identity are refused', () => {
  const { s, X, sX } = vectors.scalarMult;
  const product = scalarMultVerified(scalar(s), hexToBytes(X));
  expect(product.ok && bytesToHex(product.value)).toBe(sX);
  for (const hex of vectors.invalid) {
    const point = hexToBytes(hex);
    expect(scalarMultVerified(scalar(s), point)).toEqual(err('link.protocol'));
    const own = cpaceShare(context, scalar(vectors.ya));
    expect(cpaceKey(context, own, point, a, { ...b, share: point })).toEqual(err('link.protocol'));
  }
  for (const length of [0, 31, 33]) {
    expect(scalarMultVerified(scalar(s), new Uint8Array(length))).toEqual(err('link.protocol'));
  }
});

test('[HS5] other words, channel, session or data: another key', () => {
  const alice = cpaceStart(context, entropyOf('ya'));
  const key = (changed: Partial<typeof context>, ad = b.ad) => {
    const bobs = cpaceStart({ ...context, ...changed }, entropyOf('yb'));
    const [one, two] = [
      { share: alice.share, ad: a.ad },
      { share: bobs.share, ad },
    ];
    const atAlice = cpaceKey(context, alice, bobs.share, one, { ...two, ad: b.ad });
    const atBob = cpaceKey({ ...context, ...changed }, bobs, alice.share, one, two);
    if (!atAlice.ok || !atBob.ok) throw new Error('no key');
    return bytesToHex(atAlice.value) === bytesToHex(atBob.value);
  };
  expect(key({})).toBe(true);
  expect(key({ prs: Uint8Array.of(1) })).toBe(false);
  expect(key({ ci: Uint8Array.of(1) })).toBe(false);
  expect(key({ sid: Uint8Array.of(1) })).toBe(false);
  expect(key({}, Uint8Array.of(1))).toBe(false);
});
