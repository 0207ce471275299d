// The moments at which what streams is read, and written right behind it: the same for all
// conversations, for a wake of the process costs more than the words it is for. The more of them
// stream, the further apart the moments lie. Knows neither agents nor documents.
import type { Clock } from '../protocol/ports.ts';

/** [TR5] Between two moments for each conversation that streams, in ms: ten frames a second in all. */
export const MOMENT_EACH_MS = 100;
export const MOMENT_MS_MIN = 100;
export const MOMENT_MS_MAX = 500;
/** From reading to writing, in ms: what was read at a moment has been heard by then. */
export const HEARING_MS = 15;

export interface SharedMoments {
  /** Resolves at the next moment: what has come by then is read at once. */
  readonly toRead: () => Promise<void>;
  /** Runs `write` once, HEARING_MS behind a moment. The returned function cancels it. */
  readonly toWrite: (write: () => void) => () => void;
}

export function openSharedMoments(clock: Clock): SharedMoments {
  const readers: (() => void)[] = [];
  const writers = new Set<() => void>();
  let cancelNext: (() => void) | 'none' = 'none';
  let lastAt = -Infinity;
  let apartMs = MOMENT_MS_MIN;

  function arm(): void {
    if (cancelNext !== 'none') return;
    const now = clock.monotonic();
    if (lastAt + apartMs <= now) apartMs = MOMENT_MS_MIN; // after a silence, nobody knows how many stream
    const leftMs = lastAt + apartMs - now;
    cancelNext = clock.after(leftMs > 0 ? leftMs : apartMs, read);
  }

  function read(): void {
    lastAt = clock.monotonic();
    for (const resolve of readers.splice(0)) resolve();
    cancelNext = clock.after(HEARING_MS, write);
  }

  function write(): void {
    cancelNext = 'none';
    const all = [...writers];
    writers.clear();
    apartMs = Math.min(MOMENT_MS_MAX, Math.max(MOMENT_MS_MIN, MOMENT_EACH_MS * all.length));
    if (readers.length > 0) arm();
    for (const one of all) one();
  }

  return {
    toRead: () =>
      new Promise((resolve) => {
        readers.push(resolve);
        arm();
      }),
    toWrite(work) {
      const one = (): void => work();
      writers.add(one);
      arm();
      return () => {
        writers.delete(one);
        if (cancelNext === 'none' || writers.size + readers.length > 0) return;
        cancelNext();
        cancelNext = 'none';
      };
    },
  };
}
