// The outbox under any order of sending, dropping and leaving.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBulk } from '../../../src/peer/flight.ts';
import { openOutbox, QUEUE_BYTES_MAX, type Leave } from '../../../src/peer/lanes.ts';
import { openAssembly } from '../../../src/peer/pieces.ts';
import { BULK_PIECE_BYTES, PIECE_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { LANES, type Lane } from '../../../src/protocol/message.ts';

/** A seal that shows the order in which it was asked: the lane's counter in front. */
function countingSeal() {
  const counters = new Map<Lane, number>();
  return {
    overhead: () => 4,
    seal(lane: Lane, message: Uint8Array) {
      const counter = counters.get(lane) ?? 0;
      counters.set(lane, counter + 1);
      const sealed = new Uint8Array(4 + message.length);
      new DataView(sealed.buffer).setUint32(0, counter);
      sealed.set(message, 4);
      return sealed;
    },
  };
}

const anyLane = fc.constantFrom(...LANES);
const anyStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('push'), lane: anyLane, size: fc.nat(40_000) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('next'), open: fc.subarray([...LANES]) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop'), lane: anyLane }) },
);

test('[LK9][LK11] priority holds at every piece, and counters have no gap whatever is dropped', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
      const outbox = openOutbox(countingSeal());
      const assembly = openAssembly(41_000);
      const arrived = new Map<Lane, number>();
      const numbers = new Map<Lane, number[]>();
      let n = 0;
      const leave = (open: readonly Lane[]): boolean => {
        const asked: Lane[] = [];
        const next = outbox.next((lane, bytes): Leave => {
          asked.push(lane);
          expect(bytes).toBeLessThanOrEqual(isBulk(lane) ? BULK_PIECE_BYTES : PIECE_BYTES_MAX);
          return open.includes(lane) ? 'send' : 'lane';
        });
        if (typeof next === 'string') return false;
        // Everything above it had nothing to send or was told to wait.
        for (const above of LANES.slice(0, LANES.indexOf(next.lane))) {
          expect(outbox.queued(above) === 0 || !open.includes(above) || isBulk(above)).toBe(true);
        }
        // Bulk below a lane that waits does not pass it.
        const waits = asked.find((lane) => !open.includes(lane));
        if (waits !== undefined) expect(isBulk(next.lane)).toBe(false);
        const taken = assembly.take(next.piece);
        if (!taken.ok) throw new Error(taken.fault);
        expect(taken.value.whole).toBe(next.whole);
        if (!taken.value.whole) return true;
        const { message } = taken.value;
        const view = new DataView(message.buffer, message.byteOffset);
        expect(view.getUint32(0)).toBe(arrived.get(next.lane) ?? 0);
        arrived.set(next.lane, view.getUint32(0) + 1);
        const before = numbers.get(next.lane) ?? [];
        if (message.length >= 8) numbers.set(next.lane, [...before, view.getUint32(4)]);
        return true;
      };
      for (const step of steps) {
        if ('size' in step) {
          const message = new Uint8Array(step.size);
          if (step.size >= 4) new DataView(message.buffer).setUint32(0, n++);
          const before = outbox.queued(step.lane);
          outbox.push(step.lane, message);
          expect(outbox.queued(step.lane)).toBe(before + step.size);
        } else if ('open' in step) leave(step.open);
        else {
          const before = outbox.queued(step.lane);
          const dropped = outbox.drop(step.lane);
          expect(outbox.queued(step.lane)).toBe(before - dropped);
        }
      }
      while (leave(LANES));
      for (const lane of LANES) {
        expect(outbox.queued(lane)).toBe(0);
        const sent = numbers.get(lane) ?? [];
        expect(sent).toEqual([...sent].sort((a, b) => a - b));
      }
    }),
  );
});

test('[LK17] a queue over its limit is said', () => {
  const outbox = openOutbox(countingSeal());
  const half = new Uint8Array(QUEUE_BYTES_MAX.presence / 2);
  expect(outbox.push('presence', half)).toBe(true);
  expect(outbox.push('presence', half)).toBe(true);
  expect(outbox.push('presence', new Uint8Array(1))).toBe(false);
  expect(outbox.push('control', half)).toBe(true);
});

test('an urgent message goes before the queue, and only the latest of its kind goes', () => {
  const outbox = openOutbox(countingSeal());
  outbox.push('control', new Uint8Array([1]));
  outbox.urge('receipts', new Uint8Array([2]));
  outbox.urge('receipts', new Uint8Array([3]));
  outbox.urge('ping', new Uint8Array([4]));
  expect(outbox.drop('control')).toBe(1);
  outbox.push('control', new Uint8Array([5]));
  const sent: (number | undefined)[] = [];
  for (;;) {
    const next = outbox.next(() => 'send');
    if (typeof next === 'string') break;
    sent.push(next.piece.at(-1));
  }
  expect(sent).toEqual([3, 4, 5]);
});

test('nothing leaves while the wire is full, whatever its lane', () => {
  const outbox = openOutbox(countingSeal());
  outbox.push('history', new Uint8Array(1));
  outbox.push('control', new Uint8Array(1));
  const asked: Lane[] = [];
  const next = outbox.next((lane) => {
    asked.push(lane);
    return 'all';
  });
  expect(next).toBe('blocked');
  expect(asked).toEqual(['control']);
});
