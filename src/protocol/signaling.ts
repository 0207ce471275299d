// What travels over the signaling socket: JSON, one object a message. Payloads between the
// peers are opaque `body` texts. The service decides in signaling/rendezvous.ts.
import * as v from 'valibot';
import { SIGNAL_BYTES_MAX } from './limits.ts';
import { Nameplate, PublicKey, SessionId } from './ids.ts';
import { err, ok, type Result } from './result.ts';

/** One message as text: the largest body and the names around it. All of it is ASCII. */
export const SIGNAL_TEXT_CHARS_MAX = Math.ceil((SIGNAL_BYTES_MAX * 4) / 3) + 256;

/** base64url of at most SIGNAL_BYTES_MAX bytes. */
const Body = v.pipe(
  v.string(),
  v.maxLength(Math.ceil((SIGNAL_BYTES_MAX * 4) / 3)),
  v.regex(/^[\w-]*$/),
);
/** Chosen by the service: one visitor's line to the sharer. */
export const ChannelId = v.pipe(v.string(), v.regex(/^[\w-]{1,22}$/), v.brand('ChannelId'));
export type ChannelId = v.InferOutput<typeof ChannelId>;

/** What a peer says to the service. `relay` and `hangUp` are never answered by `refused`. */
export const ToService = v.variant('type', [
  /** The sharer takes its room; the service answers `challenge`. */
  v.object({ type: v.literal('claim'), key: PublicKey }),
  /** Ed25519 over ('meshell/room/1', nonce), base64url; answered by `held`. */
  v.object({ type: v.literal('prove'), signature: v.pipe(v.string(), v.regex(/^[\w-]{86}$/)) }),
  /** The sharer asks for a nameplate for its room; answered by `nameplate`. */
  v.object({
    type: v.literal('takeNameplate'),
    /** The one it had before the service forgot it: that one, or `refused` with signal.taken. */
    wanted: v.optional(Nameplate),
  }),
  v.object({ type: v.literal('dropNameplate'), nameplate: Nameplate }),
  /** A visitor asks for a line to a room or to whoever holds a nameplate; answered by `open`. */
  v.object({ type: v.literal('join'), room: SessionId }),
  v.object({ type: v.literal('joinNameplate'), nameplate: Nameplate }),
  v.object({ type: v.literal('relay'), channel: ChannelId, body: Body }),
  /** Either end closes a line. */
  v.object({ type: v.literal('hangUp'), channel: ChannelId }),
]);
export type ToService = v.InferOutput<typeof ToService>;

/** What the service says to a peer. */
export const FromService = v.variant('type', [
  v.object({ type: v.literal('challenge'), nonce: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)) }),
  v.object({ type: v.literal('held'), room: SessionId }),
  v.object({ type: v.literal('nameplate'), nameplate: Nameplate }),
  /** To the visitor: the line is open. `room` is where it leads. */
  v.object({ type: v.literal('open'), channel: ChannelId, room: SessionId }),
  /** To the sharer: a visitor's line is open. */
  v.object({ type: v.literal('visitor'), channel: ChannelId }),
  v.object({ type: v.literal('relay'), channel: ChannelId, body: Body }),
  v.object({ type: v.literal('hungUp'), channel: ChannelId }),
  v.object({
    type: v.literal('refused'),
    fault: v.picklist([
      'signal.noRoom',
      'signal.notProven',
      'signal.taken',
      'signal.busy',
      'signal.full',
      'signal.malformed',
    ]),
  }),
]);
export type FromService = v.InferOutput<typeof FromService>;

export function encodeSignaling(message: ToService | FromService): string {
  return JSON.stringify(message);
}

export function decodeToService(text: string): Result<ToService, 'signal.malformed'> {
  return decodeAs(ToService, text);
}

export function decodeFromService(text: string): Result<FromService, 'signal.malformed'> {
  return decodeAs(FromService, text);
}

function decodeAs<S extends v.GenericSchema>(
  schema: S,
  text: string,
): Result<v.InferOutput<S>, 'signal.malformed'> {
  if (text.length > SIGNAL_TEXT_CHARS_MAX) return err('signal.malformed');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err('signal.malformed');
  }
  const parsed = v.safeParse(schema, raw);
  return parsed.success ? ok(parsed.output) : err('signal.malformed');
}
