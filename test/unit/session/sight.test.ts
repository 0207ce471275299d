// Alice's terminal is in its life from block 5 on; blocks 5 to 7 have run, 8 comes next.
import { expect, test } from 'vitest';
import { begun, fromBlock, sightOf, type Beginning, type Row } from '../../../src/session/sight.ts';
import type { Scene } from '../../../src/session/sight.ts';

function rowAt(row: number): Row {
  return { row: () => row, release: () => {} };
}

function beginning(row: number): Beginning {
  return { row: rowAt(row), turn: row, alternateFrom: row };
}

const scene: Scene = {
  nextBlock: 8,
  firstBlock: 5,
  turn: 30,
  alternates: 4,
  plain: false,
  here: () => beginning(170),
  topRow: () => rowAt(100),
  beginningOf: (number) => (number >= 6 && number < 8 ? beginning(number * 20) : null),
};

function rowOf(sight: ReturnType<typeof sightOf>): number | null {
  return sight.sees === 'since' ? sight.row.row() : null;
}

test('[SP1] from all: everything', () => {
  expect(sightOf({ from: 'all' }, scene)).toEqual({ sees: 'all' });
});

test('[SP1] from none: nothing, until the next block’s prompt', () => {
  const bob = sightOf({ from: 'none' }, scene);
  expect(bob).toEqual({ sees: 'nothing', untilBlock: 8 });
  expect(begun(bob, 7, () => beginning(150))).toBe(bob);
  const sees = begun(bob, 8, () => beginning(160));
  expect(rowOf(sees)).toBe(160);
  expect(begun(sees, 9, () => beginning(180))).toBe(sees);
});

test('[SP1] from the screen: its top row, the title and the alternate screen of now', () => {
  const bob = sightOf({ from: 'screen' }, scene);
  expect(rowOf(bob)).toBe(100);
  expect(bob).toMatchObject({ sees: 'since', turn: 30, alternateFrom: 4 });
});

test('[SP1] from a block: its prompt; from one to come: nothing until then', () => {
  expect(rowOf(sightOf({ from: 'block', block: 6 }, scene))).toBe(120);
  expect(sightOf({ from: 'block', block: 9 }, scene)).toEqual({ sees: 'nothing', untilBlock: 9 });
});

test('[SP1] from a block that has left the screen, or was before this terminal: all there is', () => {
  expect(fromBlock(5, scene)).toEqual({ sees: 'all' });
  expect(fromBlock(4, scene)).toEqual({ sees: 'all' });
  expect(fromBlock(0, { ...scene, firstBlock: 0 })).toEqual({ sees: 'all' });
});

test('[SP9] from none, in a shell that begins no blocks: from here on', () => {
  const plain = { ...scene, plain: true };
  expect(rowOf(sightOf({ from: 'none' }, plain))).toBe(170);
  expect(rowOf(sightOf({ from: 'block', block: 9 }, plain))).toBe(170);
  expect(rowOf(sightOf({ from: 'block', block: 6 }, plain))).toBe(120);
});
