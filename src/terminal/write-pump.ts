// Bytes into a descriptor that may take none for hours: queued with a limit, tried again by timer.
// Knows no terminal; the write it is given must never wait.
import { err, ok, type Result } from '../protocol/result.ts';

/** Bytes that wait for a program that does not read. A paste is 64 KiB at most; this is many. */
export const QUEUED_BYTES_MAX = 1024 * 1024;
/** One write, in bytes: a terminal's line buffer takes no more at once. */
const WRITE_BYTES = 4096;
/** A program that does not read is asked ever more rarely; a person notices neither. */
const RETRY_MS_MIN = 5;
const RETRY_MS_MAX = 50;

export interface WritePump {
  readonly write: (bytes: Uint8Array) => Result<void, 'action.tooMany'>;
  /** Drops what is queued and goes in next, also while held. */
  readonly writeControl: (bytes: Uint8Array) => void;
  /** What is written from now on waits until `release`; control keys do not. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly waiting: () => boolean;
  readonly closed: () => boolean;
  /** Nothing is written after this. */
  readonly close: () => void;
}

/** `tryWrite` returns how many bytes went in, or throws EAGAIN; anything else ends the pump. */
export function openWritePump(tryWrite: (bytes: Uint8Array) => number): WritePump {
  let queue: Uint8Array[] = [];
  let queued = 0;
  let closed = false;
  let held = false;
  /** Of the queue's first bytes: a control key, which is never held. */
  let controlBytes = 0;
  let retryMs = RETRY_MS_MIN;
  let retrying: ReturnType<typeof setTimeout> | undefined;

  function drop(): void {
    queue = [];
    queued = 0;
    controlBytes = 0;
    clearTimeout(retrying);
    retrying = undefined;
  }

  function close(): void {
    closed = true;
    drop();
  }

  function pump(): void {
    retrying = undefined;
    for (let head = queue[0]; head !== undefined && !closed; head = queue[0]) {
      if (held && controlBytes === 0) return;
      const count = attempt(head.subarray(0, WRITE_BYTES));
      if (count === 'closed') return close();
      if (count === 'later') {
        retrying = setTimeout(pump, retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
        return;
      }
      retryMs = RETRY_MS_MIN;
      queued -= count;
      controlBytes = Math.max(0, controlBytes - count);
      if (count === head.length) queue.shift();
      else queue[0] = head.subarray(count);
    }
  }

  function attempt(bytes: Uint8Array): number | 'later' | 'closed' {
    try {
      const count = tryWrite(bytes);
      return count === 0 ? 'later' : count;
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'EAGAIN'
        ? 'later'
        : 'closed';
    }
  }

  return {
    write(bytes) {
      if (closed || bytes.length === 0) return ok(undefined);
      if (queued + bytes.length > QUEUED_BYTES_MAX) return err('action.tooMany');
      queue.push(bytes.slice());
      queued += bytes.length;
      if (retrying === undefined) pump();
      return ok(undefined);
    },
    writeControl(bytes) {
      if (closed) return;
      drop();
      queue = [bytes.slice()];
      queued = bytes.length;
      controlBytes = bytes.length;
      pump();
    },
    hold() {
      held = true;
    },
    release() {
      held = false;
      if (retrying === undefined && !closed) pump();
    },
    waiting: () => queue.length > 0,
    closed: () => closed,
    close,
  };
}
