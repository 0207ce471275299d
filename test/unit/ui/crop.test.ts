import { expect, test } from 'vitest';
import type { Block } from '../../../src/protocol/document.ts';
import {
  blockAt,
  cropOf,
  finishedBlocks,
  heldAfter,
  rowsAbove,
  type Held,
} from '../../../src/ui/model/crop.ts';
import type { Place } from '../../../src/session/viewer-state.ts';
import { BLOCKS, blockOf, rowsOf } from '../../ui-fixtures/people.ts';

const AT: Place = { top: 100, from: 110, block: 6, shell: 'prompt', alternate: false, title: '' };

function running(number: number, more: Partial<Block> = {}): Block {
  return blockOf('make', [], { number, state: 'running', endedAt: null, exit: null, ...more });
}

test('the cut shows the grid from where the live part begins to its last used row', () => {
  const held = { from: 110, block: 6 };
  expect(cropOf(held, AT, 12, 24)).toEqual({ first: 10, count: 3 });
  expect(cropOf(held, { ...AT, top: 150 }, 23, 24)).toEqual({ first: 0, count: 24 });
  expect(cropOf(held, AT, 4, 24)).toEqual({ first: 10, count: 1 });
  expect(cropOf({ from: 999, block: 6 }, AT, 4, 24)).toEqual({ first: 23, count: 1 });
});

test('a full-screen program has the whole grid, an exited shell none', () => {
  const held = { from: 110, block: 6 };
  expect(cropOf(held, { ...AT, alternate: true }, 2, 24)).toEqual({ first: 0, count: 24 });
  expect(cropOf(held, { ...AT, shell: 'exited' }, 2, 24).count).toBe(0);
});

test('the cut waits for a finished block’s document, then both move at once', () => {
  const before: Held = { from: 110, block: 6 };
  const next = { ...AT, from: 140, block: 7 };
  const stillRunning = [...BLOCKS, running(6)];
  expect(heldAfter(before, next, stillRunning)).toBe(before);
  expect(finishedBlocks(stillRunning, before)).toHaveLength(BLOCKS.length);

  const done = [...BLOCKS, blockOf('make', rowsOf('ok'), { number: 6 })];
  const after = heldAfter(before, next, done);
  expect(after).toEqual({ from: 140, block: 7 });
  expect(finishedBlocks(done, after)).toBe(done);
});

test('a document that is early is not shown twice: it waits for the cut', () => {
  const held = heldAfter(null, { ...AT, shell: 'running' }, []);
  const done = [...BLOCKS, blockOf('make', rowsOf('ok'), { number: 6 })];
  expect(heldAfter(held, { ...AT, shell: 'running' }, done)).toBe(held);
  expect(finishedBlocks(done, held)).toHaveLength(BLOCKS.length);
});

test('within one block the cut follows, and a new epoch that counts anew is followed too', () => {
  const held: Held = { from: 110, block: 6 };
  expect(heldAfter(held, { ...AT, from: 120 }, BLOCKS)).toEqual({ from: 120, block: 6 });
  expect(heldAfter(held, { ...AT, from: 0, block: 2 }, BLOCKS)).toEqual({ from: 0, block: 2 });
});

test('rows above the grid come from the document, as far as the grid has moved', () => {
  const rows = (from: number, to: number) =>
    rowsOf(...Array.from({ length: to - from }, (_, n) => `row ${from + n}`));
  const block = running(6, { firstRow: 100, head: rows(0, 10), omitted: 5, tail: rows(15, 20) });
  expect(rowsAbove(block, 90)).toEqual({ head: [], omitted: 0, tail: [] });
  expect(rowsAbove(block, 104).head.map((row) => row.text)).toEqual(rows(0, 4).map((r) => r.text));
  expect(rowsAbove(block, 113)).toMatchObject({ omitted: 3, tail: [] });
  expect(rowsAbove(block, 117).tail.map((row) => row.text)).toEqual(['row 15', 'row 16']);
});

test('a block is found by its number, and a missing one is missing', () => {
  expect(blockAt(BLOCKS, 2)?.number).toBe(2);
  expect(blockAt(BLOCKS, 99)).toBeUndefined();
  expect(blockAt([], 1)).toBeUndefined();
});
