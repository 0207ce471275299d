// Lines of text as a screen of cells, for the painter that draws shared screens. Knows lines;
// not what they say.
import type { CellSource, ViewCell } from '../terminal/cell-source.ts';
import { BOLD, DEFAULT_PEN, DIM, type Pen } from '../terminal/pen.ts';
import type { Line, LinePen } from './plain-lines.ts';
import { cellsOf } from './printable.ts';

/** Of the sixteen colours that every terminal has, as pens keep them. */
const PALETTE_16 = 0x1000000;
const colour = (index: number): number => PALETTE_16 + index;

const PENS: { readonly [P in LinePen]: Pen } = {
  plain: DEFAULT_PEN,
  strong: { ...DEFAULT_PEN, flags: BOLD },
  quiet: { ...DEFAULT_PEN, flags: DIM },
  ask: { ...DEFAULT_PEN, fg: colour(3), flags: BOLD },
  good: { ...DEFAULT_PEN, fg: colour(2) },
  bad: { ...DEFAULT_PEN, fg: colour(1) },
};

/** The terminal puts marks around a paste: it is told from keys. */
const PASTE_MARKS = 2004;

/** `lines` are cut to the size; the cursor is hidden where `cursor` is null. */
export function textScreen(
  lines: readonly Line[],
  size: { readonly cols: number; readonly rows: number },
  cursor: { readonly row: number; readonly column: number } | null,
): CellSource {
  const rows = lines.slice(0, size.rows).map((line) => cellsIn(line, size.cols));
  return {
    ...size,
    cell: (row, column) => rows[row]?.[column] ?? BLANK,
    cursor: {
      row: Math.min(cursor?.row ?? 0, size.rows - 1),
      column: Math.min(cursor?.column ?? 0, size.cols - 1),
      isVisible: cursor !== null,
      style: 0,
    },
    modes: [PASTE_MARKS],
  };
}

const BLANK: ViewCell = { chars: '', width: 1, pen: DEFAULT_PEN, link: '' };

function cellsIn({ text, pen }: Line, cols: number): readonly ViewCell[] {
  const cells: ViewCell[] = [];
  for (const character of text) {
    const width = cellsOf(character);
    const last = cells.at(-1);
    if (width === 0) {
      if (last !== undefined && last.width > 0) {
        cells[cells.length - 1] = { ...last, chars: last.chars + character };
      }
      continue;
    }
    if (cells.length + width > cols) break;
    cells.push({ chars: character, width, pen: PENS[pen], link: '' });
    if (width === 2) cells.push({ ...BLANK, width: 0, pen: PENS[pen] });
  }
  return cells;
}
