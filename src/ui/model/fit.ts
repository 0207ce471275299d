// How many cells fit a page, and how large letters may be for a grid to fit. In CSS pixels.
import { COLS_MAX, ROWS_MAX } from '../../protocol/limits.ts';

/** The size letters have where there is room. */
export const FONT_PX = 13;
/** Smaller nobody reads: the grid is then wider than the page and is panned. */
export const FONT_PX_MIN = 9;

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

/** The font size at which `cols` columns fit `width`, given what a cell measures at `fontPx`. */
export function fittedFont(fontPx: number, cellWidth: number, cols: number, width: number): number {
  if (cellWidth <= 0 || cols <= 0) return FONT_PX;
  const fits = (width / cols) * (fontPx / cellWidth);
  return Math.min(FONT_PX, Math.max(FONT_PX_MIN, Math.floor(fits * 2) / 2));
}
