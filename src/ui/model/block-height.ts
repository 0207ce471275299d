// About how tall a block will be drawn, before it is drawn; and when a history is too long to be
// drawn whole. In CSS pixels and rows.
import type { Block } from '../../protocol/document.ts';

const ROW = 18;
const AROUND = 12 + 20 + 2 + 14 + 1;
const FOLDED_ROWS = 222;

/** Up to here the page draws every block, so that the browser's own search finds everything. */
const BLOCKS_DRAWN_MAX = 500;
const ROWS_DRAWN_MAX = 10_000;

export function blockHeight(block: Block): number {
  const commandRows = block.command === '' ? 0 : block.command.split('\n').length;
  const rows = Math.min(block.head.length + block.tail.length, FOLDED_ROWS);
  return AROUND + (commandRows + rows) * ROW + (rows > 0 ? 6 : 0);
}

export function drawsAll(blocks: readonly Block[]): boolean {
  if (blocks.length > BLOCKS_DRAWN_MAX) return false;
  let rows = 0;
  for (const block of blocks) rows += Math.min(block.head.length + block.tail.length, FOLDED_ROWS);
  return rows <= ROWS_DRAWN_MAX;
}
