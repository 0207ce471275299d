// Hands a lane's messages to their taker in order, one at a time, and says when each has been
// processed. Knows no wire; what waits here is bounded by its owner.

export type Taker = (message: Uint8Array) => void | Promise<void>;

export interface Handover {
  readonly push: (message: Uint8Array) => void;
  /** Nothing is handed over before this. */
  readonly open: (take: Taker) => void;
  /** Bytes that wait or are being processed, with what each message costs besides its bytes. */
  readonly waiting: () => number;
  /** Nothing is handed over any more. */
  readonly close: () => void;
}

/** What a message costs in memory besides its bytes, about. */
const MESSAGE_COST_BYTES = 64;

/**
 * `processed` is called after each; `broken` when the taker failed. That is a bug of its own, and
 * costs what it was about, not the process: nothing more is handed over, and the owner ends it.
 */
export function openHandover(processed: () => void, broken: () => void): Handover {
  let take: Taker | 'none' = 'none';
  let busy = false;
  let closed = false;
  let cost = 0;
  const queue: Uint8Array[] = [];

  /** Takes messages while they are processed at once; a slow one calls back. */
  const run = (taker: Taker): void => {
    for (let next = queue[0]; next !== undefined && !busy; next = queue[0]) {
      queue.shift();
      busy = true;
      const taking = begin(taker, next);
      if (taking === 'failed') return;
      if (taking instanceof Promise) void goOn(taking, next, taker);
      else done(next);
    }
  };
  const begin = (taker: Taker, message: Uint8Array): unknown => {
    try {
      return taker(message);
    } catch {
      return fail();
    }
  };
  const fail = (): 'failed' => {
    close();
    broken();
    return 'failed';
  };
  const goOn = async (taking: Promise<unknown>, message: Uint8Array, taker: Taker) => {
    try {
      await taking;
    } catch {
      fail();
      return;
    }
    done(message);
    run(taker);
  };
  const done = (message: Uint8Array): void => {
    busy = false;
    if (closed) return;
    cost -= message.length + MESSAGE_COST_BYTES;
    processed();
  };
  const close = (): void => {
    closed = true;
    queue.length = 0;
    cost = 0;
  };
  return {
    push(message) {
      if (closed) return;
      queue.push(message);
      cost += message.length + MESSAGE_COST_BYTES;
      if (take !== 'none') run(take);
    },
    open(taker) {
      take = taker;
      run(taker);
    },
    waiting: () => cost,
    close,
  };
}
