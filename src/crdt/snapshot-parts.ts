// The parts of one snapshot, put together in order. Knows sizes and that parts belong together;
// what the whole holds is for Automerge.
import { concat } from '../protocol/bytes.ts';
import { SNAPSHOT_BYTES_MAX, SNAPSHOT_PART_BYTES } from '../protocol/limits.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { FrameHead, OpenedFrame } from './frame.ts';
import { sameHeads } from './heads.ts';

export type SnapshotParts =
  | { readonly phase: 'none' }
  | {
      readonly phase: 'some' | 'all';
      readonly head: FrameHead;
      readonly bodies: readonly Uint8Array[];
      readonly bytes: number;
    };

export const NO_PARTS: SnapshotParts = { phase: 'none' };

/** [FR8] Part 0 begins anew; every other must be the next of the same snapshot. */
export function withPart(
  parts: SnapshotParts,
  { head, body }: OpenedFrame,
): Result<SnapshotParts, 'frame.outOfOrder' | 'message.tooLarge'> {
  if (body.length > SNAPSHOT_PART_BYTES) return err('message.tooLarge');
  const before = head.part === 0 ? { bodies: [], bytes: 0 } : followed(parts, head);
  if (before === null) return err('frame.outOfOrder');
  const bytes = before.bytes + body.length;
  if (bytes > SNAPSHOT_BYTES_MAX) return err('message.tooLarge');
  const bodies = [...before.bodies, body];
  return ok({ phase: bodies.length === head.parts ? 'all' : 'some', head, bodies, bytes });
}

export function partsBytes(parts: SnapshotParts): number {
  return parts.phase === 'none' ? 0 : parts.bytes;
}

export function wholeOf(parts: Extract<SnapshotParts, { phase: 'some' | 'all' }>): Uint8Array {
  return concat(...parts.bodies);
}

function followed(
  parts: SnapshotParts,
  head: FrameHead,
): { readonly bodies: readonly Uint8Array[]; readonly bytes: number } | null {
  if (parts.phase !== 'some') return null;
  const isNext =
    head.part === parts.bodies.length &&
    head.parts === parts.head.parts &&
    head.epoch === parts.head.epoch &&
    head.n === parts.head.n &&
    sameHeads(head.heads, parts.head.heads);
  return isNext ? parts : null;
}
