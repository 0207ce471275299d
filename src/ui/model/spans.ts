// Cuts a row of terminal text into spans that a page can show: each in one style, and wide or
// unusual characters on their own, so that columns stay where the terminal had them.
import type { Row, StyleRun } from '../../protocol/document.ts';
import { columnsOf } from './columns.ts';

export interface SpanStyle {
  /** A CSS colour, or null for the theme's own. */
  readonly color: string | null;
  readonly background: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly overline: boolean;
}

export interface Span {
  readonly text: string;
  /** null: nothing but the theme's own. */
  readonly style: SpanStyle | null;
  /** Set where the text must be given exactly this many columns. */
  readonly columns: number | null;
}

const BOLD = 1;
const DIM = 2;
const ITALIC = 4;
const UNDERLINE = 8;
const INVERSE = 32;
const HIDDEN = 64;
const STRIKE = 128;
const OVERLINE = 256;
const TRUE_COLOUR = 0x1000000;

/** Characters that monospace fonts have and draw one column wide; others are given their width. */
const STEADY = /^[\u0000-\u024f\u2010-\u2027\u2030-\u203a\u2190-\u2193\u2500-\u259f]*$/u;

export function spansOf(row: Row): readonly Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const run of row.runs) {
    const text = row.text.slice(at, at + run.length);
    at += run.length;
    if (text !== '') pushSpans(spans, text, styleOf(run));
  }
  if (at < row.text.length) pushSpans(spans, row.text.slice(at), null);
  return spans;
}

function pushSpans(spans: Span[], text: string, style: SpanStyle | null): void {
  if (STEADY.test(text)) {
    spans.push({ text, style, columns: null });
    return;
  }
  let plain = '';
  const flush = (): void => {
    if (plain !== '') spans.push({ text: plain, style, columns: null });
    plain = '';
  };
  for (const [cluster, columns] of clustersOf(text)) {
    if (STEADY.test(cluster)) {
      plain += cluster;
      continue;
    }
    flush();
    spans.push({ text: cluster, style, columns });
  }
  flush();
}

/** A character with the marks that join it, and its columns. */
function* clustersOf(text: string): Generator<readonly [string, number]> {
  let cluster = '';
  let columns = 0;
  for (const char of text) {
    const width = columnsOf(char);
    if (width === 0 && cluster !== '') {
      cluster += char;
      continue;
    }
    if (cluster !== '') yield [cluster, columns];
    cluster = char;
    columns = width;
  }
  if (cluster !== '') yield [cluster, columns];
}

function styleOf(run: StyleRun): SpanStyle | null {
  if (run.fg === -1 && run.bg === -1 && run.flags === 0) return null;
  const has = (bit: number): boolean => (run.flags & bit) !== 0;
  // Bold text in one of the eight dark colours is shown bright, as the live terminal shows it.
  const fg = has(BOLD) && run.fg >= 0 && run.fg < 8 ? run.fg + 8 : run.fg;
  const [front, back] = has(INVERSE)
    ? [colourOf(run.bg) ?? 'var(--term-bg)', colourOf(fg) ?? 'var(--term-fg)']
    : [colourOf(fg), colourOf(run.bg)];
  return {
    color: has(HIDDEN) ? 'transparent' : front,
    background: back,
    bold: has(BOLD),
    dim: has(DIM),
    italic: has(ITALIC),
    underline: has(UNDERLINE),
    strike: has(STRIKE),
    overline: has(OVERLINE),
  };
}

/** The theme's sixteen by name, the other palette colours and true colour as they are. */
export function colourOf(colour: number): string | null {
  if (colour < 0) return null;
  if (colour < 16) return `var(--ansi-${colour})`;
  if (colour >= TRUE_COLOUR) return hex(colour - TRUE_COLOUR);
  if (colour >= 232) {
    const grey = 8 + (colour - 232) * 10;
    return hex((grey << 16) | (grey << 8) | grey);
  }
  const cube = colour - 16;
  const level = (n: number): number => (n === 0 ? 0 : 55 + n * 40);
  const [r, g, b] = [
    level(Math.floor(cube / 36)),
    level(Math.floor(cube / 6) % 6),
    level(cube % 6),
  ];
  return hex((r << 16) | (g << 8) | b);
}

function hex(rgb: number): string {
  return `#${rgb.toString(16).padStart(6, '0')}`;
}

/** Rows as lines of the program: a wrapped row goes on the line before it. */
export function linesOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const lines: Row[][] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    if (row.wrapped && last !== undefined) last.push(row);
    else lines.push([row]);
  }
  return lines;
}

export function rowsText(rows: readonly Row[]): string {
  return linesOf(rows)
    .map((line) => line.map((row) => row.text).join(''))
    .join('\n');
}
