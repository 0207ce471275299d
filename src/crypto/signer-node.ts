// Ed25519 by node:crypto: 20 to 60 times faster than JavaScript, the same bytes. Node only.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { concat } from '../protocol/bytes.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';
import { isSoundKey, isSoundSignature, PUBLIC_KEY_BYTES, publicKeyOf } from './ed25519.ts';
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

/** Keys kept ready, the oldest giving way: to check and make one costs more than to verify with it. */
const READY_KEYS_MAX = 256;
const ready = new Map<string, KeyObject | 'unsound'>();

/** OpenSSL accepts keys of small order: those are refused before it is asked. */
function readyKey(publicKey: Uint8Array): KeyObject | 'unsound' {
  const name = Buffer.from(publicKey).toString('latin1');
  const known = ready.get(name);
  if (known !== undefined) return known;
  const key = isSoundKey(publicKey) ? keyOf(publicKey) : 'unsound';
  const [oldest] = ready.keys();
  if (ready.size >= READY_KEYS_MAX && oldest !== undefined) ready.delete(oldest);
  ready.set(name, key);
  return key;
}

function keyOf(publicKey: Uint8Array): KeyObject {
  return createPublicKey({
    key: Buffer.from(concat(SPKI_PREFIX, publicKey)),
    format: 'der',
    type: 'spki',
  });
}

export const nodeVerifier: Verifier = (publicKey, message, signature) => {
  if (publicKey.length !== PUBLIC_KEY_BYTES || !isSoundSignature(signature)) {
    return Promise.resolve(false);
  }
  const key = readyKey(publicKey);
  return Promise.resolve(key !== 'unsound' && verify(null, message, key, signature));
};
