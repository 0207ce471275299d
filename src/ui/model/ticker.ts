// The time of day as a signal, a second at a time, for countdowns. Runs only while looked at.
import { signal, type ReadonlySignal } from '@preact/signals-core';
import type { Clock } from '../../protocol/ports.ts';

const SECOND_MS = 1000;

export function ticker(clock: Clock): ReadonlySignal<number> {
  let cancel: (() => void) | null = null;
  const now = signal(clock.now(), {
    watched() {
      const tick = (): void => {
        now.value = clock.now();
        cancel = clock.after(SECOND_MS, tick);
      };
      tick();
    },
    unwatched() {
      cancel?.();
      cancel = null;
    },
  });
  return now;
}
