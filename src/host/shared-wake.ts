// One moment for all who wait for their next screen: one screen then serves everyone who sees the
// same of it. The soonest decides. Knows no screens.
import type { Clock } from '../protocol/ports.ts';

export interface SharedWake<T> {
  /** At the latest in `afterMs`; sooner where another is due. */
  readonly wait: (who: T, afterMs: number) => void;
  readonly forget: (who: T) => void;
}

export function openSharedWake<T>(clock: Clock, wake: (all: readonly T[]) => void): SharedWake<T> {
  const waiting = new Set<T>();
  let timer: { readonly dueAt: number; readonly cancel: () => void } | 'none' = 'none';

  function due(): void {
    timer = 'none';
    const all = [...waiting];
    waiting.clear();
    wake(all);
  }

  return {
    wait(who, afterMs) {
      waiting.add(who);
      const dueAt = clock.monotonic() + afterMs;
      if (timer !== 'none' && timer.dueAt <= dueAt) return;
      if (timer !== 'none') timer.cancel();
      timer = { dueAt, cancel: clock.after(afterMs, due) };
    },
    forget: (who) => void waiting.delete(who),
  };
}
