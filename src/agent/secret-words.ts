// Reads a text one character at a time and tells where secrets stand in it: words that have a
// key's shape, values of names that say secret, bodies of private keys. What it decides hangs on
// the characters alone, so it is the same however the text was split.
import { looksSecret, nameWord, type ValueForm } from './secret-names.ts';
import { startedKeyBlock, type KeyBlock } from './secret-key-block.ts';
import { shapesIn } from './secret-shapes.ts';

/** In UTF-16 units of the text without control sequences. */
export interface SecretSpan {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Of a word or a value that is held back until it is decided. A web token of a large sign-in has 2 KiB. */
export const HELD_CHARS_MAX = 4096;
/** A value that is none is read again as text; values inside values no oftener than this. */
const READINGS_MAX = 4;
/** From an AWS key's id to its secret, on one line of a table. */
const AWS_PAIR_CHARS = 256;
/** Between two words of a key's body, in UTF-16 units. */
const BLANKS_MAX = 256;
const AWS_SECRET = /^[A-Za-z0-9/+]{40}$/;
const SCHEME = /^(?:bearer|basic|token|digest|apikey|bot|negotiate)$/i;

type Named = { readonly is: 'named'; readonly name: 'sure' | 'hint'; readonly tag: boolean };
type Valued = {
  readonly is: 'valued';
  readonly name: 'sure' | 'hint';
  readonly form: 'shell' | 'bare' | 'scheme';
};
/** What the text so far says about what comes. */
type Expecting = { readonly is: 'nothing' } | Named | Valued;

type Mode =
  | { readonly in: 'text' }
  | { readonly in: 'word'; readonly from: number; readonly glued: boolean }
  | { readonly in: 'bare'; readonly from: number; readonly of: Valued }
  | {
      readonly in: 'quoted';
      readonly from: number;
      readonly of: Valued;
      readonly quote: number;
      readonly escaped: boolean;
    }
  /** A secret that is longer than what is held. */
  | { readonly in: 'rest'; readonly ends: (unit: number) => boolean; readonly label: string };

export interface WordScanner {
  readonly push: (text: string) => void;
  /** The text is over. */
  readonly end: () => void;
  /** All spans that begin before this are told. */
  readonly decided: () => number;
  /** Characters looked at so far, each as often as it was: what a text costs. */
  readonly work: () => number;
}

const NOTHING: Expecting = { is: 'nothing' };
const TEXT: Mode = { in: 'text' };

const INNER = tableOf(/[A-Za-z0-9_\-.+/~%@$!#*^&?]/);
const WORD = tableOf(/[A-Za-z0-9_\-.+/=~%@:$!#*^&?]/);
/** What cannot stand inside a key's shape: a long word is cut behind one. */
const BREAKS = tableOf(/[+/=~%@:$!#*^&?]/);
const KEY = tableOf(/[A-Za-z0-9_\-.+/=]/);
const BARE_ENDS = tableOf(/[\u0000- \u007f"'`,;&|<>]/);
const ESCAPES = tableOf(/[nrtbf0"'\\/]/);
const [TAB, SPACE, QUOTE, TICK, APOSTROPHE] = [0x09, 0x20, 0x22, 0x60, 0x27];
const [BACKSLASH, EQUALS, COLON, LESS, GREATER] = [0x5c, 0x3d, 0x3a, 0x3c, 0x3e];

export function openWordScanner(tell: (span: SecretSpan) => void): WordScanner {
  let buffer = '';
  /** Position of the buffer's first character, and the next one to be read in it. */
  let base = 0;
  let next = 0;
  let mode: Mode = TEXT;
  let expecting: Expecting = NOTHING;
  let block: KeyBlock = startedKeyBlock;
  let isEscaped = false;
  let afterLess = false;
  let wasWord = false;
  let awsUntil = -1;
  /** `secret: string = …`: the name before a type. */
  let typed: { readonly to: number; readonly name: 'sure' | 'hint' } = { to: -9, name: 'hint' };
  let readTo = 0;
  let readings = 0;
  let work = 0;

  /** A piece of the buffer, to be looked at. */
  function piece(from: number, to: number): string {
    work += to - from;
    return buffer.slice(from, to);
  }

  function found(from: number, to: number, label: string): void {
    if (to > from) tell({ from: base + from, to: base + to, label });
  }

  function step(unit: number): void {
    switch (mode.in) {
      case 'text':
        return inText(unit);
      case 'word':
        return inWord(mode, unit);
      case 'bare':
        return inBare(mode, unit);
      case 'quoted':
        return inQuoted(mode, unit);
      case 'rest':
        if (!mode.ends(unit)) return found(next, next + 1, mode.label);
        mode = TEXT;
        return inText(unit);
    }
  }

  function inText(unit: number): void {
    if (isEscaped) {
      isEscaped = false;
      if (isIn(ESCAPES, unit))
        return unit === QUOTE || unit === APOSTROPHE ? quote(unit, true) : separate(SPACE);
    }
    if (expecting.is === 'valued' && canBegin(unit)) return beginBare(expecting);
    if (unit === EQUALS || unit === COLON) return assign(unit);
    if (isIn(WORD, unit)) {
      mode = { in: 'word', from: next, glued: wasWord };
      return;
    }
    separate(unit);
  }

  /** Bare values are read with signs that no word has. */
  function canBegin(unit: number): boolean {
    return !isIn(BARE_ENDS, unit) && ![EQUALS, COLON, BACKSLASH].includes(unit) && mayRead();
  }

  function mayRead(): boolean {
    return readings < READINGS_MAX || base + next >= readTo;
  }

  function beginBare(of: Valued): void {
    mode = { in: 'bare', from: next, of };
    expecting = NOTHING;
  }

  function assign(unit: number): void {
    wasWord = false;
    if (expecting.is === 'named') expecting = { is: 'valued', name: expecting.name, form: 'bare' };
    else if (unit === EQUALS && base + next - typed.to <= 1) {
      expecting = { is: 'valued', name: typed.name, form: 'bare' };
    } else if (expecting.is !== 'valued' || unit === COLON) expecting = NOTHING;
    else expecting = buffer.charCodeAt(next - 1) === COLON ? expecting : NOTHING;
  }

  function separate(unit: number): void {
    wasWord = false;
    afterLess = unit === LESS;
    if (block.is === 'body' && base + next - block.end > BLANKS_MAX) block = startedKeyBlock;
    if (unit === SPACE || unit === TAB) {
      if (expecting.is === 'valued' && expecting.form === 'shell')
        expecting = { ...expecting, form: 'bare' };
    } else if (unit === QUOTE || unit === APOSTROPHE || unit === TICK) quote(unit, false);
    else if (unit === BACKSLASH) isEscaped = true;
    else if (unit === GREATER && expecting.is === 'named' && expecting.tag) {
      expecting = { is: 'valued', name: expecting.name, form: 'bare' };
    } else if (unit !== GREATER || expecting.is !== 'valued') expecting = NOTHING;
  }

  function quote(unit: number, escaped: boolean): void {
    wasWord = false;
    if (expecting.is !== 'valued') return;
    if (!mayRead()) expecting = NOTHING;
    else {
      mode = { in: 'quoted', from: next + 1, of: expecting, quote: unit, escaped };
      expecting = NOTHING;
    }
  }

  function inWord(word: Extract<Mode, { in: 'word' }>, unit: number): void {
    if (unit === EQUALS || unit === COLON) {
      const name = nameBefore(word.from);
      if (name !== 'none') {
        endWord(word, next);
        wasWord = false;
        expecting = { is: 'valued', name, form: unit === EQUALS ? 'shell' : 'bare' };
        return;
      }
    }
    if (!isIn(WORD, unit)) {
      endWord(word, next);
      wasWord = false;
      return inText(unit);
    }
    if (next - word.from >= HELD_CHARS_MAX) cutWord(word);
  }

  /** A word longer than what is held: cut where no key could go on. */
  function cutWord(word: Extract<Mode, { in: 'word' }>): void {
    let cut = next;
    while (cut > word.from + HELD_CHARS_MAX / 2 && !isIn(BREAKS, buffer.charCodeAt(cut - 1))) cut--;
    const isWhole = cut === word.from + HELD_CHARS_MAX / 2;
    const label = endWord(word, isWhole ? next : cut);
    if (isWhole && label !== 'none') {
      mode = { in: 'rest', ends: (unit) => !isIn(KEY, unit), label };
      step(buffer.charCodeAt(next));
    } else mode = { in: 'word', from: isWhole ? next : cut, glued: isWhole };
  }

  /** Tells what the word holds; gives the label of what goes on to its very end. */
  function endWord({ from, glued }: { from: number; glued: boolean }, to: number): string {
    const word = piece(from, to);
    mode = TEXT;
    wasWord = true;
    const tagged = afterLess;
    afterLess = false;
    if (block.is !== 'outside' || word.endsWith('-----BEGIN')) {
      const read = block.read(word, base + from);
      block = read.next;
      if (read.span !== 'none') found(read.span.from - base, read.span.to - base, 'private key');
      if (read.next.is === 'body') {
        expecting = NOTHING;
        return 'none';
      }
    }
    let last = 'none';
    for (const one of shapesIn(word, glued)) {
      found(from + one.from, from + one.to, one.label);
      if (one.label === 'AWS key') awsUntil = base + to + AWS_PAIR_CHARS;
      if (from + one.to === to) last = one.label;
    }
    if (base + from < awsUntil && AWS_SECRET.test(word)) found(from, to, 'AWS key');
    expecting = expectAfter(word, tagged);
    return last;
  }

  function expectAfter(word: string, tag: boolean): Expecting {
    if (expecting.is === 'valued') return NOTHING;
    if (word.length === 6 && /^bearer$/i.test(word))
      return { is: 'valued', name: 'sure', form: 'scheme' };
    const name = word.length > 64 ? 'none' : nameWord(word);
    if (name === 'none') return NOTHING;
    return /^--?[A-Za-z]/.test(word)
      ? { is: 'valued', name, form: 'bare' }
      : { is: 'named', name, tag };
  }

  function nameBefore(from: number): 'sure' | 'hint' | 'none' {
    const name = /[A-Za-z_][\w.-]{0,63}$/.exec(piece(Math.max(from, next - 64), next));
    return name === null ? 'none' : nameWord(name[0]);
  }

  function inBare(value: Extract<Mode, { in: 'bare' }>, unit: number): void {
    const isEnd = isIn(BARE_ENDS, unit);
    if (!isEnd && next - value.from < HELD_CHARS_MAX) return;
    const text = piece(value.from, next);
    if (value.of.form !== 'shell' && SCHEME.test(text) && (unit === SPACE || unit === TAB)) {
      mode = TEXT;
      expecting = { is: 'valued', name: 'sure', form: 'scheme' };
      return;
    }
    if (!isBareSecret(text, value.of)) {
      typed = { to: base + next, name: value.of.name };
      return readAgain(value.from);
    }
    found(value.from, next, 'secret');
    mode = isEnd ? TEXT : { in: 'rest', ends: (one) => isIn(BARE_ENDS, one), label: 'secret' };
    step(unit);
  }

  function inQuoted(value: Extract<Mode, { in: 'quoted' }>, unit: number): void {
    const isClosed = unit === value.quote && (value.escaped || !isOddlyEscaped(value.from));
    const isBroken = unit === 0x0a || unit === 0x0d || next - value.from >= HELD_CHARS_MAX;
    if (!isClosed && !isBroken) return;
    const end = value.escaped && buffer.charCodeAt(next - 1) === BACKSLASH ? next - 1 : next;
    const text = piece(value.from, Math.max(value.from, end));
    const scheme = /^(?:bearer|basic|token) (?=\S{8,}$)/i.exec(text);
    const from = value.from + (scheme?.[0].length ?? 0);
    const secret = text.slice(from - value.from);
    if (!isClosed || !(scheme !== null || looksSecret(secret, value.of.name, 'quoted'))) {
      return readAgain(value.from);
    }
    found(from, end, 'secret');
    mode = TEXT;
    wasWord = false;
  }

  function isOddlyEscaped(from: number): boolean {
    let at = next;
    while (at > from && buffer.charCodeAt(at - 1) === BACKSLASH) at--;
    work += next - at;
    return (next - at) % 2 === 1;
  }

  /** It was no secret as a whole: there may still be one in it. */
  function readAgain(from: number): void {
    readings = base + from < readTo ? readings + 1 : 1;
    readTo = Math.max(readTo, base + next);
    mode = TEXT;
    expecting = NOTHING;
    isEscaped = false;
    wasWord = false;
    next = from - 1;
  }

  function scan(): void {
    while (next < buffer.length) {
      if (mode.in === 'word') skip(mode.from + HELD_CHARS_MAX);
      if (next >= buffer.length) return;
      work++;
      step(buffer.charCodeAt(next));
      next++;
    }
  }

  /** Nothing is decided inside a word but behind a name. */
  function skip(limit: number): void {
    const to = Math.min(limit, buffer.length);
    let at = next;
    while (at < to && INNER[buffer.charCodeAt(at)] === 1) at++;
    work += at - next;
    next = at;
  }

  function heldFrom(): number {
    const here = 'from' in mode ? mode.from : next;
    return block.is === 'body' ? Math.min(here, block.end - base) : here;
  }

  return {
    push(text) {
      buffer += text;
      scan();
      // One more stays, to look back at.
      const drop = Math.min(heldFrom(), next) - 1;
      if (drop < HELD_CHARS_MAX) return;
      buffer = buffer.slice(drop);
      base += drop;
      next -= drop;
      if ('from' in mode) mode = { ...mode, from: mode.from - drop };
    },
    end() {
      // A line's end decides everything.
      const length = buffer.length;
      buffer += '\n';
      scan();
      buffer = buffer.slice(0, length);
    },
    work: () => work,
    decided: () => base + Math.max(0, Math.min(heldFrom(), buffer.length)),
  };
}

function isBareSecret(text: string, of: Valued): boolean {
  if (/^[\w$.]+[([]/.test(text)) return false;
  const value = text.replace(/[)}\].:]+$/, '');
  if (of.form === 'scheme')
    return value.length >= 16 ? /\d|[a-z][A-Z]/.test(value) : /^(?=.*\d).{8}/.test(value);
  const form: ValueForm = of.form;
  return looksSecret(value, of.name, form);
}

/** Of the characters of ASCII; all others are in no table. */
function tableOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, unit) =>
    pattern.test(String.fromCharCode(unit)) ? 1 : 0,
  );
}

function isIn(table: Uint8Array, unit: number): boolean {
  return table[unit] === 1;
}
