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
    const groups = grouped(waiting);
    waiting = [];
    size = 0;
    sentAt = clock.monotonic();
    for (const group of groups) send(group);
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

/** Pieces end on whole characters and sequences: they are joined, never cut. */
function grouped(pieces: readonly Uint8Array[]): Uint8Array[] {
  const groups: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (bytes + piece.length > JOIN_BYTES_MAX && group.length > 0) {
      groups.push(concat(...group));
      group = [];
      bytes = 0;
    }
    group.push(piece);
    bytes += piece.length;
  }
  const [only] = group;
  if (group.length === 1 && only !== undefined) groups.push(only);
  else if (group.length > 0) groups.push(concat(...group));
  return groups;
}
