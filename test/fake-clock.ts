// A clock that a test turns by hand: timers fire in order when their time has come.
import type { Clock } from '../src/protocol/ports.ts';

export interface FakeClock extends Clock {
  /** Lets `ms` pass; every timer due meanwhile fires at its own time, and promises settle between. */
  readonly pass: (ms: number) => Promise<void>;
  /** How many timers are set. */
  readonly timers: () => number;
}

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

export function fakeClock(startMs = 1_700_000_000_000): FakeClock {
  let elapsed = 0;
  const timers = new Set<Timer>();
  const due = (until: number): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.at <= until && (first === undefined || timer.at < first.at)) first = timer;
    }
    return first;
  };
  return {
    now: () => startMs + elapsed,
    monotonic: () => elapsed,
    after(afterMs, wake) {
      const timer: Timer = { at: elapsed + Math.max(0, afterMs), wake };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async pass(ms) {
      const until = elapsed + ms;
      await settled();
      for (let next = due(until); next !== undefined; next = due(until)) {
        timers.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.wake();
        await settled();
      }
      elapsed = until;
    },
    timers: () => timers.size,
  };
}

/** Everything that was ready to run has run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
