// Rows as blocks keep them: text with style runs, made from an emulator's cells. Small, safe
// to show, and the same whoever reads them.
import type { Row, StyleRun } from '../protocol/document.ts';
import { extendedAt, isBlank, isTail } from './cells.ts';
import { penOf, runColour, showsOnBlank } from './pen.ts';
import type { CoreExtended, CoreLine } from './xterm-core.ts';

/** What a row costs in a document besides its text, about, in bytes. */
const ROW_BYTES = 8;
const RUN_BYTES = 12;

export function rowOf(line: CoreLine): Row {
  const end = lastShown(line);
  const runs: StyleRun[] = [];
  let text = '';
  let fg = 0;
  let bg = 0;
  let extended: CoreExtended | undefined;
  let from = 0;
  for (let column = 0; column < end; column++) {
    if (isTail(line, column)) continue;
    const cellFg = line.getFg(column);
    const cellBg = line.getBg(column);
    const cellExtended = extendedAt(line, column);
    if (cellFg !== fg || cellBg !== bg || cellExtended !== extended) {
      addRun(runs, text.length - from, fg, bg, extended);
      from = text.length;
      fg = cellFg;
      bg = cellBg;
      extended = cellExtended;
    }
    text += line.getString(column) || ' ';
  }
  if (fg !== 0 || bg !== 0) addRun(runs, text.length - from, fg, bg, extended);
  while (runs.length > 0 && isDefault(runs[runs.length - 1])) runs.pop();
  return { text, wrapped: line.isWrapped, runs };
}

/** About the bytes it takes in a document. */
export function rowBytes(row: Row): number {
  let bytes = ROW_BYTES + row.runs.length * RUN_BYTES + row.text.length;
  for (let i = 0; i < row.text.length; i++) {
    const unit = row.text.charCodeAt(i);
    if (unit >= 0x80) bytes += unit >= 0x800 ? 2 : 1;
  }
  return bytes;
}

/** The text of some columns; empty cells between are spaces, those at the end are left out. */
export function lineText(line: CoreLine, from: number, to: number): string {
  let text = '';
  let empty = 0;
  for (let column = from; column < Math.min(to, line.length); column++) {
    if (isTail(line, column)) continue;
    const chars = line.getString(column);
    if (chars === '') {
      empty++;
    } else {
      text += ' '.repeat(empty) + chars;
      empty = 0;
    }
  }
  return text;
}

function lastShown(line: CoreLine): number {
  let end = line.length;
  while (
    end > 0 &&
    isBlank(line, end - 1) &&
    !showsOnBlank(line.getFg(end - 1), line.getBg(end - 1))
  ) {
    end--;
  }
  return end;
}

function addRun(
  runs: StyleRun[],
  length: number,
  fg: number,
  bg: number,
  extended: CoreExtended | undefined,
): void {
  if (length === 0) return;
  const pen = penOf(fg, bg, extended);
  const run = { length, fg: runColour(pen.fg), bg: runColour(pen.bg), flags: pen.flags };
  const last = runs[runs.length - 1];
  if (last !== undefined && last.fg === run.fg && last.bg === run.bg && last.flags === run.flags) {
    runs[runs.length - 1] = { ...last, length: last.length + length };
  } else {
    runs.push(run);
  }
}

function isDefault(run: StyleRun | undefined): boolean {
  return run !== undefined && run.fg === -1 && run.bg === -1 && run.flags === 0;
}
