// Draws a screen into a terminal of another size: a window of cells that follows the cursor,
// sent as the difference to what that terminal shows. Knows cells and bytes; no tty.
import { utf8 } from '../protocol/bytes.ts';
import type { CellSource, ViewCell } from './cell-source.ts';
import { DEFAULT_PEN, penChange, samePen, type Pen } from './pen.ts';

export interface Window {
  readonly cols: number;
  readonly rows: number;
}

export interface WindowPainter {
  /** Before the first paint: a screen of its own, so that what was there comes back at the end. */
  readonly enter: () => Uint8Array;
  /** Puts back everything that enter or paint may have changed. */
  readonly leave: () => Uint8Array;
  /** What has to be written so that the terminal shows `view`; empty where it does already. */
  readonly paint: (view: CellSource) => Uint8Array;
  /** The terminal has another size now; what it shows is not known. */
  readonly resize: (cols: number, rows: number) => void;
  /** The cell of the view in the window's upper left corner. */
  readonly offset: () => { readonly row: number; readonly column: number };
}

/** The alternate screen, blank, with a plain pen and no wrapping at the edge. */
const ENTER = '\u001b[?1049h\u001b[?7l\u001b[m\u001b[2J\u001b[H';
/**
 * [SC9] All that a program can have set in a terminal, set back: mouse, focus and paste
 * reports, keys, cursor, margins, origin, insert, charsets, links, synchronized output,
 * wrapping, pen. The margins take the cursor home.
 */
export const USUAL_MODES =
  '\u001b[?2026l\u001b[?9;1000;1002;1003;1004;1005;1006;1015;1016;2004l' +
  '\u001b[?1;6;66l\u001b>\u001b[4l\u001b[r\u001b(B\u001b)B\u000f\u001b]8;;\u001b\\' +
  '\u001b[m\u001b[0 q\u001b[?7h\u001b[?25h';
/** And the screen that was there. */
const LEAVE = `${USUAL_MODES}\u001b[2J\u001b[?1049l`;

const BLANK: ViewCell = { chars: '', width: 1, pen: DEFAULT_PEN, link: '' };
/** Not what a terminal can show, so that it differs from any cell. */
const UNKNOWN: ViewCell = { chars: '\u0000', width: 1, pen: DEFAULT_PEN, link: '' };

export function openWindowPainter(size: Window): WindowPainter {
  let { cols, rows } = size;
  let shown: ViewCell[] = Array.from({ length: cols * rows }, () => BLANK);
  let top = 0;
  let left = 0;
  let modes: readonly number[] = [];
  let style = 0;
  let isVisible = true;
  /** Where the terminal's cursor was left, as written; '' for unknown. */
  let placed = '';

  // The terminal's cursor and pen while painting; -1 where the cursor is not known.
  let out = '';
  let atRow = -1;
  let atColumn = -1;
  let pen: Pen = DEFAULT_PEN;
  let link = '';

  function paint(view: CellSource): Uint8Array {
    out = '';
    atRow = -1;
    follow(view);
    for (let row = 0; row < rows; row++) paintRow(view, row);
    if (link !== '') useLink('');
    usePen(DEFAULT_PEN);
    const changed = out !== '';
    if (changed && isVisible) out = `\u001b[?25l${out}`;
    paintCursor(view, changed);
    paintModes(view.modes);
    return utf8(out);
  }

  /** [SC7] The window moves as little as it must to have the cursor in it. */
  function follow(view: CellSource): void {
    const { row, column } = view.cursor;
    const within = (at: number, from: number, length: number, whole: number): number => {
      const kept = Math.min(from, Math.max(0, whole - length));
      return at < kept ? at : at >= kept + length ? at - length + 1 : kept;
    };
    top = within(row, top, rows, view.rows);
    left = within(column, left, cols, view.cols);
  }

  /** What belongs at a place of the window; nothing that would stick out of it. */
  function wanted(view: CellSource, row: number, column: number): ViewCell {
    const y = top + row;
    const x = left + column;
    if (y >= view.rows || x >= view.cols) return BLANK;
    const cell = view.cell(y, x);
    if (cell.width === 2 && (column === cols - 1 || x === view.cols - 1)) return blankOf(cell);
    if (cell.width === 0) {
      const head = column > 0 ? view.cell(y, x - 1) : BLANK;
      // Half a character, or an accent on its own, which a terminal would put elsewhere.
      return head.width === 2 ? cell : blankOf(cell);
    }
    return cell;
  }

  function paintRow(view: CellSource, row: number): void {
    let isTailDue = false;
    for (let column = 0; column < cols; column++) {
      const cell = wanted(view, row, column);
      const index = row * cols + column;
      const before = shown[index] ?? UNKNOWN;
      shown[index] = cell;
      if (cell.width === 0) {
        // Drawn by its first half; where that did not change but this half did, draw it again.
        if (!isTailDue && !sameCell(before, cell)) redraw(row, column - 1);
        isTailDue = false;
        continue;
      }
      const isSame = sameCell(before, cell);
      isTailDue = !isSame && cell.width === 2;
      if (!isSame) draw(cell, row, column);
    }
  }

  function redraw(row: number, column: number): void {
    const cell = shown[row * cols + column];
    if (cell !== undefined) draw(cell, row, column);
  }

  function draw(cell: ViewCell, row: number, column: number): void {
    moveTo(row, column);
    useLink(cell.link);
    usePen(cell.pen);
    out += cell.chars === '' ? ' ' : cell.chars;
    atColumn = column + cell.width;
    // [SC8] How wide the terminal drew it is its own affair: the next cell is addressed anew.
    if (!isPlain(cell.chars)) atRow = -1;
    if (atColumn >= cols) atRow = -1;
  }

  function moveTo(row: number, column: number): void {
    if (row === atRow && column === atColumn) return;
    const ahead = column - atColumn;
    if (row === atRow && ahead > 0) out += ahead === 1 ? '\u001b[C' : `\u001b[${ahead}C`;
    else out += `\u001b[${row + 1};${column + 1}H`;
    atRow = row;
    atColumn = column;
  }

  function usePen(next: Pen): void {
    const change = penChange(pen, next);
    if (change !== '') out += change === '0' ? '\u001b[m' : `\u001b[${change}m`;
    pen = next;
  }

  function useLink(next: string): void {
    if (next === link) return;
    out += `\u001b]8;;${next}\u001b\\`;
    link = next;
  }

  function paintCursor(view: CellSource, isDrawn: boolean): void {
    const { cursor } = view;
    const place = `\u001b[${cursor.row - top + 1};${cursor.column - left + 1}H`;
    if (isDrawn || place !== placed) out += place;
    placed = place;
    if (cursor.style !== style) out += `\u001b[${cursor.style} q`;
    if (cursor.isVisible && (isDrawn || !isVisible)) out += '\u001b[?25h';
    if (!cursor.isVisible && isVisible && !isDrawn) out += '\u001b[?25l';
    style = cursor.style;
    isVisible = cursor.isVisible;
  }

  function paintModes(next: readonly number[]): void {
    const off = modes.filter((mode) => !next.includes(mode));
    const on = next.filter((mode) => !modes.includes(mode));
    if (off.length > 0) out += `\u001b[?${off.join(';')}l`;
    // A mode of the mouse switches the others off: those that stay are said again.
    const again = off.length > 0 ? next : on;
    if (again.length > 0) out += `\u001b[?${again.join(';')}h`;
    modes = next;
  }

  function forget(cell: ViewCell): void {
    shown = Array.from({ length: cols * rows }, () => cell);
    modes = [];
    style = 0;
    isVisible = true;
    pen = DEFAULT_PEN;
    link = '';
    placed = '';
  }

  return {
    enter: () => {
      forget(BLANK);
      return utf8(ENTER);
    },
    leave: () => {
      forget(UNKNOWN);
      return utf8(LEAVE);
    },
    paint,
    resize: (nextCols, nextRows) => {
      cols = nextCols;
      rows = nextRows;
      const kept = { modes, style, isVisible };
      forget(UNKNOWN);
      ({ modes, style, isVisible } = kept);
    },
    offset: () => ({ row: top, column: left }),
  };
}

function blankOf(cell: ViewCell): ViewCell {
  return { ...BLANK, pen: cell.pen };
}

function sameCell(a: ViewCell, b: ViewCell): boolean {
  return (
    (a.chars === b.chars || (a.chars.trim() === '' && b.chars.trim() === '')) &&
    a.width === b.width &&
    a.link === b.link &&
    samePen(a.pen, b.pen)
  );
}

/** ASCII, Latin and box drawing: one cell in every terminal. */
function isPlain(chars: string): boolean {
  if (chars.length > 1) return false;
  const code = chars.charCodeAt(0);
  return chars === '' || code < 0x300 || (code >= 0x2500 && code < 0x25a0);
}
