// Texts made safe to show and small enough to send. Knows no secrets: what they hide is for the
// text gate.
import { LEFT_OUT } from '../protocol/thread.ts';

/** Controls but tab and line feed, and halves of surrogate pairs. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cs}/gu;
/** They make a text read other than it is. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** [TH5] Several lines: controls show as their pictures, what turns the direction is left out. */
export function safeText(text: string): string {
  return text.replaceAll('\r', '').replace(DIRECTIONS, '').replace(CONTROLS, pictured);
}

function pictured(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

/** [TH5] One line of at most `charsMax` UTF-16 units. */
export function safeLine(text: string, charsMax: number): string {
  // What is cut off anyway need not be looked at.
  const near = text.length > charsMax * 4 ? text.slice(0, charsMax * 4) : text;
  return cutLine(safeText(near).replaceAll(/\s+/g, ' ').trim(), charsMax);
}

export function cutLine(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, wholeEnd(text, charsMax - 1))}…`;
}

/** The nearest place at or before `end` that parts no surrogate pair. */
export function wholeEnd(text: string, end: number): number {
  if (end <= 0 || end >= text.length) return Math.max(0, Math.min(end, text.length));
  return isHigh(text.charCodeAt(end - 1)) ? end - 1 : end;
}

export function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Bytes of the text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) bytes += unitBytes(text.charCodeAt(i));
  return bytes;
}

/** Two for each half of a pair: together they are four. */
function unitBytes(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  return unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
}

export interface Cut {
  readonly text: string;
  readonly cut: boolean;
}

/** [TH4] At most `bytesMax` of UTF-8: past it the middle is left out, at a line's end where one is near. */
export function cutMiddle(text: string, bytesMax: number): Cut {
  if (text.length * 3 <= bytesMax || utf8Length(text) <= bytesMax) return { text, cut: false };
  const half = Math.floor((bytesMax - GAP_BYTES) / 2);
  const head = lineEnd(text, prefixEnd(text, half));
  const tail = lineStart(text, suffixStart(text, half));
  return { text: `${text.slice(0, head)}${LEFT_OUT}${text.slice(tail)}`, cut: true };
}

/** Of the line in the middle. */
const GAP_BYTES = 32;
/** So near a line's end counts as there. In UTF-16 units. */
const NEAR_CHARS = 200;

function prefixEnd(text: string, bytesMax: number): number {
  let bytes = 0;
  let end = 0;
  while (end < text.length) {
    bytes += unitBytes(text.charCodeAt(end));
    if (bytes > bytesMax) break;
    end++;
  }
  return wholeEnd(text, end);
}

function suffixStart(text: string, bytesMax: number): number {
  let bytes = 0;
  let start = text.length;
  while (start > 0) {
    bytes += unitBytes(text.charCodeAt(start - 1));
    if (bytes > bytesMax) break;
    start--;
  }
  return start > 0 && isHigh(text.charCodeAt(start - 1)) ? start + 1 : start;
}

function lineEnd(text: string, end: number): number {
  const at = text.lastIndexOf('\n', end);
  return at > end - NEAR_CHARS && at > 0 ? at : end;
}

function lineStart(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at !== -1 && at < start + NEAR_CHARS && at + 1 < text.length ? at + 1 : start;
}

/** Lengths of line that are tried, in UTF-16 units, until a whole fits. */
const LINE_CHARS = [2048, 1024, 512, 256, 128, 64, 32, 16] as const;

/** [TH4] What `make` gives for the longest lines with which it is at most `bytesMax` of JSON. */
export function fitted<T>(make: (lineCharsMax: number) => T, bytesMax: number): T {
  for (const chars of LINE_CHARS) {
    const made = make(chars);
    if (utf8Length(JSON.stringify(made)) <= bytesMax) return made;
  }
  return make(8);
}
