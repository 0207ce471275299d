// X25519 (RFC 7748) on tweetnacl: key pairs, and the shared secret of two of them. What it is
// mixed into is for the handshake.
import nacl from 'tweetnacl';
import type { Entropy } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';

export interface AgreementKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes, secret. */
  readonly secretKey: Uint8Array;
}

export function newAgreementKey(entropy: Entropy): AgreementKey {
  return agreementKeyOf(entropy(32));
}

export function agreementKeyOf(secretKey: Uint8Array): AgreementKey {
  return { publicKey: nacl.scalarMult.base(secretKey), secretKey };
}

/**
 * The 32 bytes two keys share. [HS4] A public key that leads to zero (a point of small order)
 * is refused: with it anybody would know the result.
 */
export function agree(
  secretKey: Uint8Array,
  publicKey: Uint8Array,
): Result<Uint8Array, 'link.protocol'> {
  if (publicKey.length !== 32) return err('link.protocol');
  const shared = nacl.scalarMult(secretKey, publicKey);
  let any = 0;
  for (const byte of shared) any |= byte;
  return any === 0 ? err('link.protocol') : ok(shared);
}
