// Signing a grant and opening a signed one. What grants mean, and which one holds, is for session/.
import * as v from 'valibot';
import { decodeCbor, encodeCbor } from '../protocol/codec.ts';
import { Grant, type SignedGrant } from '../protocol/grant.ts';
import type { Signer, Verifier } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { sessionIdOf } from './identity.ts';
import { TAGS, tagged } from './tags.ts';

/** [GR1] The session's signature over ('meshell/grant/1', 00, CBOR of the grant). */
export async function signGrant(grant: Grant, session: Signer): Promise<SignedGrant> {
  const bytes = encodeCbor(grant);
  return { grant: bytes, signature: await session.sign(tagged(TAGS.grant, bytes)) };
}

/** The grant, if the session of these 32 public bytes signed it and it is for that session. */
export async function openGrant(
  signed: SignedGrant,
  session: Uint8Array,
  verify: Verifier,
): Promise<Result<Grant, 'frame.badSignature' | 'frame.malformed'>> {
  // [GR2] The signature before the first byte is decoded.
  if (!(await verify(session, tagged(TAGS.grant, signed.grant), signed.signature))) {
    return err('frame.badSignature');
  }
  const raw = decodeCbor(signed.grant);
  if (!raw.ok) return err('frame.malformed');
  const parsed = v.safeParse(Grant, raw.value);
  if (!parsed.success) return err('frame.malformed');
  return parsed.output.session === sessionIdOf(session)
    ? ok(parsed.output)
    : err('frame.malformed');
}
