import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import { expect, test } from 'vitest';
import { columnsOf, isWide } from '../../../src/ui/model/columns.ts';

test('two columns are two columns in the emulator too', async () => {
  const codes: number[] = [];
  // Every 7th of the large ranges, and all of the symbol and emoji planes.
  for (let code = 0x1100; code < 0x20100; code += code < 0x2000 || code > 0x1f000 ? 1 : 7) {
    if (code < 0xd800 || code >= 0xe000) codes.push(code);
  }
  const terminal = new Terminal({
    cols: 8,
    rows: 2,
    scrollback: codes.length,
    allowProposedApi: true,
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const text = codes.map((code) => `a${String.fromCodePoint(code)}`).join('\r\n');
  await new Promise<void>((parsed) => terminal.write(text, parsed));
  const differing = codes.filter(
    (code, row) =>
      (terminal.buffer.active.getLine(row)?.getCell(1)?.getWidth() === 2) !== isWide(code),
  );
  expect(differing).toEqual([]);
});

test.each([
  ['a', 1],
  ['é', 1],
  ['\u0301', 0],
  ['\u200d', 0],
  ['東', 2],
  ['😀', 2],
  ['─', 1],
])('%s takes %d', (char, columns) => {
  expect(columnsOf(char)).toBe(columns);
});
