// What two dials say to each other through the sealed channel: a description or a candidate, as
// JSON text. Bytes from outside become one of these or nothing. Knows no WebRTC objects.
import * as v from 'valibot';
import { err, ok, type Result } from '../protocol/result.ts';

/** A description with thirty candidates is 5 KiB. In characters. */
const SIGNAL_CHARS_MAX = 16 * 1024;

const Description = v.object({
  type: v.picklist(['offer', 'answer']),
  sdp: v.string(),
});
const Candidate = v.object({
  type: v.literal('candidate'),
  candidate: v.object({
    /** The empty one means 'no more'; half of the implementations refuse it. */
    candidate: v.pipe(v.string(), v.minLength(1)),
    sdpMLineIndex: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
    sdpMid: v.nullish(v.pipe(v.string(), v.maxLength(3))),
  }),
});
export const RtcSignal = v.union([Description, Candidate]);
export type RtcSignal = v.InferOutput<typeof RtcSignal>;

export function parseRtcSignal(text: string): Result<RtcSignal, 'message.malformed'> {
  if (text.length > SIGNAL_CHARS_MAX) return err('message.malformed');
  try {
    return rtcSignalOf(JSON.parse(text));
  } catch {
    return err('message.malformed');
  }
}

export function rtcSignalOf(value: unknown): Result<RtcSignal, 'message.malformed'> {
  const parsed = v.safeParse(RtcSignal, value);
  return parsed.success ? ok(parsed.output) : err('message.malformed');
}

const FINGERPRINT = /^a=fingerprint:(\S+) (\S+)\s*$/gm;
const SHA256 = /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/;

/**
 * The one DTLS fingerprint of a description, `sha-256 AA:BB:…` (RFC 8122). [LK6] A description
 * that names several is refused: any of them would do for DTLS, and only one is bound.
 */
export function fingerprintOf(sdp: string): Result<string, 'link.binding'> {
  const found = new Set<string>();
  for (const [, algorithm = '', value = ''] of sdp.matchAll(FINGERPRINT)) {
    found.add(`${algorithm.toLowerCase()} ${value.toUpperCase()}`);
  }
  const [only] = found;
  if (only === undefined || found.size > 1) return err('link.binding');
  const [algorithm = '', value = ''] = only.split(' ');
  return algorithm === 'sha-256' && SHA256.test(value) ? ok(only) : err('link.binding');
}
