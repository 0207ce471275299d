// What has arrived and not been taken: kept, up to a bound, until someone listens. Knows not
// what it keeps.

export interface Inbox<T> {
  /** After the end it does nothing. */
  readonly put: (item: T) => void;
  /** One taker, which gets what was kept first; a second call replaces it. */
  readonly onItem: (take: (item: T) => void) => void;
  readonly end: () => void;
  /** Called once, at once if it has ended already, and after what was put before. */
  readonly onEnded: (ended: () => void) => void;
}

/** `overflow` gets the item that came while `keptMax` others waited for a taker. */
export function openInbox<T>(keptMax: number, overflow: (item: T) => void): Inbox<T> {
  const kept: T[] = [];
  const enders: (() => void)[] = [];
  let taker: ((item: T) => void) | undefined;
  let over = false;
  return {
    put: (item) => {
      if (over) return;
      if (taker !== undefined) taker(item);
      else if (kept.length < keptMax) kept.push(item);
      else overflow(item);
    },
    onItem: (take) => {
      taker = take;
      for (const item of kept.splice(0)) take(item);
    },
    end: () => {
      if (over) return;
      over = true;
      for (const ended of enders.splice(0)) ended();
    },
    onEnded: (ended) => {
      if (over) ended();
      else enders.push(ended);
    },
  };
}
