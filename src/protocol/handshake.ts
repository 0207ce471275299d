// The handshake's messages: four in a fixed order, then sealed ones. CBOR, at most
// SIGNAL_BYTES_MAX. Their meaning and states are in crypto/handshake.ts, the law in PROTOCOL.md.
import * as v from 'valibot';
import { Bytes, decodeCbor, encodeCbor } from './codec.ts';
import { InviteId, Nameplate, SessionId } from './ids.ts';
import { SIGNAL_BYTES_MAX } from './limits.ts';
import { err, ok, type Result } from './result.ts';

const Bytes32 = v.pipe(Bytes, v.length(32));
const Box = v.pipe(Bytes, v.maxLength(SIGNAL_BYTES_MAX));

/** By which secret the two prove themselves to each other. */
export const DOORS = ['link', 'code', 'app', 'redial'] as const;
export const Door = v.picklist(DOORS);
export type Door = v.InferOutput<typeof Door>;

const Version = v.pipe(v.number(), v.integer(), v.minValue(0));

export const HandshakeMessage = v.variant('type', [
  /** Viewer → sharer. `share` is CPace's Ya, for the code door only. */
  v.object({
    type: v.literal('hello'),
    version: Version,
    by: v.variant('door', [
      v.object({ door: v.literal('link'), invite: InviteId }),
      v.object({ door: v.literal('code'), nameplate: Nameplate, share: Bytes32 }),
      v.object({ door: v.literal('app') }),
      v.object({ door: v.literal('redial'), session: SessionId }),
    ]),
    ephemeral: Bytes32,
  }),
  /** Sharer → viewer. `share` is CPace's Yb, for the code door only. */
  v.object({ type: v.literal('reply'), ephemeral: Bytes32, share: v.optional(Bytes32) }),
  /** Viewer → sharer: its identity and signature, sealed. Opening it is the confirmation. */
  v.object({ type: v.literal('confirm'), box: Box }),
  /** Sharer → viewer: the session's identity and signature, sealed. Only after a right confirm. */
  v.object({ type: v.literal('welcome'), box: Box }),
  /** Either way, after welcome: an offer, an answer, a candidate. */
  v.object({ type: v.literal('sealed'), box: Box }),
  /** Sharer → viewer: no. One word for everything a stranger must not tell apart. */
  v.object({
    type: v.literal('refused'),
    fault: v.picklist(['invite.unavailable', 'code.wrong', 'peer.version', 'join.busy']),
  }),
]);
export type HandshakeMessage = v.InferOutput<typeof HandshakeMessage>;

/** As many servers as a viewer asks on a sharer's word. */
export const STUN_TOLD_MAX = 4;
const StunUrl = v.pipe(v.string(), v.maxLength(300), v.regex(/^stuns?:[\w.[\]:-]+$/));

/** What `sealed` holds: the WebRTC negotiation, or a refusal only the prover may read. */
export const Negotiation = v.variant('type', [
  v.object({
    type: v.literal('signal'),
    attempt: v.pipe(v.number(), v.integer()),
    data: v.string(),
    /** [LK28] With the sharer's first: the STUN servers that the viewer asks. */
    ice: v.optional(v.pipe(v.array(StunUrl), v.maxLength(STUN_TOLD_MAX))),
  }),
  /** Viewer → sharer: that attempt failed, offer again. */
  v.object({ type: v.literal('again'), attempt: v.pipe(v.number(), v.integer()) }),
  v.object({
    type: v.literal('no'),
    fault: v.picklist([
      'invite.used',
      'invite.expired',
      'invite.denied',
      'invite.held',
      'grant.none',
    ]),
  }),
]);
export type Negotiation = v.InferOutput<typeof Negotiation>;

export function encodeHandshake(message: HandshakeMessage): Uint8Array {
  return encodeCbor(message);
}

export function decodeHandshake(
  bytes: Uint8Array,
): Result<HandshakeMessage, 'message.tooLarge' | 'message.malformed'> {
  return decodeAs(HandshakeMessage, bytes);
}

export function encodeNegotiation(message: Negotiation): Uint8Array {
  return encodeCbor(message);
}

export function decodeNegotiation(
  bytes: Uint8Array,
): Result<Negotiation, 'message.tooLarge' | 'message.malformed'> {
  return decodeAs(Negotiation, bytes);
}

function decodeAs<S extends v.GenericSchema>(
  schema: S,
  bytes: Uint8Array,
): Result<v.InferOutput<S>, 'message.tooLarge' | 'message.malformed'> {
  if (bytes.length > SIGNAL_BYTES_MAX) return err('message.tooLarge');
  const raw = decodeCbor(bytes);
  if (!raw.ok) return raw;
  const parsed = v.safeParse(schema, raw.value);
  return parsed.success ? ok(parsed.output) : err('message.malformed');
}
