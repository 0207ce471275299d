// Names of things on the wire: base64url texts of fixed length, branded so that one kind
// cannot stand in for another.
import * as v from 'valibot';
import { fromText, toText } from './bytes.ts';
import type { Result } from './result.ts';

/** 32 bytes: an Ed25519 public key; who a participant is. */
export const PublicKey = v.pipe(v.string(), v.regex(/^[\w-]{43}$/), v.brand('PublicKey'));
export type PublicKey = v.InferOutput<typeof PublicKey>;

/** 16 bytes: the first half of SHA-256 over the session's public key; also its room's name. */
export const SessionId = v.pipe(v.string(), v.regex(/^[\w-]{22}$/), v.brand('SessionId'));
export type SessionId = v.InferOutput<typeof SessionId>;

/** 16 random bytes: one Automerge document. */
export const DocumentId = v.pipe(v.string(), v.regex(/^[\w-]{22}$/), v.brand('DocumentId'));
export type DocumentId = v.InferOutput<typeof DocumentId>;

/** 8 random bytes: one invite. */
export const InviteId = v.pipe(v.string(), v.regex(/^[\w-]{11}$/), v.brand('InviteId'));
export type InviteId = v.InferOutput<typeof InviteId>;

/** 8 random bytes: one tab or process of a participant. */
export const DeviceId = v.pipe(v.string(), v.regex(/^[\w-]{11}$/), v.brand('DeviceId'));
export type DeviceId = v.InferOutput<typeof DeviceId>;

/** 8 random bytes: one knock. */
export const KnockId = v.pipe(v.string(), v.regex(/^[\w-]{11}$/), v.brand('KnockId'));
export type KnockId = v.InferOutput<typeof KnockId>;

/** 8 random bytes: one agent conversation. */
export const ThreadId = v.pipe(v.string(), v.regex(/^[\w-]{11}$/), v.brand('ThreadId'));
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
