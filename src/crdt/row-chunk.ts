// Rows as they lie in a block's document: chunks of JSON text, compact and of limited size.
// Knows rows and sizes; which rows a block keeps is for its maker.
import type { Row, StyleRun } from '../protocol/document.ts';

/** One chunk, in bytes of UTF-8: half a frame, so that a change with it is always one frame. */
export const CHUNK_BYTES_MAX = 32 * 1024;
/** Of one row: eight times the widest terminal, for what combining marks add. In UTF-16 units. */
export const ROW_CHARS_MAX = 4096;
/** Of one row: a style for every cell of the widest terminal. */
const ROW_RUNS_MAX = 512;
const COLOUR_MAX = 0x1ffffff;
const FLAGS_MAX = 0x1ff;

/** What a row costs in its document, in bytes of UTF-8: the measure for head and tail caps. */
export function rowBytes(row: Row): number {
  return utf8Length(encodeRow(row)) + 1;
}

/** Rows as chunks of at most CHUNK_BYTES_MAX; a row past its own limits is clipped to them. */
export function encodeRows(rows: readonly Row[]): string[] {
  const chunks: string[] = [];
  let open: string[] = [];
  let bytes = 2;
  for (const row of rows) {
    const text = encodeRow(row);
    const cost = utf8Length(text) + 1;
    if (open.length > 0 && bytes + cost > CHUNK_BYTES_MAX) {
      chunks.push(`[${open.join()}]`);
      open = [];
      bytes = 2;
    }
    open.push(text);
    bytes += cost;
  }
  if (open.length > 0) chunks.push(`[${open.join()}]`);
  return chunks;
}

/** Null where the text is not a chunk: it came from another's document, so every cell is checked. */
export function decodeRows(chunk: string): Row[] | null {
  const raw = parseJson(chunk);
  if (!Array.isArray(raw)) return null;
  const rows: Row[] = [];
  for (const one of raw) {
    const row = decodeRow(one);
    if (row === null) return null;
    rows.push(row);
  }
  return rows;
}

/** A bare string is a row with no styles that wraps nothing; else [text, wrapped, runs flat]. */
function encodeRow(row: Row): string {
  const text = clipText(row.text);
  if (row.runs.length === 0 && !row.wrapped) return JSON.stringify(text);
  const runs = row.runs.slice(0, ROW_RUNS_MAX);
  return JSON.stringify([
    text,
    row.wrapped ? 1 : 0,
    ...runs.flatMap((run) => [
      Math.min(run.length, ROW_CHARS_MAX),
      run.fg,
      run.bg,
      run.flags & FLAGS_MAX,
    ]),
  ]);
}

function decodeRow(raw: unknown): Row | null {
  if (typeof raw === 'string') {
    return raw.length <= ROW_CHARS_MAX ? { text: raw, wrapped: false, runs: [] } : null;
  }
  if (!Array.isArray(raw) || raw.length < 2 || raw.length > 2 + 4 * ROW_RUNS_MAX) return null;
  const cells: readonly unknown[] = raw;
  const [text, wrapped] = cells;
  if (typeof text !== 'string' || text.length > ROW_CHARS_MAX) return null;
  if ((wrapped !== 0 && wrapped !== 1) || cells.length % 4 !== 2) return null;
  const runs: StyleRun[] = [];
  for (let at = 2; at < cells.length; at += 4) {
    const [length, fg, bg, flags] = cells.slice(at, at + 4);
    if (!isBetween(length, 0, ROW_CHARS_MAX) || !isBetween(flags, 0, FLAGS_MAX)) return null;
    if (!isBetween(fg, -1, COLOUR_MAX) || !isBetween(bg, -1, COLOUR_MAX)) return null;
    runs.push({ length, fg, bg, flags });
  }
  return { text, wrapped: wrapped === 1, runs };
}

function isBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Cut to ROW_CHARS_MAX, never through a surrogate pair. */
function clipText(text: string): string {
  if (text.length <= ROW_CHARS_MAX) return text;
  const last = text.charCodeAt(ROW_CHARS_MAX - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? ROW_CHARS_MAX - 1 : ROW_CHARS_MAX);
}

/** Bytes of UTF-8, counted without encoding. JSON text has no lone surrogates. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
