// A command's output as an agent sends it (text with line ends, colours and carriage returns)
// as rows that a page can show. Only SGR, CR, backspace, tab and 'erase line' mean something; every other
// control is left out (ECMA-48; colours as in xterm's ctlseqs, 'Character Attributes').
import type { Row, StyleRun } from '../../protocol/document.ts';

interface Style {
  readonly fg: number;
  readonly bg: number;
  readonly flags: number;
}

const PLAIN: Style = { fg: -1, bg: -1, flags: 0 };
const TRUE_COLOUR = 0x1000000;
/** SGR numbers that set a flag, and those that clear some. */
const SETS: Readonly<Record<number, number>> = {
  1: 1,
  2: 2,
  3: 4,
  4: 8,
  5: 16,
  7: 32,
  8: 64,
  9: 128,
  53: 256,
};
const CLEARS: Readonly<Record<number, number>> = {
  22: 3,
  23: 4,
  24: 8,
  25: 16,
  27: 32,
  28: 64,
  29: 128,
  55: 256,
};
/** One control sequence, string or single control; what is between is text. */
const PIECE =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/gu;

/** A row being written: a carriage return goes back to its first column. */
interface Line {
  chars: string[];
  styles: Style[];
  at: number;
}

export function outputRows(text: string): readonly Row[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const rows: Row[] = [];
  let style = PLAIN;
  for (const line of lines) {
    if (!hasControl(line)) {
      rows.push({ text: line, wrapped: false, runs: runOf(style, line.length) });
      continue;
    }
    const [row, after] = rowOf(line, style);
    style = after;
    rows.push(row);
  }
  return rows;
}

function hasControl(line: string): boolean {
  return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(line);
}

function runOf(style: Style, length: number): readonly StyleRun[] {
  return style === PLAIN || length === 0 ? [] : [{ length, ...style }];
}

function rowOf(line: string, before: Style): readonly [Row, Style] {
  const drawn: Line = { chars: [], styles: [], at: 0 };
  let style = before;
  for (const [piece] of line.matchAll(PIECE)) {
    if (piece === '\r') drawn.at = 0;
    else if (piece === '\b') drawn.at = Math.max(0, drawn.at - 1);
    else if (piece.startsWith('\u001b[')) style = controlled(drawn, piece, style);
    else if (!hasControl(piece)) write(drawn, piece, style);
  }
  return [rowFrom(drawn), style];
}

function controlled(line: Line, sequence: string, style: Style): Style {
  const parameters = sequence.slice(2, -1);
  if (sequence.endsWith('m') && /^[\d;:]*$/.test(parameters)) return styled(style, parameters);
  if (sequence.endsWith('K')) erase(line, parameters);
  return style;
}

function erase(line: Line, parameters: string): void {
  if (parameters === '' || parameters === '0') {
    line.chars.length = Math.min(line.chars.length, line.at);
    line.styles.length = line.chars.length;
  } else if (parameters === '2') {
    line.chars = line.chars.map(() => ' ');
    line.styles = line.styles.map(() => PLAIN);
  }
}

function write(line: Line, text: string, style: Style): void {
  for (const char of text) {
    line.chars[line.at] = char;
    line.styles[line.at] = style;
    line.at += 1;
  }
}

function rowFrom(line: Line): Row {
  const runs: { length: number; fg: number; bg: number; flags: number }[] = [];
  let before: Style | undefined;
  for (const [at, char] of line.chars.entries()) {
    const style = line.styles[at] ?? PLAIN;
    const last = runs.at(-1);
    if (last !== undefined && style === before) last.length += char.length;
    else runs.push({ length: char.length, ...style });
    before = style;
  }
  const isPlain = runs.every((run) => run.fg === -1 && run.bg === -1 && run.flags === 0);
  return { text: line.chars.join(''), wrapped: false, runs: isPlain ? [] : runs };
}

function styled(style: Style, parameters: string): Style {
  const numbers = parameters.split(/[;:]/).map((one) => (one === '' ? 0 : Number(one)));
  let { fg, bg, flags } = style;
  for (let at = 0; at < numbers.length; at++) {
    const n = numbers[at] ?? 0;
    if (n === 0) [fg, bg, flags] = [-1, -1, 0];
    else if (SETS[n] !== undefined) flags |= SETS[n];
    else if (CLEARS[n] !== undefined) flags &= ~CLEARS[n];
    else if (n === 39) fg = -1;
    else if (n === 49) bg = -1;
    else if (n === 38 || n === 48) {
      const [colour, used] = extended(numbers, at);
      at += used;
      if (n === 38) fg = colour ?? fg;
      else bg = colour ?? bg;
    } else if (n >= 30 && n < 38) fg = n - 30;
    else if (n >= 40 && n < 48) bg = n - 40;
    else if (n >= 90 && n < 98) fg = n - 90 + 8;
    else if (n >= 100 && n < 108) bg = n - 100 + 8;
  }
  return fg === -1 && bg === -1 && flags === 0 ? PLAIN : { fg, bg, flags };
}

/** `38;5;N` or `38;2;R;G;B`: the colour, and how many numbers it took. */
function extended(
  numbers: readonly number[],
  at: number,
): readonly [colour: number | null, used: number] {
  const byte = (offset: number): number => Math.min(255, numbers[at + offset] ?? 0);
  if (numbers[at + 1] === 5) return [byte(2), 2];
  if (numbers[at + 1] !== 2) return [null, 0];
  return [TRUE_COLOUR + ((byte(2) << 16) | (byte(3) << 8) | byte(4)), 4];
}
