// One line of an emulator's cells. Knows lines; not buffers, and not what becomes of them.
import { hasExtended, penOf, type Pen } from './pen.ts';
import type { CoreCell, CoreExtended, CoreLine } from './xterm-core.ts';

const SPACE = ' ';
/** Cells are copied into this one, which spares an object for each. */
const work: CoreCell = { content: 0, fg: 0, bg: 0, combinedData: '', extended: { urlId: 0 } };

/** The second half of a wide character. */
export function isTail(line: CoreLine, column: number): boolean {
  return line.getWidth(column) === 0 && line.hasContent(column) === 0;
}

export function hasText(line: CoreLine, column: number): boolean {
  return line.hasContent(column) !== 0;
}

export function extendedAt(line: CoreLine, column: number): CoreExtended | undefined {
  if (!hasExtended(line.getBg(column))) return undefined;
  line.loadCell(column, work);
  return work.extended;
}

export function penAt(line: CoreLine, column: number): Pen {
  return penOf(line.getFg(column), line.getBg(column), extendedAt(line, column));
}

/** 0 where there is none. */
export function linkAt(line: CoreLine, column: number): number {
  return extendedAt(line, column)?.urlId ?? 0;
}

/** No text, or a space. */
export function isBlank(line: CoreLine, column: number): boolean {
  return line.hasContent(column) === 0 || line.getString(column) === SPACE;
}

/** Takes a wide character that lost its second half out of the last column. */
export function mendEdge(line: CoreLine): void {
  const last = line.length - 1;
  if (line.getWidth(last) !== 2) return;
  line.loadCell(last, work);
  line.setCellFromCodepoint(last, 0, 1, work);
}
