// The rows of one running block, each entered once: its head as rows scroll off the screen,
// its tail when it ends, the count of what lies between. Knows numbers and rows; the emulator
// that has them is a port.
import type { Row } from '../protocol/document.ts';
import { rowBytes } from './rows.ts';

/** About what the head may take in the block's document, in bytes (rowBytes). */
export const HEAD_BYTES_MAX = 256 * 1024;
/** The same for the tail. It is made of rows the emulator still has, so it may end up smaller. */
const TAIL_BYTES_MAX = 256 * 1024;
/** Read at a time: under flood nothing more than is kept should be made into rows. */
const BATCH_ROWS = 128;

/** Rows [from, to), as far as they are still there; `from` of the answer is the first of them. */
export type ReadRows = (
  from: number,
  to: number,
) => { readonly from: number; readonly rows: readonly Row[] };

export interface RowLedger {
  /** Rows before `to` have left the screen. Cheap once the head is full: they are only counted. */
  readonly scrolled: (to: number) => void;
  /** The block's first row moved (reflow). Heard only while none of its rows has left the screen. */
  readonly moved: (firstRow: number) => void;
  /** The first row that has not entered. */
  readonly next: () => number;
  /** Of the head, since the last `take`, in bytes (rowBytes). */
  readonly waitingBytes: () => number;
  /** What is new since the last `take`. `omitted` counts all rows behind the head so far. */
  readonly take: () => {
    readonly head: readonly Row[];
    readonly omitted: number;
    readonly tailChanged: boolean;
  };
  /** The block ends before row `to`: what is on the screen enters now. */
  readonly end: (to: number) => {
    readonly head: readonly Row[];
    readonly omitted: number;
    readonly tail: readonly Row[];
  };
}

export function openRowLedger(options: {
  readonly firstRow: number;
  readonly rows: ReadRows;
}): RowLedger {
  const { rows } = options;
  /** Rows before this one have entered, as head or as count. */
  let entered = options.firstRow;
  let isBegun = false;
  let isHeadFull = false;
  let headBytes = 0;
  let headBytesTaken = 0;
  let head: Row[] = [];
  let omitted = 0;
  let omittedTaken = 0;

  /** [SC6] Enters rows before `to`: into the head while it has room, else into the count. */
  function enter(to: number): void {
    if (to > entered) isBegun = true;
    while (entered < to && !isHeadFull) {
      const end = Math.min(to, entered + BATCH_ROWS);
      const found = rows(entered, end);
      // A gap would join rows that did not follow each other.
      if (found.from > entered || found.rows.length === 0) isHeadFull = true;
      else enterHead(found.rows);
    }
    if (entered >= to) return;
    omitted += to - entered;
    entered = to;
  }

  function enterHead(found: readonly Row[]): void {
    for (const row of found) {
      const bytes = rowBytes(row);
      if (headBytes + bytes > HEAD_BYTES_MAX) {
        isHeadFull = true;
        return;
      }
      headBytes += bytes;
      head.push(row);
      entered++;
    }
  }

  function taken(): readonly Row[] {
    const fresh = head;
    head = [];
    headBytesTaken = headBytes;
    return fresh;
  }

  /** The last rows before `to` that fit, out of those behind the head that are still there. */
  function tailBefore(to: number): readonly Row[] {
    const first = to - omitted;
    const tail: Row[] = [];
    let bytes = 0;
    for (let end = to; end > first; end -= BATCH_ROWS) {
      const from = Math.max(first, end - BATCH_ROWS);
      const found = rows(from, end);
      for (const row of found.rows.toReversed()) {
        bytes += rowBytes(row);
        if (bytes > TAIL_BYTES_MAX) return tail.toReversed();
        tail.push(row);
      }
      if (found.from > from || found.rows.length < end - from) break;
    }
    return tail.toReversed();
  }

  return {
    scrolled: enter,
    moved: (firstRow) => {
      if (!isBegun) entered = firstRow;
    },
    next: () => entered,
    waitingBytes: () => headBytes - headBytesTaken,
    take: () => {
      const tailChanged = omitted !== omittedTaken;
      omittedTaken = omitted;
      return { head: taken(), omitted, tailChanged };
    },
    end: (to) => {
      enter(to);
      const tail = omitted === 0 ? [] : tailBefore(Math.max(to, entered));
      return { head: taken(), omitted: omitted - tail.length, tail };
    },
  };
}
