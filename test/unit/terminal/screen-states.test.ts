import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { SEQUELS, STATES } from './hand-made.ts';
import { expectState, stateOf } from './terminal-state.ts';

const ALL = { visibleFrom: 0, alternateVisible: true } as const;
const SIZE = { cols: 30, rows: 8 } as const;

/** The sharer’s emulator after these bytes, its state, and the screen it sends. */
function sharerAfter(bytes: string) {
  const sharer = openEmulator({ ...SIZE, answers: true });
  sharer.write(utf8(bytes));
  return { sharer, screen: sharer.screen(ALL) };
}

describe.each(Object.entries(STATES))('%s', (_, bytes) => {
  test('[SC1] is the same on Bob’s screen as on the sharer’s', () => {
    const { sharer, screen } = sharerAfter(bytes);
    const bob = openEmulator({ ...SIZE, answers: false });
    bob.write(screen);
    expect(stateOf(bob)).toEqual(stateOf(sharer));
  });

  test('[SC1] is written over whatever was there before', () => {
    const { sharer, screen } = sharerAfter(bytes);
    const wanted = stateOf(sharer);
    const bob = openEmulator({ ...SIZE, answers: false });
    for (const before of Object.values(STATES)) {
      bob.reset(SIZE.cols, SIZE.rows);
      bob.write(utf8(before));
      bob.write(screen);
      expectState(bob, wanted, before);
    }
  });

  test('[SC1] goes on alike, whatever comes next', () => {
    const bob = openEmulator({ ...SIZE, answers: false });
    const sharer = openEmulator({ ...SIZE, answers: true });
    for (const sequel of SEQUELS) {
      sharer.reset(SIZE.cols, SIZE.rows);
      sharer.write(utf8(bytes));
      bob.reset(SIZE.cols, SIZE.rows);
      bob.write(sharer.screen(ALL));
      bob.write(utf8(sequel));
      sharer.write(utf8(sequel));
      expectState(bob, stateOf(sharer), sequel);
    }
  });
});

test('[SC1] the comparison sees each of these states as another', () => {
  const seen = Object.values(STATES).map((bytes) => {
    const emulator = openEmulator({ ...SIZE, answers: false });
    emulator.write(utf8(bytes));
    return JSON.stringify(stateOf(emulator));
  });
  expect(new Set(seen).size).toBe(seen.length);
});

test('[SC1] a screen full of text takes under 3 KiB', () => {
  const sharer = openEmulator({ cols: 120, rows: 36, answers: true });
  for (let i = 0; i < 60; i++)
    sharer.write(utf8(`\u001b[32m${i}\u001b[m some words of output on a line ${i}\r\n`));
  expect(sharer.screen(ALL).length).toBeLessThan(3 * 1024);
});
