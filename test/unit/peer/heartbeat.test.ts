// A link that is alive, one that is slow, one that is dead.
import { expect, test } from 'vitest';
import {
  firstHeartbeat,
  heartbeat,
  TICK_MS,
  type Heartbeat,
  type HeartbeatInput,
} from '../../../src/peer/heartbeat.ts';

function run(state: Heartbeat, inputs: readonly HeartbeatInput[]): [Heartbeat, string[]] {
  const done: string[] = [];
  let now = state;
  for (const input of inputs) {
    const [next, effects] = heartbeat(now, input);
    now = next;
    done.push(...effects.map((effect) => effect.do));
  }
  return [now, done];
}

const ticks = (count: number): HeartbeatInput[] =>
  Array.from({ length: count }, (_, n) => ({ on: 'tick', now: (n + 1) * TICK_MS }));

test('[LK16] one ping a second', () => {
  const [, done] = run(
    firstHeartbeat,
    ticks(20).flatMap((tick) => [tick, { on: 'heard' }]),
  );
  expect(done).toEqual(Array(10).fill('ping'));
});

test('[LK16] nothing heard for 3 s is suspect, for 4 s silent', () => {
  const [, done] = run(firstHeartbeat, ticks(8));
  expect(done).toEqual(['ping', 'ping', 'ping', 'suspect', 'ping', 'silent']);
  expect(run(firstHeartbeat, ticks(5))[1]).not.toContain('suspect');
  expect(run(firstHeartbeat, ticks(7))[1]).not.toContain('silent');
});

test('[LK16] anything at all that comes begins the count anew', () => {
  const [, done] = run(firstHeartbeat, [...ticks(7), { on: 'heard' }, ...ticks(7)]);
  expect(done.filter((what) => what === 'suspect')).toHaveLength(2);
  expect(done).not.toContain('silent');
});

test('[LK16] a computer that slept has missed one tick, not a thousand', () => {
  const [, done] = run(firstHeartbeat, [
    { on: 'heard' },
    { on: 'tick', now: 500 },
    { on: 'tick', now: 3_600_000 },
  ]);
  expect(done).toEqual(['ping']);
});

test('the round trip is that of the newest ping answered, also when answers take seconds', () => {
  let [state] = run(firstHeartbeat, ticks(5)); // pings 1, 2, 3 at 500, 1500, 2500
  expect(state.rttMs).toBeNull();
  [state] = run(state, [{ on: 'pong', n: 2, now: 2_900 }]);
  expect(state.rttMs).toBe(1_400);
  [state] = run(state, [{ on: 'pong', n: 1, now: 2_950 }]);
  [state] = run(state, [{ on: 'pong', n: 77, now: 2_960 }]);
  expect(state.rttMs).toBe(1_400);
  [state] = run(state, [{ on: 'pong', n: 3, now: 2_970 }]);
  expect(state.rttMs).toBe(470);
});
