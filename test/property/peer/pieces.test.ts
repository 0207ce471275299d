// Pieces under any interleaving, and under anything a hostile peer may send.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutPiece, LANE_NUMBER, openAssembly, PIECE_HEAD_BYTES } from '../../../src/peer/pieces.ts';
import { PIECE_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { LANES, type Lane } from '../../../src/protocol/message.ts';
import { loops } from '../../soak/loops.ts';

const MESSAGE_BYTES_MAX = 40 * 1024;

const anyMessage = fc
  .tuple(fc.nat(MESSAGE_BYTES_MAX), fc.nat(255))
  .map(([size, fill]) => new Uint8Array(size).fill(fill));

function cut(lane: Lane, message: Uint8Array, pieceBytesMax: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  do {
    const { piece, end } = cutPiece(lane, message, from, pieceBytesMax);
    pieces.push(piece);
    from = end;
  } while (from < message.length);
  return pieces;
}

test('[LK8] every message comes out whole, however the lanes are interleaved', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyMessage, { maxLength: 4 }), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: PIECE_HEAD_BYTES + 1, max: PIECE_BYTES_MAX }).filter((n) => n > 512),
      fc.infiniteStream(fc.nat(4)),
      (byLane, pieceBytesMax, turns) => {
        const waiting = LANES.map((lane, n) =>
          (byLane[n] ?? []).flatMap((message) => cut(lane, message, pieceBytesMax)),
        );
        const assembly = openAssembly(MESSAGE_BYTES_MAX);
        const got: { lane: Lane; size: number; first: number | undefined }[] = [];
        for (const turn of turns) {
          if (waiting.every((pieces) => pieces.length === 0)) break;
          const piece = waiting[turn]?.shift();
          if (piece === undefined) continue;
          expect(piece.length).toBeLessThanOrEqual(pieceBytesMax);
          const taken = assembly.take(piece);
          if (!taken.ok) throw new Error(taken.fault);
          if (!taken.value.whole) continue;
          const { lane, message } = taken.value;
          expect(message.every((byte) => byte === message[0])).toBe(true);
          got.push({ lane, size: message.length, first: message[0] });
        }
        for (const [n, lane] of LANES.entries()) {
          expect(got.filter((one) => one.lane === lane)).toEqual(
            (byLane[n] ?? []).map((m) => ({ lane, size: m.length, first: m[0] })),
          );
        }
      },
    ),
    { numRuns: loops(60, 2400) },
  );
});

test('[LK8] whatever bytes come, nothing is thrown, and never more kept than a message', () => {
  const anyPiece = fc.oneof(
    fc.uint8Array({ maxLength: 64 }),
    fc
      .tuple(fc.nat(4), fc.nat(2 * MESSAGE_BYTES_MAX), fc.nat(64))
      .map(([lane, length, carried]) => announced(lane, length, carried)),
    fc.tuple(fc.nat(4), fc.nat(64)).map(([lane, carried]) => {
      const piece = new Uint8Array(1 + carried);
      piece[0] = lane;
      return piece;
    }),
  );
  fc.assert(
    fc.property(fc.array(anyPiece, { maxLength: 40 }), (pieces) => {
      const assembly = openAssembly(MESSAGE_BYTES_MAX);
      for (const piece of pieces) {
        const taken = assembly.take(piece);
        if (!taken.ok) {
          expect(taken.fault).toBe('link.protocol');
          return;
        }
        if (taken.value.whole) {
          expect(taken.value.message.length).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
        }
      }
    }),
  );
});

function announced(lane: number, length: number, carried: number): Uint8Array {
  const piece = new Uint8Array(PIECE_HEAD_BYTES + carried);
  piece[0] = 0x80 | lane;
  new DataView(piece.buffer).setUint32(1, length);
  return piece;
}

test.each([
  ['nothing at all', [new Uint8Array(0)]],
  ['an unknown lane', [new Uint8Array([0x85, 0, 0, 0, 1, 9])]],
  ['an unknown mark', [new Uint8Array([0x40, 1])]],
  ['a head without its length', [new Uint8Array([0x80, 0, 0])]],
  ['a piece too long', [announced(0, PIECE_BYTES_MAX, PIECE_BYTES_MAX + 1 - PIECE_HEAD_BYTES)]],
  ['a message too long', [announced(0, MESSAGE_BYTES_MAX + 1, 1)]],
  ['more than was announced', [announced(0, 1, 2)]],
  ['a beginning that carries nothing', [announced(0, 2, 0)]],
  ['a beginning within a message', [announced(3, 9, 1), announced(3, 9, 1)]],
  ['a part of nothing', [new Uint8Array([LANE_NUMBER.history, 1])]],
  ['a part that carries nothing', [announced(1, 9, 1), new Uint8Array([1])]],
  ['a part that runs over', [announced(1, 2, 1), new Uint8Array([1, 7, 7])]],
])('[LK8] %s is refused', (_, pieces) => {
  const assembly = openAssembly(MESSAGE_BYTES_MAX);
  const last = pieces.map((piece) => assembly.take(piece)).at(-1);
  expect(last).toEqual({ ok: false, fault: 'link.protocol' });
});
