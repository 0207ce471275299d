import { webcrypto } from 'node:crypto';
import { expect, test } from 'vitest';
import { ed25519 } from '@noble/curves/ed25519.js';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openBrowserSigner, openBrowserVerifier } from '../../../src/crypto/signer-browser.ts';

const seed = new Uint8Array(32).fill(7);
const message = utf8('meshell/test/1\0hello');
const { subtle } = webcrypto;
const isAsked = (used: string[]) => ({
  importKey: subtle.importKey.bind(subtle),
  sign: (...args: Parameters<typeof subtle.sign>) => {
    used.push('sign');
    return subtle.sign(...args);
  },
  verify: (...args: Parameters<typeof subtle.verify>) => {
    used.push('verify');
    return subtle.verify(...args);
  },
});

test('[ID5] a WebCrypto that passes the probe signs and verifies', async () => {
  const used: string[] = [];
  const signer = await openBrowserSigner(seed, isAsked(used));
  const verify = await openBrowserVerifier(isAsked(used));
  const probed = used.length;
  const signature = await signer.sign(message);
  expect(await verify(signer.publicKey, message, signature)).toBe(true);
  expect(used.slice(probed)).toEqual(['sign', 'verify']);
});

test.each([
  ['signs other bytes', { sign: () => Promise.resolve(new ArrayBuffer(64)) }],
  ['takes any signature', { verify: () => Promise.resolve(true) }],
  ['takes none', { verify: () => Promise.resolve(false) }],
  ['has no Ed25519', { importKey: () => Promise.reject(new Error('NotSupportedError')) }],
])('[ID5] one that %s is left alone', async (_, fault) => {
  const used: string[] = [];
  const broken = { ...isAsked(used), ...fault };
  const signer = await openBrowserSigner(seed, broken);
  const verify = await openBrowserVerifier(broken);
  const probed = used.length;
  const signature = await signer.sign(message);
  expect(signature).toEqual(ed25519.sign(message, seed));
  expect(await verify(signer.publicKey, message, signature)).toBe(true);
  expect(await verify(signer.publicKey, message, new Uint8Array(64))).toBe(false);
  expect(used.slice(probed)).toEqual([]);
});
