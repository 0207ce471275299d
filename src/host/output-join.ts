// Joins terminal output on its way to viewers: the first bytes after silence never wait, what
// follows closely travels together.
import { concat } from '../protocol/bytes.ts';
import type { Clock } from '../protocol/ports.ts';

/** Output this close together travels as one: half a frame of a 60 Hz screen. */
const JOIN_MS = 8;
/** Joined output is handed on at this size, in bytes: one message of a link. */
const JOIN_BYTES_MAX = 32 * 1024;

export interface OutputJoin {
  readonly push: (bytes: Uint8Array) => void;
  readonly flush: () => void;
  /** Whether output waits to be joined by more. */
  readonly waits: () => boolean;
  readonly close: () => void;
}

/** `sent` is called after what waited has been handed to `send`. */
export function openOutputJoin(
  clock: Clock,
  send: (bytes: Uint8Array) => void,
  sent: () => void,
): OutputJoin {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let sentAt = -Infinity;
  let cancel: (() => void) | 'none' = 'none';

  function flush(): void {
    if (cancel !== 'none') cancel();
    cancel = 'none';
    if (size === 0) return;
    const all = waiting.length === 1 && waiting[0] !== undefined ? waiting[0] : concat(...waiting);
    waiting = [];
    size = 0;
    sentAt = clock.monotonic();
    for (let from = 0; from < all.length; from += JOIN_BYTES_MAX) {
      send(all.subarray(from, from + JOIN_BYTES_MAX));
    }
    sent();
  }

  return {
    push(bytes) {
      waiting.push(bytes);
      size += bytes.length;
      const wait = sentAt + JOIN_MS - clock.monotonic();
      if (wait <= 0 || size >= JOIN_BYTES_MAX) flush();
      else if (cancel === 'none') cancel = clock.after(wait, flush);
    },
    flush,
    waits: () => size > 0,
    close() {
      if (cancel !== 'none') cancel();
      cancel = 'none';
    },
  };
}
