// Ed25519 in a page: WebCrypto where it is there and gives the right bytes, @noble/curves
// elsewhere (plain http has no WebCrypto, and some browsers no Ed25519 in it).
import { hexToBytes } from '@noble/hashes/utils.js';
import { concat, equalBytes } from '../protocol/bytes.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';
import { isSoundSignature, keyCheck, nobleSigner, nobleVerifier, publicKeyOf } from './ed25519.ts';
import { PKCS8_PREFIX } from './key-wrapping.ts';

/** RFC 8032, section 7.1, test 2. */
const PROBE = {
  seed: hexToBytes('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
  message: Uint8Array.of(0x72),
  signature: hexToBytes(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ),
};

/** What there is of WebCrypto; a page on plain http has none. */
type Subtle = Pick<SubtleCrypto, 'importKey' | 'sign' | 'verify'> | undefined;

const platform = (): Subtle => {
  // Typed as always there; on plain http it is not.
  const crypto: { readonly subtle?: SubtleCrypto } = globalThis.crypto;
  return crypto.subtle;
};

export async function openBrowserSigner(
  seed: Uint8Array,
  subtle: Subtle = platform(),
): Promise<Signer> {
  return subtle !== undefined && (await isFit(subtle))
    ? await subtleSigner(subtle, seed)
    : nobleSigner(seed);
}

export async function openBrowserVerifier(subtle: Subtle = platform()): Promise<Verifier> {
  return subtle !== undefined && (await isFit(subtle)) ? subtleVerifier(subtle) : nobleVerifier;
}

/** [ID5] Signs the probe to the published bytes, verifies it, and refuses it altered. */
async function isFit(subtle: NonNullable<Subtle>): Promise<boolean> {
  try {
    const signer = await subtleSigner(subtle, PROBE.seed);
    const verify = subtleVerifier(subtle);
    const altered = Uint8Array.of(0x73);
    return (
      equalBytes(await signer.sign(PROBE.message), PROBE.signature) &&
      (await verify(signer.publicKey, PROBE.message, PROBE.signature)) &&
      !(await verify(signer.publicKey, altered, PROBE.signature))
    );
  } catch {
    return false; // no Ed25519 here: noble signs
  }
}

async function subtleSigner(subtle: NonNullable<Subtle>, seed: Uint8Array): Promise<Signer> {
  const key = await subtle.importKey('pkcs8', own(concat(PKCS8_PREFIX, seed)), 'Ed25519', false, [
    'sign',
  ]);
  return {
    publicKey: publicKeyOf(seed),
    sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', key, own(message))),
  };
}

function subtleVerifier(subtle: NonNullable<Subtle>): Verifier {
  const isSoundKey = keyCheck();
  return async (publicKey, message, signature) => {
    if (!isSoundSignature(signature) || !isSoundKey(publicKey)) return false;
    const key = await subtle.importKey('raw', own(publicKey), 'Ed25519', false, ['verify']);
    return await subtle.verify('Ed25519', key, own(signature), own(message));
  };
}

/** WebCrypto's types want bytes that are surely not shared memory. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
