import { expect, test } from 'vitest';
import { SNAPSHOT_PARTS_MAX, type OpenedFrame } from '../../../src/crdt/frame.ts';
import { NO_PARTS, withPart, type SnapshotParts } from '../../../src/crdt/snapshot-parts.ts';
import { DocumentId, idOf, SessionId } from '../../../src/protocol/ids.ts';
import { SNAPSHOT_BYTES_MAX, SNAPSHOT_PART_BYTES } from '../../../src/protocol/limits.ts';

function part(number: number, parts: number, bytes: number): OpenedFrame {
  return {
    head: {
      session: idOf(SessionId, new Uint8Array(16)),
      epoch: 1,
      n: 1,
      document: idOf(DocumentId, new Uint8Array(16)),
      kind: 'snapshot',
      part: number,
      parts,
      base: [],
      heads: [],
      deflated: false,
      hash: new Uint8Array(32),
    },
    body: new Uint8Array(bytes),
  };
}

test('[FR8] as many parts as there may be, all full, are more than a snapshot may hold', () => {
  let parts: SnapshotParts = NO_PARTS;
  for (let n = 0; n < SNAPSHOT_PARTS_MAX - 1; n++) {
    const next = withPart(parts, part(n, SNAPSHOT_PARTS_MAX, SNAPSHOT_PART_BYTES));
    if (!next.ok) throw new Error(next.fault);
    parts = next.value;
  }
  const room = SNAPSHOT_BYTES_MAX - (SNAPSHOT_PARTS_MAX - 1) * SNAPSHOT_PART_BYTES;
  const last = (bytes: number) =>
    withPart(parts, part(SNAPSHOT_PARTS_MAX - 1, SNAPSHOT_PARTS_MAX, bytes));
  expect(last(room)).toMatchObject({ ok: true, value: { phase: 'all' } });
  expect(last(room + 1)).toEqual({ ok: false, fault: 'message.tooLarge' });
});

test('[FR8] a part holds 48 KiB', () => {
  expect(withPart(NO_PARTS, part(0, 2, SNAPSHOT_PART_BYTES)).ok).toBe(true);
  expect(withPart(NO_PARTS, part(0, 2, SNAPSHOT_PART_BYTES + 1))).toEqual({
    ok: false,
    fault: 'message.tooLarge',
  });
});
