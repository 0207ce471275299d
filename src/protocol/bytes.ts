// Bytes and their texts: joining, comparing, base64url, UTF-8. No meaning, no sizes.
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { base64urlnopad } from '@scure/base';
import { err, ok, type Result } from './result.ts';

export const concat: (...parts: Uint8Array[]) => Uint8Array = concatBytes;

/** UTF-8 bytes of a text. */
export const utf8: (text: string) => Uint8Array = utf8ToBytes;

/** Equal in length and content; the time taken depends on the length alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

/** base64url without padding (RFC 4648 section 5). */
export function toText(bytes: Uint8Array): string {
  return base64urlnopad.encode(bytes);
}

export function fromText(text: string): Result<Uint8Array, 'bytes.malformed'> {
  try {
    return ok(base64urlnopad.decode(text));
  } catch {
    return err('bytes.malformed');
  }
}
