// CBOR (RFC 8949), deterministic, as strict as the library allows. Bytes become a plain value
// or the fault; what the value means is for the schemas.
import { decode, encode } from 'cborg';
import * as v from 'valibot';
import { err, ok, type Result } from './result.ts';

/** A byte string, whatever buffer it lies in: v.instance would ask for an ArrayBuffer of its own. */
export const Bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** Deterministic: the same value always gives the same bytes, so they can be signed. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value);
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
} as const;

export function decodeCbor(bytes: Uint8Array): Result<unknown, 'message.malformed'> {
  try {
    return ok(decode(bytes, STRICT));
  } catch {
    return err('message.malformed');
  }
}
