// How many cells fit a page, and how large letters may be for a grid to fit. In CSS pixels.
import { COLS_MAX, ROWS_MAX } from '../../protocol/limits.ts';

/** The size letters have where there is room. */
export const FONT_PX = 13;
/** Smaller nobody reads: the grid is then wider than the page and is panned. */
const FONT_PX_MIN = 9;
/** On a phone, lines are read and panned; only a full-screen program is worth shrinking. */
const FONT_PX_MIN_NARROW = 12;
const NARROW_PX = 640;

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** null while nothing can be measured. */
export function gridIn(room: Extent, cell: Extent): { cols: number; rows: number } | null {
  if (cell.width <= 0 || cell.height <= 0 || room.width <= 0 || room.height <= 0) return null;
  const cols = Math.floor(room.width / cell.width + 0.01);
  const rows = Math.floor(room.height / cell.height + 0.01);
  return {
    cols: Math.min(Math.max(cols, 20), COLS_MAX),
    rows: Math.min(Math.max(rows, 5), ROWS_MAX),
  };
}

export interface Fit {
  /** What a cell measures at `fontPx`. */
  readonly fontPx: number;
  readonly cellWidth: number;
  readonly cols: number;
  /** The room there is. */
  readonly width: number;
  /** Whether a full-screen program is shown. */
  readonly full: boolean;
}

/** The font size, in half pixels, at which the grid fits; not below what can be read. */
export function fittedFont({ fontPx, cellWidth, cols, width, full }: Fit): number {
  if (cellWidth <= 0 || cols <= 0) return FONT_PX;
  const fits = (width / cols) * (fontPx / cellWidth);
  const least = width < NARROW_PX && !full ? FONT_PX_MIN_NARROW : FONT_PX_MIN;
  return Math.min(FONT_PX, Math.max(least, Math.floor(fits * 2) / 2));
}
