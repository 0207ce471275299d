// The grant: the sharer's signed statement of what one participant may do, and from where it
// sees. Its signing is in crypto/grant.ts, its life in session/.
import * as v from 'valibot';
import { Capabilities } from './capability.ts';
import { Bytes } from './codec.ts';
import { PublicKey, SessionId } from './ids.ts';

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));

export const Grant = v.object({
  session: SessionId,
  /** Counts up per subject; the highest wins. */
  number: v.pipe(Natural, v.minValue(1)),
  to: PublicKey,
  /** The number of the first block this participant may have. */
  start: Natural,
  capabilities: Capabilities,
  /** When it was written, ms since 1970. */
  at: Natural,
});
export type Grant = v.InferOutput<typeof Grant>;

export const SignedGrant = v.object({
  /** CBOR of a Grant: exactly the bytes that were signed. */
  grant: v.pipe(Bytes, v.maxLength(1024)),
  signature: v.pipe(Bytes, v.length(64)),
});
export type SignedGrant = v.InferOutput<typeof SignedGrant>;
