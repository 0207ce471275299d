// A sealed stream, and what happens to one that somebody touches.
import { describe, expect, test } from 'vitest';
import { agree, agreementKeyOf, newAgreementKey } from '../../../src/crypto/agreement.ts';
import { redialKeyOf, newRedialKey } from '../../../src/crypto/redial-key.ts';
import { nonceOf, openOpener, openSealer, SEAL_BYTES } from '../../../src/crypto/seal.ts';
import { hexToBytes } from '@noble/hashes/utils.js';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { err, ok } from '../../../src/protocol/result.ts';
import { entropyOf } from './people.ts';

const key = entropyOf('lane')(32);
const texts = ['one', '', 'three'].map(utf8);
const sealed = () => {
  const seal = openSealer(key);
  return texts.map((text) => seal(text));
};

test('[SE1] boxes open in the order they were sealed, each 16 bytes longer', () => {
  const open = openOpener(key);
  for (const [i, box] of sealed().entries()) {
    expect(box.length).toBe((texts[i]?.length ?? 0) + SEAL_BYTES);
    expect(open(box)).toEqual(ok(texts[i]));
  }
});

test('[SE1] the nonce is 16 zero bytes and the counter, big-endian', () => {
  expect(nonceOf(0)).toEqual(new Uint8Array(24));
  expect([...nonceOf(0x0102_0304_05)].slice(16)).toEqual([0, 0, 0, 1, 2, 3, 4, 5]);
  expect([...nonceOf(Number.MAX_SAFE_INTEGER)].slice(16)).toEqual([
    0, 31, 255, 255, 255, 255, 255, 255,
  ]);
  expect(() => nonceOf(2 ** 53)).toThrow('run out');
  expect(() => nonceOf(-1)).toThrow('run out');
});

describe('[SE2] the first box that does not open is the last', () => {
  const [one = key, two = key, three = key] = sealed();
  const foreign = openSealer(entropyOf('another lane')(32))(utf8('one'));
  const flipped = Uint8Array.from(one, (byte, i) => (i === 17 ? byte ^ 1 : byte));
  test.each([
    ['a replay', [one, one]],
    ['a swap', [two, one]],
    ['a gap', [one, three]],
    ['one under another key', [foreign]],
    ['a flipped bit', [flipped]],
    ['a short one', [one.subarray(0, 15)]],
    ['none at all', [new Uint8Array(0)]],
  ])('%s', (_, boxes) => {
    const open = openOpener(key);
    const results = boxes.map((box) => open(box));
    expect(results.at(-1)).toEqual(err('link.binding'));
    for (const box of [one, two, three]) expect(open(box)).toEqual(err('link.binding'));
  });
});

test('[HS4] two keys agree, as in RFC 7748, section 6.1', () => {
  const alice = agreementKeyOf(
    hexToBytes('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
  );
  const bob = agreementKeyOf(
    hexToBytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'),
  );
  const shared = hexToBytes('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742');
  expect(agree(alice.secretKey, bob.publicKey)).toEqual(ok(shared));
  expect(agree(bob.secretKey, alice.publicKey)).toEqual(ok(shared));
});

test('[HS4] points of small order, and what is no key, agree with nobody', () => {
  const own = newAgreementKey(entropyOf('bob'));
  const points = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
  ];
  for (const hex of points) {
    expect(agree(own.secretKey, hexToBytes(hex))).toEqual(err('link.protocol'));
  }
  expect(agree(own.secretKey, new Uint8Array(31))).toEqual(err('link.protocol'));
});

test('a redial key is the same after a restart', () => {
  const made = newRedialKey(entropyOf('redial'));
  expect(redialKeyOf(made.secretKey)).toEqual(made);
});
