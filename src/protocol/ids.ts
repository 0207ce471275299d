// Names of things on the wire: base64url texts of fixed length, branded so that one kind
// cannot stand in for another.
import * as v from 'valibot';
import { fromText, toText } from './bytes.ts';
import type { Result } from './result.ts';

/**
 * [ID6] A text of so many bytes as it is written, in no other way: the bits its last character has
 * left are 0, so that one thing has one name and every name has its bytes.
 */
const BYTES_8 = /^[\w-]{10}[AEIMQUYcgkosw048]$/;
const BYTES_16 = /^[\w-]{21}[AQgw]$/;
const BYTES_32 = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

/** 32 bytes: an Ed25519 public key; who a participant is. */
export const PublicKey = v.pipe(v.string(), v.regex(BYTES_32), v.brand('PublicKey'));
export type PublicKey = v.InferOutput<typeof PublicKey>;

/** 16 bytes: the first half of SHA-256 over the session's public key; also its room's name. */
export const SessionId = v.pipe(v.string(), v.regex(BYTES_16), v.brand('SessionId'));
export type SessionId = v.InferOutput<typeof SessionId>;

/** 16 random bytes: one Automerge document. */
export const DocumentId = v.pipe(v.string(), v.regex(BYTES_16), v.brand('DocumentId'));
export type DocumentId = v.InferOutput<typeof DocumentId>;

/** 8 random bytes: one invite. */
export const InviteId = v.pipe(v.string(), v.regex(BYTES_8), v.brand('InviteId'));
export type InviteId = v.InferOutput<typeof InviteId>;

/** 8 random bytes: one tab or process of a participant. */
export const DeviceId = v.pipe(v.string(), v.regex(BYTES_8), v.brand('DeviceId'));
export type DeviceId = v.InferOutput<typeof DeviceId>;

/** The first 8 bytes of the key that knocks. */
export const KnockId = v.pipe(v.string(), v.regex(BYTES_8), v.brand('KnockId'));
export type KnockId = v.InferOutput<typeof KnockId>;

/** 8 random bytes: one agent conversation. */
export const ThreadId = v.pipe(v.string(), v.regex(BYTES_8), v.brand('ThreadId'));
export type ThreadId = v.InferOutput<typeof ThreadId>;

/** Four digits, more when a tenth are taken: where a typed code is looked up. */
export const Nameplate = v.pipe(v.string(), v.regex(/^\d{4,8}$/), v.brand('Nameplate'));
export type Nameplate = v.InferOutput<typeof Nameplate>;

/** A name from bytes of the right length; a wrong length is a bug. */
export function idOf<S extends v.GenericSchema<string, string>>(
  schema: S,
  bytes: Uint8Array,
): v.InferOutput<S> {
  return v.parse(schema, toText(bytes));
}

export function idBytes(id: string): Uint8Array {
  const bytes: Result<Uint8Array> = fromText(id);
  if (!bytes.ok) throw new Error('not an id');
  return bytes.value;
}
