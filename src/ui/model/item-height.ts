// About how tall a block or a segment will be drawn, before it is drawn; and when a history is too
// long to be drawn whole. In CSS pixels and rows.
import type { Block } from '../../protocol/document.ts';
import type { Part } from '../../protocol/thread.ts';
import type { TimelineItem } from './timeline-items.ts';

const ROW = 18;
const AROUND = 12 + 20 + 2 + 14 + 1;
const FOLDED_ROWS = 222;

/** Up to here the page draws every block and part, so that the browser's own search finds everything. */
const BLOCKS_DRAWN_MAX = 500;
const ROWS_DRAWN_MAX = 10_000;
/** What drawing a part costs, in rows of a block. */
const PART_ROWS = 8;

function blockHeight(block: Block): number {
  const commandRows = block.command === '' ? 0 : block.command.split('\n').length;
  const rows = Math.min(block.head.length + block.tail.length, FOLDED_ROWS);
  return AROUND + (commandRows + rows) * ROW + (rows > 0 ? 6 : 0);
}

/** A segment's head and the room around its turns. */
const SEGMENT_AROUND = 88;
const CARD = 44;
const LINE = 32;
/** Of an answer, in a column of usual width. */
const CHARS_PER_LINE = 110;

export function itemHeight(item: TimelineItem): number {
  if (item.kind === 'block') return blockHeight(item.block);
  return item.segment.parts.reduce((sum, part) => sum + partHeight(part), SEGMENT_AROUND);
}

function partHeight(part: Part): number {
  switch (part.head.kind) {
    case 'prompt':
      return 56 + textLines(part.text) * 20;
    case 'answer':
      return 16 + textLines(part.text) * 22;
    case 'tool':
      return part.head.tool === 'execute' ? CARD + 12 * ROW : CARD;
    default:
      return LINE;
  }
}

function textLines(text: string): number {
  return Math.max(1, text.length / CHARS_PER_LINE, text.split('\n').length);
}

export function drawsAll(items: readonly TimelineItem[]): boolean {
  if (items.length > BLOCKS_DRAWN_MAX) return false;
  let rows = 0;
  for (const item of items) {
    rows +=
      item.kind === 'block'
        ? Math.min(item.block.head.length + item.block.tail.length, FOLDED_ROWS)
        : item.segment.parts.length * PART_ROWS;
  }
  return rows <= ROWS_DRAWN_MAX;
}
