// Writes rows of cells into an empty screen: text, attributes, links, and what no text leaves
// behind — grounds without text, and rows that go on from the row before. Keeps track of where
// the cursor and the pen are, so that little is written twice.
import { hasText, isTail, linkAt, penAt } from './cells.ts';
import { DEFAULT_PEN, isProtected, penChange, samePen, type Pen } from './pen.ts';
import type { CoreBuffer, CoreLine } from './xterm-core.ts';

export interface RowWriter {
  readonly size: { readonly cols: number; readonly rows: number };
  readonly text: () => string;
  readonly put: (text: string) => void;
  /** Where the cursor is is no longer known. */
  readonly lost: () => void;
  readonly moveTo: (row: number, column: number) => void;
  /** As moveTo, in full, with rows counted from `top` (origin mode). */
  readonly jumpTo: (row: number, column: number, top: number) => void;
  readonly pen: (pen: Pen) => void;
  readonly protect: (on: boolean) => void;
  /** Opens the link of this id; 0 ends it. */
  readonly link: (id: number) => void;
  /** Whether text of this link was written. */
  readonly hasWritten: (link: number) => boolean;
  /** The rows of a buffer's screen from `first` on, into an empty one. */
  readonly rows: (buffer: CoreBuffer, first: number) => void;
}

interface Options {
  readonly cols: number;
  readonly rows: number;
  /** '' where the link is gone. */
  readonly linkAddress: (id: number) => string;
}

/**
 * What the addresses of links may take of one screen, in bytes: two that alternate from cell to
 * cell are written anew each time, and would make a screen of many megabytes.
 */
export const LINKS_BYTES_MAX = 1024 * 1024;
/** Takes two cells, and leaves one that is empty but has attributes when half of it is overwritten. */
const WIDE = '\u3000';

export function openRowWriter({ cols, rows, linkAddress }: Options): RowWriter {
  let out = '';
  let atRow = 0;
  let atColumn = 0;
  let pen: Pen = DEFAULT_PEN;
  let isProtecting = false;
  let openLink = 0;
  const links = new Set<number>();
  let linksBytes = 0;
  /** A cell that has to be written even if it is empty; -1 for none. */
  let stale = -1;

  function lost(): void {
    atRow = -1;
    atColumn = -1;
  }

  function moveTo(row: number, column: number): void {
    if (row === atRow && column === atColumn) return;
    if (row === atRow && atColumn < cols && column > atColumn) {
      out += column === atColumn + 1 ? '\u001b[C' : `\u001b[${column - atColumn}C`;
    } else if (row === atRow) {
      out += column === 0 ? '\r' : `\u001b[${column + 1}G`;
    } else {
      out += column === 0 ? `\u001b[${row + 1}H` : `\u001b[${row + 1};${column + 1}H`;
    }
    atRow = row;
    atColumn = column;
  }

  function jumpTo(row: number, column: number, top: number): void {
    out += `\u001b[${row - top + 1};${column + 1}H`;
    atRow = row;
    atColumn = column;
  }

  function usePen(next: Pen): void {
    const change = penChange(pen, next);
    if (change === '') return;
    // Some parameters reset what SGR has no parameter for.
    if (change === '0' || change.startsWith('0;')) isProtecting = false;
    out += change === '0' ? '\u001b[m' : `\u001b[${change}m`;
    pen = next;
  }

  function protect(on: boolean): void {
    if (on === isProtecting) return;
    out += on ? '\u001b[1"q' : '\u001b["q';
    isProtecting = on;
  }

  function link(id: number): void {
    const address = id === 0 ? '' : linkAddress(id);
    const fits = id === openLink || linksBytes + address.length <= LINKS_BYTES_MAX;
    const next = address !== '' && fits ? id : 0;
    if (next === openLink) return;
    out += `\u001b]8;;${next === 0 ? '' : address}\u0007`;
    openLink = next;
    if (next === 0) return;
    linksBytes += address.length;
    links.add(next);
  }

  function writeRows(buffer: CoreBuffer, first: number): void {
    const lineAt = (row: number): CoreLine | undefined => buffer.lines.get(buffer.ybase + row);
    if (first === 0 && lineAt(0)?.isWrapped === true) writeTopWrap();
    for (let row = Math.max(1, first + 1); row < rows; row++) {
      const line = lineAt(row);
      const before = lineAt(row - 1);
      if (line?.isWrapped === true && before !== undefined && !flows(before, line)) writeWrap(row);
    }
    for (let row = first; row < rows; row++) {
      const line = lineAt(row);
      if (line === undefined) continue;
      const before = row > first ? lineAt(row - 1) : undefined;
      const next = row + 1 < rows ? lineAt(row + 1) : undefined;
      writeRow(row, line, before, next);
    }
    usePen(DEFAULT_PEN);
    protect(false);
    link(0);
  }

  /** Whether writing on at the end of `before` wraps into `line` by itself. */
  function flows(before: CoreLine, line: CoreLine): boolean {
    if (!hasText(line, 0) || line.getWidth(0) === 0) return false;
    return hasText(before, cols - 1)
      ? before.getWidth(cols - 1) === 1
      : isTail(before, cols - 1) || leavesGap(before, line);
  }

  /** A wide character that did not fit leaves the last cell empty, in its own attributes. */
  function leavesGap(before: CoreLine, line: CoreLine): boolean {
    return (
      line.getWidth(0) === 2 &&
      !hasText(before, cols - 1) &&
      cols > 2 &&
      hasText(line, 0) &&
      (hasText(before, cols - 2) || isTail(before, cols - 2)) &&
      samePen(penAt(before, cols - 1), penAt(line, 0))
    );
  }

  /** Marks an empty row as going on from the empty row before it. */
  function writeWrap(row: number): void {
    out += `\u001b[${row};${cols}Hxx\b\u001b[X\u001b[${row};${cols}H\u001b[X`;
    atRow = row - 1;
    atColumn = cols - 1;
  }

  /** The same for the topmost row: made one below, and moved up. */
  function writeTopWrap(): void {
    out += `\u001b[1;${cols}Hxx\u001b[H${rows > 1 ? '\u001b[M' : ''}\u001b[X`;
    atRow = 0;
    atColumn = 0;
  }

  function writeRow(
    row: number,
    line: CoreLine,
    before: CoreLine | undefined,
    next: CoreLine | undefined,
  ): void {
    stale = -1;
    const isContinued = next?.isWrapped === true && flows(line, next);
    const end = isContinued && leavesGap(line, next) ? cols - 1 : cols;
    let column = 0;
    if (before !== undefined && line.isWrapped && flows(before, line)) {
      // The cursor stands behind the last column of `before`: the first character wraps.
      writeText(row, line, 0, true);
      column = atColumn;
    }
    const styled = end === cols ? styledEnd(line, column) : end;
    while (column < styled) column = writeCells(row, line, column, styled);
    for (column = end - 1; column >= styled; column--) writeStyledBlank(row, line, column, true);
    if (styled < end && styled > 0) rewrite(row, line, styled - 1);
  }

  /** Where the empty cells with attributes at the end of a row begin. They are written last. */
  function styledEnd(line: CoreLine, from: number): number {
    let start = cols;
    while (start > Math.max(from, 1) && isStyledBlank(line, start - 1)) start--;
    return start;
  }

  function isStyledBlank(line: CoreLine, column: number): boolean {
    if (hasText(line, column) || isTail(line, column)) return false;
    const cell = penAt(line, column);
    return cell.fg !== 0 || cell.flags !== 0 || isProtected(line.getBg(column));
  }

  /** Writes a cell that what came after has spoilt. */
  function rewrite(row: number, line: CoreLine, column: number): void {
    stale = column;
    writeCells(row, line, isTail(line, column) ? Math.max(0, column - 1) : column, column + 1);
  }

  /** Writes one cell, or a run of empty ones; gives the column behind it. */
  function writeCells(row: number, line: CoreLine, column: number, end: number): number {
    if (hasText(line, column)) {
      if (line.getWidth(column) === 2 && column === cols - 1) return column + 1;
      writeText(row, line, column, false);
      const isTorn = line.getWidth(column) === 2 && !isTail(line, column + 1);
      if (isTorn && column === cols - 2) return writeTorn(line, column);
      return column + Math.max(1, line.getWidth(column));
    }
    const fg = line.getFg(column);
    const bg = line.getBg(column);
    const cell = penAt(line, column);
    if (isStyledBlank(line, column)) {
      writeStyledBlank(row, line, column, column === cols - 1);
      return column + 1;
    }
    let to = column + 1;
    while (to < end && !hasText(line, to) && line.getFg(to) === fg && line.getBg(to) === bg) to++;
    if (cell.bg !== 0) writeGround(row, line, column, to, cell);
    else if (stale === column) writeGround(row, line, column, column + 1, cell);
    return to;
  }

  function writeGround(row: number, line: CoreLine, from: number, to: number, cell: Pen): void {
    if (row !== atRow || from !== atColumn) toRow(row, from, line);
    usePen({ ...pen, bg: cell.bg });
    const whole = to === cols && (from > 0 || !line.isWrapped);
    out += whole ? '\u001b[K' : to === from + 1 ? '\u001b[X' : `\u001b[${to - from}X`;
  }

  /** Moves to a cell; by a line feed where that is shorter and unwraps nothing. */
  function toRow(row: number, column: number, line: CoreLine): void {
    if (row === atRow + 1 && atRow >= 0 && !line.isWrapped) {
      out += '\r\n';
      atRow = row;
      atColumn = 0;
    }
    moveTo(row, column);
  }

  function writeText(row: number, line: CoreLine, column: number, wraps: boolean): void {
    const width = line.getWidth(column);
    if (!wraps) {
      toRow(row, column, line);
      // An accent on its own has a cell of its own only behind a control sequence.
      if (width === 0) out += `\u001b[${column + 1}G`;
    }
    link(linkAt(line, column));
    usePen(penAt(line, column));
    protect(isProtected(line.getBg(column)));
    out += line.getString(column);
    atRow = row;
    atColumn = column + Math.max(1, width);
  }

  /** Without wrapping, a wide character too many takes the second half from one at the edge. */
  function writeTorn(line: CoreLine, column: number): number {
    link(linkAt(line, column + 1));
    usePen(penAt(line, column + 1));
    protect(isProtected(line.getBg(column + 1)));
    out += `\u001b[?7l${WIDE}\u001b[?7h`;
    atColumn = column + 1;
    return column + 2;
  }

  /** An empty cell with more than a ground: half of an overwritten wide character. */
  function writeStyledBlank(row: number, line: CoreLine, column: number, isRight: boolean): void {
    const at = isRight ? column - 1 : column;
    toRow(row, at, line);
    link(linkAt(line, column));
    out += `${WIDE}\u001b[${(isRight ? at : at + 1) + 1}G`;
    usePen(penAt(line, column));
    protect(isProtected(line.getBg(column)));
    out += ' ';
    atColumn = isRight ? column : column + 2;
    stale = isRight ? -1 : column + 1;
  }

  return {
    size: { cols, rows },
    text: () => out,
    put: (text) => {
      out += text;
    },
    lost,
    moveTo,
    jumpTo,
    pen: usePen,
    protect,
    link,
    hasWritten: (id) => links.has(id),
    rows: writeRows,
  };
}
