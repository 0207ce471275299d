// Which rows of the live grid are shown beneath the finished blocks, and when that cut may
// move on: never past a block before its finished document is here, so that nothing flashes.
import type { Block, Row } from '../../protocol/document.ts';
import type { Place } from '../../session/viewer-state.ts';

/** What the page currently treats as live: absolute row, and the block it belongs to. */
export interface Held {
  readonly from: number;
  readonly block: number;
}

/** How long a finished block's document may hold the cut back; then it moves without it. */
export const HOLD_MS_MAX = 1500;

export function heldAfter(held: Held | null, place: Place, blocks: readonly Block[]): Held {
  const next = { from: place.from, block: place.block };
  if (held === null || place.block < held.block) return next; // a new epoch counts anew
  if (place.block === held.block) return sameHeld(held, next);
  return isFinished(blocks, held.block) ? next : held;
}

function sameHeld(held: Held, next: Held): Held {
  return held.from === next.from ? held : next;
}

export function isFinished(blocks: readonly Block[], number: number): boolean {
  return blockAt(blocks, number)?.state !== 'running' && blockAt(blocks, number) !== undefined;
}

/** Blocks come in order of number: found from the end, where the live ones are. */
export function blockAt(blocks: readonly Block[], number: number): Block | undefined {
  for (let at = blocks.length - 1; at >= 0; at--) {
    const block = blocks[at];
    if (block === undefined || block.number < number) return undefined;
    if (block.number === number) return block;
  }
  return undefined;
}

/** The blocks that stand above the live part. The same array where none is left out. */
export function finishedBlocks(blocks: readonly Block[], held: Held | null): readonly Block[] {
  if (held === null) return blocks;
  let count = blocks.length;
  for (; count > 0; count--) {
    const block = blocks[count - 1];
    if (block !== undefined && block.number < held.block) break;
  }
  return count === blocks.length ? blocks : blocks.slice(0, count);
}

/** Grid rows shown: from `first`, `count` of them. */
export interface Crop {
  readonly first: number;
  readonly count: number;
}

/** `lastUsed` is the lowest grid row that holds the cursor or anything not blank. */
export function cropOf(
  held: Held | null,
  place: Pick<Place, 'top' | 'alternate' | 'shell'> | null,
  lastUsed: number,
  rows: number,
): Crop {
  if (place === null || place.alternate || held === null) return { first: 0, count: rows };
  if (place.shell === 'exited') return { first: 0, count: 0 };
  const first = Math.min(Math.max(held.from - place.top, 0), rows - 1);
  const last = Math.min(Math.max(lastUsed, first), rows - 1);
  return { first, count: last - first + 1 };
}

export interface RowsAbove {
  readonly head: readonly Row[];
  readonly omitted: number;
  readonly tail: readonly Row[];
}

/** The running block's rows that have scrolled off above the grid's top row. */
export function rowsAbove(block: Block, top: number): RowsAbove {
  const count = Math.max(0, top - block.firstRow);
  if (count <= block.head.length) return { head: block.head.slice(0, count), omitted: 0, tail: [] };
  const past = count - block.head.length;
  if (past <= block.omitted) return { head: block.head, omitted: past, tail: [] };
  return {
    head: block.head,
    omitted: block.omitted,
    tail: block.tail.slice(0, past - block.omitted),
  };
}
