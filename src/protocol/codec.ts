// CBOR (RFC 8949), deterministic, as strict as the library allows. Bytes become a plain value
// or the fault; what the value means is for the schemas.
import { decode, encode } from 'cborg';
import { err, ok, type Result } from './result.ts';

/** Deterministic: the same value always gives the same bytes, so they can be signed. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value);
}

export function decodeCbor(bytes: Uint8Array): Result<unknown, 'message.malformed'> {
  try {
    return ok(
      decode(bytes, {
        strict: true,
        allowIndefinite: false,
        allowUndefined: false,
        allowInfinity: false,
        allowNaN: false,
        rejectDuplicateMapKeys: true,
      }),
    );
  } catch {
    return err('message.malformed');
  }
}
