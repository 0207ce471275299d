// What a viewer shows, character by character with its colours, in one form for all of them: the
// page's grid as it stands in the document, the terminal viewer's as it says.
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import type { Line } from './meshell-process.ts';

/** A row of characters, each as `x fg bg attributes`; blanks without a look are left out at its end. */
export type ShownRow = readonly string[];

const PageRuns = v.array(
  v.array(v.object({ text: v.string(), classes: v.string(), style: v.string() })),
);

/** In the document all rows of the grid are there, also those that the page crops away. */
export async function pageCells(page: Page): Promise<ShownRow[]> {
  const runs: unknown = await page.evaluate(`
    [...document.querySelectorAll('[aria-label="Live terminal"] .xterm-rows > div')].map((row) =>
      [...row.querySelectorAll('span')].map((span) => ({
        text: span.textContent, classes: span.className, style: span.getAttribute('style') ?? '',
      })))`);
  return v.parse(PageRuns, runs).map((row) =>
    trimmed(
      row.flatMap(({ text, classes, style }) => {
        const look = [
          colourIn(classes, style, 'fg'),
          colourIn(classes, style, 'bg'),
          ...['bold', 'dim', 'italic', 'underline', 'strikethrough', 'overline'].filter((name) =>
            new RegExp(`xterm-${name}(?:-|\\s|$)`).test(classes),
          ),
        ].join(' ');
        return Array.from(text.replaceAll('\u00a0', ' ')).map((char) => `${char} ${look}`);
      }),
    ),
  );
}

function colourIn(classes: string, style: string, which: 'fg' | 'bg'): string {
  const index = new RegExp(`xterm-${which}-(\\d+)`).exec(classes)?.[1];
  if (index !== undefined) return index;
  const name = which === 'fg' ? '(?:^|[;\\s])color' : 'background-color';
  return new RegExp(`${name}:\\s*(#[\\da-f]{6})`).exec(style)?.[1] ?? 'default';
}

const Styles = v.array(
  v.array(v.object({ text: v.string(), fg: v.number(), bg: v.number(), flags: v.number() })),
);

/** Of a line `{"event":"screen","styles":…}`, as xterm.js would draw it. */
export function joinedCells(line: Line): ShownRow[] {
  return v.parse(Styles, line['styles']).map((row) =>
    trimmed(
      row.flatMap(({ text, fg, bg, flags }) => {
        const [front, back] =
          (flags & 32) === 0 ? [fg, bg] : [bg === -1 ? 257 : bg, fg === -1 ? 257 : fg];
        const bright = (flags & 1) !== 0 && front >= 0 && front < 8 ? front + 8 : front;
        const look = [
          colour(bright),
          colour(back),
          ...NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
        ].join(' ');
        return Array.from(text).map((char) => `${(flags & 64) === 0 ? char : ' '} ${look}`);
      }),
    ),
  );
}

const NAMES: readonly (readonly [number, string])[] = [
  [1, 'bold'],
  [2, 'dim'],
  [4, 'italic'],
  [8, 'underline'],
  [128, 'strikethrough'],
  [256, 'overline'],
];

function colour(run: number): string {
  if (run === -1) return 'default';
  return run < 0x1000000 ? String(run) : `#${(run - 0x1000000).toString(16).padStart(6, '0')}`;
}

const BLANK = '  default default';

function trimmed(row: readonly string[]): ShownRow {
  return row.slice(0, row.findLastIndex((cell) => cell !== BLANK) + 1);
}
