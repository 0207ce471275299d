// The body of a changes frame: Automerge changes as a CBOR list, deflated where that pays.
// Knows sizes; what the changes say is for Automerge.
import { decodeCbor, encodeCbor } from '../protocol/codec.ts';
import { FRAME_BYTES_MAX } from '../protocol/limits.ts';
import type { Deflate } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { OpenedFrame } from './frame.ts';

/** Below this deflating saves a few hundred bytes at most, beside 250 that a frame costs anyway. */
const DEFLATE_FROM_BYTES = 1024;
/** Changes in one frame. The smallest change is 80 bytes, so 64 KiB hold no more than these. */
const CHANGES_MAX = 1024;

export interface ChangesBody {
  readonly body: Uint8Array;
  readonly deflated: boolean;
}

/** Null where the changes are too many or too large for one frame, also before deflating. */
export function packChanges(
  changes: readonly Uint8Array[],
  deflate: Deflate['deflate'],
): ChangesBody | null {
  const plain = encodeCbor(changes);
  if (changes.length > CHANGES_MAX || plain.length > FRAME_BYTES_MAX) return null;
  if (plain.length <= DEFLATE_FROM_BYTES) return { body: plain, deflated: false };
  const body = deflate(plain);
  return body.length < plain.length ? { body, deflated: true } : { body: plain, deflated: false };
}

/** [FR3] The limit holds while inflating, and again for what came out. */
export function unpackChanges(
  frame: OpenedFrame,
  inflate: Deflate['inflate'],
): Result<Uint8Array[], 'message.tooLarge' | 'frame.malformed'> {
  const plain = frame.head.deflated ? inflate(frame.body, FRAME_BYTES_MAX) : ok(frame.body);
  if (!plain.ok) {
    return err(plain.fault === 'message.tooLarge' ? 'message.tooLarge' : 'frame.malformed');
  }
  const raw = decodeCbor(plain.value);
  if (!raw.ok || !isBytesList(raw.value)) return err('frame.malformed');
  if (raw.value.length === 0 || raw.value.length > CHANGES_MAX) return err('frame.malformed');
  return ok(raw.value);
}

function isBytesList(value: unknown): value is Uint8Array[] {
  return Array.isArray(value) && value.every((one) => one instanceof Uint8Array);
}
