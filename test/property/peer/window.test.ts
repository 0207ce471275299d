// The window, what it counts and what the other side tells: each alone and against each other.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { BULK_LANES, openFlight } from '../../../src/peer/flight.ts';
import { openReceipts } from '../../../src/peer/receipts.ts';
import {
  firstWindow,
  WINDOW_BYTES_FIRST,
  WINDOW_BYTES_MAX,
  WINDOW_BYTES_MIN,
  windowAfter,
  type Window,
} from '../../../src/peer/window.ts';
import { BULK_PIECE_BYTES } from '../../../src/protocol/limits.ts';

const full = (window: Window) => ({ inFlight: window.bytes });

test('[LK14] whatever the times, the window stays between its bounds', () => {
  const anyAck = fc.record({
    ms: fc.double({ min: 0, max: 60_000, noNaN: true }),
    gap: fc.nat(40_000),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(anyAck, { maxLength: 200 }), (acks) => {
      let window = firstWindow;
      let now = 0;
      for (const { ms, gap, share } of acks) {
        now += gap;
        const inFlight = Math.floor(window.bytes * share);
        window = windowAfter(window, { ms, sentAt: now - ms, now, inFlight });
        expect(window.bytes).toBeGreaterThanOrEqual(WINDOW_BYTES_MIN);
        expect(window.bytes).toBeLessThanOrEqual(WINDOW_BYTES_MAX);
      }
    }),
  );
});

test('[LK14] quick answers open it to 128 KiB, a piece each', () => {
  let window = firstWindow;
  for (let n = 1; n <= 8; n++) {
    window = windowAfter(window, { ms: 40, sentAt: n * 10, now: n * 10 + 40, ...full(window) });
    expect(window.bytes).toBe(WINDOW_BYTES_FIRST + n * BULK_PIECE_BYTES);
  }
  window = windowAfter(window, { ms: 89, sentAt: 500, now: 589, ...full(window) });
  expect(window.bytes).toBe(WINDOW_BYTES_MAX);
});

test('[LK14] an answer 50 ms over the best takes a quarter, once for what was sent in one go', () => {
  const quick = { ms: 40, sentAt: 0, now: 40 };
  let window = windowAfter(firstWindow, { ...quick, inFlight: 0 });
  window = windowAfter(window, { ms: 95, sentAt: 50, now: 145, ...full(window) });
  expect(window.bytes).toBe(48 * 1024);
  window = windowAfter(window, { ms: 99, sentAt: 52, now: 151, ...full(window) });
  expect(window.bytes).toBe(48 * 1024);
  window = windowAfter(window, { ms: 99, sentAt: 146, now: 245, ...full(window) });
  expect(window.bytes).toBe(36 * 1024);
});

test('[LK14] a window that is not used does not grow, and an old best is forgotten', () => {
  let window = windowAfter(firstWindow, { ms: 1, sentAt: 0, now: 1, inFlight: 100 });
  expect(window.bytes).toBe(WINDOW_BYTES_FIRST);
  // The route has become slower for good: for a while that counts as a queue, then as normal.
  for (let now = 100; now < 100_000; now += 100) {
    window = windowAfter(window, { ms: 80, sentAt: now - 80, now, ...full(window) });
    if (now === 1_900) expect(window.bytes).toBe(WINDOW_BYTES_MIN);
  }
  expect(window.bytes).toBe(WINDOW_BYTES_MAX);
});

/** Alice's side and Bob's, joined by a queue of pieces and a queue of receipts. */
test('[LK10][LK12][LK13] under any pace of sending and processing nobody breaks the window, and all is acknowledged in the end', () => {
  const anyStep = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.constant('send'), fc.nat(2), fc.integer({ min: 1, max: 8192 })),
    },
    { weight: 4, arbitrary: fc.tuple(fc.constant('arrive'), fc.nat(2), fc.constant(0)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('process'), fc.nat(2), fc.constant(0)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('wait'), fc.nat(2), fc.nat(60)) },
  );
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 400 }), fc.nat(3), (steps, wholeEvery) => {
      const flight = openFlight();
      const receipts = openReceipts();
      const under = BULK_LANES.map(() => ({ way: [] as number[], waiting: 0 }));
      let now = 0;
      let arrivals = 0;
      const tell = (): void => {
        if (receipts.dueMs(now) !== 0) return;
        for (const { lane, position, heldMs } of receipts.tell(now)) {
          const acked = flight.acked(lane, position, heldMs, now);
          if (!acked.ok || acked.value === 'nothing new') throw new Error('told nothing new');
          expect(acked.value.ms).toBeGreaterThanOrEqual(0);
          expect(acked.value.rate).toBeGreaterThan(0);
        }
      };
      const arrive = (n: number, whole: boolean): void => {
        const lane = BULK_LANES[n];
        const bytes = under[n]?.way.shift();
        if (lane === undefined || bytes === undefined) return;
        expect(receipts.received(lane, bytes, whole, now).ok).toBe(true);
        const end = under[n];
        if (whole && end !== undefined) end.waiting++;
        tell();
      };
      const process = (n: number): void => {
        const lane = BULK_LANES[n];
        const end = under[n];
        if (lane === undefined || end === undefined || end.waiting === 0) return;
        end.waiting--;
        receipts.processed(lane, now);
        tell();
      };
      for (const [what, n, amount] of steps) {
        const lane = BULK_LANES[n];
        if (lane === undefined) continue;
        if (what === 'wait') now += amount;
        if (what === 'arrive') arrive(n, arrivals++ % (wholeEvery + 1) === 0);
        if (what === 'process') process(n);
        if (what === 'send' && flight.above(lane) + amount <= WINDOW_BYTES_MAX) {
          flight.sent(lane, amount, now);
          under[n]?.way.push(amount);
        }
        expect(flight.inFlight(lane)).toBeLessThanOrEqual(WINDOW_BYTES_MAX);
      }
      for (const [n, end] of under.entries()) {
        while (end.way.length > 0) arrive(n, end.way.length === 1);
        while (end.waiting > 0) process(n);
      }
      now += 25;
      tell();
      for (const lane of BULK_LANES) expect(flight.inFlight(lane)).toBe(0);
      expect(receipts.dueMs(now)).toBe('none');
    }),
  );
});

test('[LK12] a receipt for what was never sent, or taken back, is a fault', () => {
  const flight = openFlight();
  flight.sent('screen', 100, 0);
  expect(flight.acked('screen', 101, 0, 1)).toEqual({ ok: false, fault: 'link.protocol' });
  expect(flight.acked('replica', 1, 0, 1)).toEqual({ ok: false, fault: 'link.protocol' });
  expect(flight.acked('screen', 100, 0, 1).ok).toBe(true);
  expect(flight.acked('screen', 99, 0, 1)).toEqual({ ok: false, fault: 'link.protocol' });
  expect(flight.acked('screen', 100, 0, 1)).toEqual({ ok: true, value: 'nothing new' });
});

test('[LK12] a sender that goes beyond the largest window is cut off', () => {
  const receipts = openReceipts();
  for (let n = 0; n < 16; n++) {
    expect(receipts.received('history', 8192, true, 0).ok).toBe(true);
  }
  expect(receipts.received('history', 1, true, 0)).toEqual({ ok: false, fault: 'link.protocol' });
});

test('[LK12] parts of a long message count as they come, all but the last', () => {
  const receipts = openReceipts();
  for (let n = 0; n < 11; n++) receipts.received('replica', 8192, n === 10, 0);
  expect(receipts.tell(0)).toEqual([{ lane: 'replica', position: 10 * 8192, heldMs: 0 }]);
  receipts.received('replica', 8192, false, 1);
  expect(receipts.dueMs(1)).toBe('none');
  receipts.processed('replica', 5);
  expect(receipts.tell(8)).toEqual([{ lane: 'replica', position: 12 * 8192, heldMs: 3 }]);
});

test('the rate follows full samples, and small ones only raise it', () => {
  const flight = openFlight();
  const rates: number[] = [];
  let position = 0;
  const ack = (bytes: number, sentAt: number, now: number): void => {
    flight.sent('screen', bytes, sentAt);
    position += bytes;
    const acked = flight.acked('screen', position, 0, now);
    if (acked.ok && acked.value !== 'nothing new') rates.push(acked.value.rate);
  };
  ack(20, 0, 40); // one key: 500 bytes a second say nothing
  expect(rates.at(-1)).toBe(1_000_000);
  for (let n = 1; n <= 30; n++) ack(16_384, n * 200, n * 200 + 200);
  expect(rates.at(-1)).toBeGreaterThan(80_000);
  expect(rates.at(-1)).toBeLessThan(90_000);
  ack(8_192, 10_000, 10_010);
  expect(rates.at(-1)).toBeCloseTo(819_200);
});
