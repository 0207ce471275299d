// Texts that are cut before they are masked, because masking is done elsewhere or later: what the cut
// leaves is whole words, since half of a secret no longer looks like one.
import { HELD_CHARS_MAX } from './secret-words.ts';

/** No secret is longer: of an endless word no more is dropped. In UTF-16 units. */
const DROPPED_CHARS_MAX = HELD_CHARS_MAX;

/** At most so much of the beginning, without the word that is cut; … where anything is left out. */
export function firstWords(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  return `${text.slice(0, wordsEnd(text, charsMax)).trimEnd()}…`;
}

/** Where the word begins in which `end` stands; `end` where it stands in none. */
export function wordsEnd(text: string, end: number): number {
  if (!isWord(text, end)) return isLow(text, end) ? end - 1 : end;
  const least = Math.max(0, end - DROPPED_CHARS_MAX);
  let at = end;
  while (at > least && isWord(text, at - 1)) at--;
  return at;
}

/** Whole lines of the end, of one that is too long its last words, and no key without its beginning. */
export function lastWords(text: string, charsMax: number): string {
  const from = text.length - charsMax;
  return withoutKeyEnd(from <= 0 ? text : text.slice(linesStart(text, from)));
}

function linesStart(text: string, from: number): number {
  if (text[from - 1] === '\n') return from;
  const line = text.indexOf('\n', from);
  const most = Math.min(text.length, from + DROPPED_CHARS_MAX);
  if (line !== -1 && line + 1 < most) return line + 1;
  let at = from;
  if (isWord(text, at - 1)) while (at < most && isWord(text, at)) at++;
  return isLow(text, at) ? at + 1 : at;
}

function withoutKeyEnd(text: string): string {
  const end = text.indexOf('-----END ');
  const begin = text.indexOf('-----BEGIN ');
  if (end === -1 || (begin !== -1 && begin < end)) return text;
  const line = text.indexOf('\n', end);
  return line === -1 ? '' : text.slice(line + 1);
}

/** What secrets are written in: ASCII but blanks; colours within one count to it. */
function isWord(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 0x7f && unit !== 0x20 && (unit < 0x09 || unit > 0x0d);
}

/** The second half of a surrogate pair stands there. */
function isLow(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
