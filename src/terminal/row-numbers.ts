// Numbers for the rows of a terminal's normal screen, from 0 when it was opened and growing
// for ever. Follows the buffer's lines as they scroll, are trimmed, inserted and reflowed;
// knows nothing of what is in them.
import type { Core, CoreBuffer } from './xterm-core.ts';

/** A row that is followed wherever its text goes. */
export interface RowMark {
  /** null once released. */
  readonly row: () => number | null;
  readonly release: () => void;
}

export interface RowNumbers {
  /** Of the first row that is still there. */
  readonly first: () => number;
  /** Of the row at the top of the normal screen. */
  readonly top: () => number;
  readonly mark: (row: number) => RowMark;
  /** Calls `scrolled` for rows that left the screen and were not yet told. */
  readonly tell: () => void;
  /** The screen is erased from this row down: no mark is left below it. */
  readonly erased: (screenRow: number) => void;
  /** The rows of the scroll region move down by one (reverse index at its top). */
  readonly movedDown: () => void;
  /** Runs a change of size, and finds every row again after it. */
  readonly resized: (change: () => void) => void;
  readonly dispose: () => void;
}

/** Told at least that often, well before the emulator drops the oldest. In rows. */
const TOLD_ROWS = 1024;
/** Every block and every viewer has one; more were not released. */
const MARKS_MAX = 10_000;

interface Mark {
  row: number;
}

export function openRowNumbers(
  core: Core,
  scrolled: (from: number, count: number) => void,
): RowNumbers {
  const { buffers } = core;
  const marks = new Set<Mark>();
  /** The number of the row at index 0 of the buffer. */
  let base = 0;
  /** The first row that has not been told. Rows above it have left the screen for good. */
  let untold: Mark = { row: 0 };
  let resizing = false;
  let normal: CoreBuffer = buffers.normal;
  let active: CoreBuffer = buffers.active;
  let listening: { dispose(): void }[] = listenTo(normal);

  const top = (): number => base + normal.ybase;

  function tell(): void {
    const from = untold.row;
    const count = top() - from;
    if (count <= 0) return;
    untold.row += count;
    scrolled(from, count);
  }

  function followed(): Mark[] {
    return resizing ? [...marks, untold] : [...marks];
  }

  function listenTo(buffer: CoreBuffer): { dispose(): void }[] {
    return [
      buffer.lines.onTrim((amount) => {
        base += amount;
      }),
      buffer.lines.onInsert(({ index, amount }) => {
        for (const mark of followed()) if (mark.row >= base + index) mark.row += amount;
      }),
      buffer.lines.onDelete(({ index, amount }) => {
        for (const mark of followed()) {
          if (mark.row > base + index) mark.row = Math.max(base + index, mark.row - amount);
        }
      }),
    ];
  }

  /** All numbers move by as much; what has been told keeps its number. */
  function renumber(by: number): void {
    base += by;
    for (const mark of marks) mark.row += by;
  }

  const onScroll = core.onScroll(() => {
    // A change of buffers scrolls nothing.
    if (buffers.active !== active) {
      active = buffers.active;
      return;
    }
    if (active !== normal) return;
    if (normal.scrollTop > 0 && marks.size > 0) moveRegion(-1);
    if (top() - untold.row >= TOLD_ROWS) tell();
  });

  /** [SC3] Marks go with the text of a region that scrolls without its lines being counted. */
  function moveRegion(by: 1 | -1): void {
    const first = top() + normal.scrollTop;
    const last = top() + normal.scrollBottom;
    for (const mark of marks) {
      if (by === 1 && mark.row >= first && mark.row <= last) mark.row++;
      if (by === -1 && mark.row > first && mark.row <= last + 1) mark.row--;
    }
  }

  const onActivate = buffers.onBufferActivate(() => {
    if (buffers.normal === normal) return;
    // A full reset: new buffers, and the screen begins anew below what has been told.
    for (const one of listening) one.dispose();
    const start = Math.max(top(), untold.row);
    normal = buffers.normal;
    active = buffers.active;
    listening = listenTo(normal);
    base = start;
    untold.row = start;
    for (const mark of marks) mark.row = Math.min(mark.row, start);
  });

  function erased(screenRow: number): void {
    if (active !== normal) return;
    const from = top() + screenRow;
    for (const mark of marks) mark.row = Math.min(mark.row, from);
    // Told rows that a taller screen had brought back are gone: what comes is new.
    if (screenRow === 0 && untold.row > top()) renumber(untold.row - top());
  }

  function resized(change: () => void): void {
    tell();
    const { cols } = core.size;
    const told = untold.row;
    // A row within a wrapped line has no place of its own once that line is broken anew. What
    // is told is found by its text; a mark goes to the next whole line, so that nothing above
    // it can come below it.
    const lineStart: Mark = { row: startOfLine(told) };
    const cells = (told - lineStart.row) * cols;
    for (const mark of marks) mark.row = nextWholeLine(mark.row);
    untold = lineStart;
    resizing = true;
    change();
    resizing = false;
    const place = lineStart.row + Math.floor(cells / core.size.cols);
    untold = { row: told };
    renumber(told - place);
    active = buffers.active;
    tell();
  }

  function isWrapped(row: number): boolean {
    const index = row - base;
    return index >= 0 && index < normal.lines.length && normal.lines.get(index)?.isWrapped === true;
  }

  function startOfLine(row: number): number {
    let start = row;
    while (isWrapped(start) && start > base) start--;
    return start;
  }

  function nextWholeLine(row: number): number {
    let next = row;
    while (isWrapped(next)) next++;
    return next;
  }

  return {
    first: () => base,
    top,
    mark: (row) => {
      if (marks.size >= MARKS_MAX) throw new Error('row marks are not released');
      const mark: Mark = { row };
      marks.add(mark);
      return {
        row: () => (marks.has(mark) ? mark.row : null),
        release: () => {
          marks.delete(mark);
        },
      };
    },
    tell,
    erased,
    movedDown: () => {
      if (active === normal) moveRegion(1);
    },
    resized,
    dispose: () => {
      for (const one of [...listening, onScroll, onActivate]) one.dispose();
    },
  };
}
