import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { useWidths } from '../../../src/terminal/widths.ts';
import { coreOf } from '../../../src/terminal/xterm-core.ts';
import { isZeroWidth } from '../../../src/terminal/zero-width.ts';

function terminal(): Terminal {
  return new Terminal({ cols: 10, rows: 2, allowProposedApi: true });
}

/** The columns that a character takes in an emulator of ours. */
function columns(character: string): number {
  const emulator = openEmulator({ cols: 10, rows: 2, answers: false });
  emulator.write(utf8(`a${character}`));
  return emulator.cursor().column - 1;
}

test('[SC14] an emoji is two cells wide, as in programs of today', () => {
  expect(['x', 'é', '漢', '👍', '🥳', '─', '\u0301'].map(columns)).toEqual([1, 1, 2, 2, 2, 1, 0]);
});

test('[SC14] loading the table twice is loading it once', () => {
  const one = terminal();
  useWidths(one);
  useWidths(one);
  expect(one.unicode.activeVersion).toBe('11');
});

test('[SA2] every character that takes no cell counts as one that joins', () => {
  const emulator = openEmulator({ cols: 10, rows: 2, answers: false });
  const missed: string[] = [];
  for (let code = 0xa0; code < 0x20000; code++) {
    if ((code >= 0xd800 && code < 0xe000) || code === 0xfeff || isZeroWidth(code)) continue;
    emulator.write(utf8(`\ra${String.fromCodePoint(code)}`));
    if (emulator.cursor().column === 1) missed.push(code.toString(16));
  }
  expect(missed).toEqual([]);
});

test('[SC15] another version of xterm.js is told so at once, and in words', () => {
  expect(() => coreOf({})).toThrow(/package\.json/);
  const newer = terminal();
  const modes = coreOf(newer).service.decPrivateModes;
  Reflect.set(modes, 'kittyKeyboard', false);
  expect(() => coreOf(newer)).toThrow(/coreService/);
});
