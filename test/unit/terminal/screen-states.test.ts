import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { SEQUELS, STATES } from './hand-made.ts';
import { stateOf } from './terminal-state.ts';

const ALL = { visibleFrom: 0, alternateVisible: true } as const;
const SIZE = { cols: 30, rows: 8 } as const;

describe.each(Object.entries(STATES))('%s', (_, bytes) => {
  test('[SC1] is the same on Bob’s screen as on the sharer’s', () => {
    const sharer = openEmulator({ ...SIZE, answers: true });
    sharer.write(utf8(bytes));
    const bob = openEmulator({ ...SIZE, answers: false });
    bob.write(sharer.screen(ALL));
    expect(stateOf(bob)).toEqual(stateOf(sharer));
  });

  test('[SC1] is written over whatever was there before', () => {
    const sharer = openEmulator({ ...SIZE, answers: true });
    sharer.write(utf8(bytes));
    for (const before of Object.values(STATES)) {
      const bob = openEmulator({ ...SIZE, answers: false });
      bob.write(utf8(before));
      bob.write(sharer.screen(ALL));
      expect(stateOf(bob)).toEqual(stateOf(sharer));
    }
  });

  test.each(SEQUELS)('[SC1] goes on alike after %j', (sequel) => {
    const sharer = openEmulator({ ...SIZE, answers: true });
    sharer.write(utf8(bytes));
    const bob = openEmulator({ ...SIZE, answers: false });
    bob.write(sharer.screen(ALL));
    bob.write(utf8(sequel));
    sharer.write(utf8(sequel));
    expect(stateOf(bob)).toEqual(stateOf(sharer));
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
