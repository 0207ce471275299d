import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row, StyleRun } from '../../../src/protocol/document.ts';
import { columnsOf } from '../../../src/ui/model/columns.ts';
import { colourOf, linesOf, rowsText, spansOf } from '../../../src/ui/model/spans.ts';

const PLAIN = { fg: -1, bg: -1, flags: 0 };

function row(text: string, runs: readonly StyleRun[] = [], wrapped = false): Row {
  return { text, runs, wrapped };
}

test('a plain row is one span in no style', () => {
  expect(spansOf(row('hello'))).toEqual([{ text: 'hello', style: null, columns: null }]);
  expect(spansOf(row(''))).toEqual([]);
});

test('runs cover the text from the left, what is left over is plain', () => {
  const spans = spansOf(row('red rest', [{ length: 3, fg: 1, bg: -1, flags: 0 }]));
  expect(spans.map((span) => [span.text, span.style?.color ?? null])).toEqual([
    ['red', 'var(--ansi-1)'],
    [' rest', null],
  ]);
});

test('wide characters keep two columns each, with their marks', () => {
  const spans = spansOf(row('in 東京 ok', [{ length: 8, ...PLAIN }]));
  expect(spans.map((span) => [span.text, span.columns])).toEqual([
    ['in ', null],
    ['東', 2],
    ['京', 2],
    [' ok', null],
  ]);
  expect(spansOf(row('✓e\u0301')).map((span) => [span.text, span.columns])).toEqual([
    ['✓', 1],
    ['e\u0301', 1],
  ]);
});

test('inverse swaps the colours, defaults included; hidden text is transparent', () => {
  const [inverse] = spansOf(row('x', [{ length: 1, fg: -1, bg: 4, flags: 32 }]));
  expect(inverse?.style).toMatchObject({ color: 'var(--ansi-4)', background: 'var(--term-fg)' });
  const [hidden] = spansOf(row('x', [{ length: 1, fg: 1, bg: -1, flags: 64 }]));
  expect(hidden?.style?.color).toBe('transparent');
});

test('bold in a dark colour is bright, as the live terminal draws it', () => {
  const [bold] = spansOf(row('x', [{ length: 1, fg: 2, bg: -1, flags: 1 }]));
  expect(bold?.style).toMatchObject({ color: 'var(--ansi-10)', bold: true });
});

test('the palette’s cube and greys, and true colour', () => {
  expect([16, 21, 196, 231, 232, 255].map(colourOf)).toEqual([
    '#000000',
    '#0000ff',
    '#ff0000',
    '#ffffff',
    '#080808',
    '#eeeeee',
  ]);
  expect(colourOf(0x1000000 + 0x0a0b0c)).toBe('#0a0b0c');
  expect(colourOf(-1)).toBeNull();
});

test('whatever the runs say, no text is lost and none is doubled', () => {
  const run = fc.record({
    length: fc.nat(9),
    fg: fc.integer({ min: -1, max: 255 }),
    bg: fc.integer({ min: -1, max: 255 }),
    flags: fc.nat(511),
  });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(run), (text, runs) => {
      const spans = spansOf(row(text, runs));
      expect(spans.map((span) => span.text).join('')).toBe(text);
    }),
  );
});

test('given widths add up to the terminal’s', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (text) => {
      for (const span of spansOf(row(text))) {
        if (span.columns === null) continue;
        const sum = Array.from(span.text).reduce((total, char) => total + columnsOf(char), 0);
        expect(span.columns).toBe(sum);
      }
    }),
  );
});

test('wrapped rows are one line of the program, also when copied', () => {
  const rows = [row('a long '), row('line', [], true), row('next')];
  expect(linesOf(rows).map((line) => line.length)).toEqual([2, 1]);
  expect(rowsText(rows)).toBe('a long line\nnext');
});
