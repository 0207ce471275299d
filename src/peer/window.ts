// How much bulk may be under way, sent and not yet acknowledged as processed. Grows while
// acknowledgements are quick, gives way when they slow down: that, not the socket, keeps keys
// fast. One window per bulk lane. Knows only sizes and times.
import { BULK_PIECE_BYTES } from '../protocol/limits.ts';

/** Where a window begins: a fast link doubles it in one round trip, a slow one is not flooded. */
export const WINDOW_BYTES_FIRST = 64 * 1024;
/** Two pieces: one on its way and one being processed. */
export const WINDOW_BYTES_MIN = 16 * 1024;
/** 2.16 of 2.5 MB/s at 20 Mbit/s and 40 ms with a key at 55 ms; 256 KiB doubled that delay. */
export const WINDOW_BYTES_MAX = 128 * 1024;
/** An acknowledgement this much over the best has stood in a queue, in ms. */
const SLOW_MS = 50;
/** The best is that of the last one to two spans, so that a new route's times become normal. */
const BEST_SPAN_MS = 30_000;

export interface Window {
  readonly bytes: number;
  /** The quickest acknowledgement of this span and of the one before, in ms. */
  readonly best: number;
  readonly bestBefore: number;
  /** Monotonic ms. */
  readonly spanBegan: number;
  /** What was sent before this says nothing about the window as it is now. Monotonic ms. */
  readonly shrunkAt: number;
}

export const firstWindow: Window = {
  bytes: WINDOW_BYTES_FIRST,
  best: Infinity,
  bestBefore: Infinity,
  spanBegan: 0,
  shrunkAt: -Infinity,
};

export interface Acknowledged {
  /** From sending to processed, without the time the other side held the answer back. */
  readonly ms: number;
  /** When the piece was sent, and now; monotonic ms. */
  readonly sentAt: number;
  readonly now: number;
  /** Bytes under way just before this acknowledgement. */
  readonly inFlight: number;
}

/** The window after an acknowledgement. */
export function windowAfter(window: Window, ack: Acknowledged): Window {
  const spanOver = ack.now - window.spanBegan >= BEST_SPAN_MS;
  const best = spanOver ? ack.ms : Math.min(window.best, ack.ms);
  const bestBefore = spanOver ? window.best : window.bestBefore;
  const spanBegan = spanOver ? ack.now : window.spanBegan;
  const timed = { ...window, best, bestBefore, spanBegan };
  if (ack.ms > Math.min(best, bestBefore) + SLOW_MS) {
    if (ack.sentAt < window.shrunkAt) return timed; // [LK14] once for what was sent in one go
    const bytes = Math.max(WINDOW_BYTES_MIN, Math.floor((window.bytes * 3) / 4));
    return { ...timed, bytes, shrunkAt: ack.now };
  }
  // A window that is not used says nothing about whether a larger one would do.
  if (ack.inFlight * 2 < window.bytes) return timed;
  return { ...timed, bytes: Math.min(WINDOW_BYTES_MAX, window.bytes + BULK_PIECE_BYTES) };
}
