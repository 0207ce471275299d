// Ed25519 by node:crypto: 20 to 60 times faster than JavaScript, the same bytes. Node only.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { concat, toText } from '../protocol/bytes.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';
import { isSoundSignature, keyCheck, publicKeyOf } from './ed25519.ts';
import { PKCS8_PREFIX, SPKI_PREFIX } from './key-wrapping.ts';

export function nodeSigner(seed: Uint8Array): Signer {
  const key = createPrivateKey({
    key: Buffer.from(concat(PKCS8_PREFIX, seed)),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    publicKey: publicKeyOf(seed),
    sign: (message) => Promise.resolve(new Uint8Array(sign(null, message, key))),
  };
}

const isSoundKey = keyCheck();

/** Keys kept ready, the oldest giving way: to make one costs as much as to verify with it. */
const READY_KEYS_MAX = 256;
const ready = new Map<string, KeyObject>();

function readyKey(publicKey: Uint8Array): KeyObject {
  const name = toText(publicKey);
  const known = ready.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({
    key: Buffer.from(concat(SPKI_PREFIX, publicKey)),
    format: 'der',
    type: 'spki',
  });
  const [oldest] = ready.keys();
  if (ready.size >= READY_KEYS_MAX && oldest !== undefined) ready.delete(oldest);
  ready.set(name, key);
  return key;
}

/** OpenSSL accepts keys of small order: those are refused before it is asked. */
export const nodeVerifier: Verifier = (publicKey, message, signature) =>
  Promise.resolve(
    isSoundSignature(signature) &&
      isSoundKey(publicKey) &&
      verify(null, message, readyKey(publicKey), signature),
  );
