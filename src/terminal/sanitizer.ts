// What stands before every emulator: takes from a terminal's bytes whatever could hang it,
// fill it, or reach past it to a viewer's machine. Knows bytes, not screens.
import { concat, utf8 } from '../protocol/bytes.ts';
import { unreachable } from '../protocol/result.ts';
import { sequenceAt, type Size } from './control-sequences.ts';
import { characterLength, codePointAt, endOf, stringAt } from './control-strings.ts';
import { isZeroWidth } from './zero-width.ts';

/** Each ends with a whole character and a whole sequence. May share memory with what was pushed. */
export interface Sanitized {
  readonly forEmulator: Uint8Array;
  /** The same array where nothing differs. */
  readonly forViewers: Uint8Array;
}

export interface Sanitizer {
  readonly push: (bytes: Uint8Array) => Sanitized;
  /** What came so far does not go on in what comes: no unfinished sequence, no open link. */
  readonly cut: () => Sanitized;
  /** The same in the middle of a program's output: what it has begun is passed over to its end. */
  readonly forget: () => Sanitized;
  readonly resize: (cols: number, rows: number) => void;
}

/** Accents that join one character; more only fill a cell, and with it every screen. */
export const MARKS_MAX = 16;
/** Links at once; each costs an emulator a marker that it moves with every line. */
export const LINKS_BURST = 1000;
/** Passed bytes that earn one more link: a directory listing needs about one in 150. */
const LINK_EARNED_BYTES = 1024;
/** A link longer than this was left open; an emulator searches its lines for each character. */
export const LINK_BYTES_MAX = 4 * 1024;

const ESC = 0x1b;
const OSC = 0x5d;
const LINK_END = utf8('\u001b]8;;\u0007');
const NOTED = Uint8Array.of(0);

/** What the next byte is part of. */
type Phase =
  | 'text'
  /** A control string that nobody gets; after 'osc' a BEL ends it too. */
  | 'string'
  | 'osc'
  /** A sequence too long to be one. */
  | 'sequence';

export function openSanitizer(size: Size): Sanitizer {
  let bounds: Size = size;
  let phase: Phase = 'text';
  /** The beginning of a character or sequence that is not whole yet: at most STRING_BYTES_MAX. */
  let held: Uint8Array = new Uint8Array(0);
  let marks = 0;
  /** Bytes that passed before `from`, since the beginning. Links are counted by them, not by time. */
  let passed = 0;
  let links = LINKS_BURST;
  let linksAt = 0;
  /** Where an open link ends at the latest, in passed bytes; null while none is open. */
  let linkUntil: number | null = null;

  // The chunk at work: what was cut out of it so far, and where the uncut rest begins.
  let input = held;
  let from = 0;
  let emulator: Uint8Array[] = [];
  let viewers: Uint8Array[] = [];
  let differs = false;

  function put(forEmulator: Uint8Array, forViewers: Uint8Array): void {
    emulator.push(forEmulator);
    viewers.push(forViewers);
    passed += forEmulator.length;
    if (forEmulator !== forViewers) differs = true;
  }

  /** Lets what is uncut before `to` pass, and goes on behind `end`. */
  function cut(to: number, end: number): void {
    if (to > from) {
      const piece = input.subarray(from, to);
      put(piece, piece);
    }
    from = end;
  }

  const passedAt = (i: number): number => passed + i - from;

  function push(bytes: Uint8Array): Sanitized {
    input = held.length === 0 ? bytes : concat(held, bytes);
    held = new Uint8Array(0);
    from = 0;
    emulator = [];
    viewers = [];
    differs = false;
    let i = 0;
    while (i < input.length) {
      const next = phase === 'text' ? step(i) : skip(i);
      if (next === null) break;
      i = next;
    }
    if (i < input.length) {
      cut(i, i);
      held = input.slice(i);
    }
    return finished(i);
  }

  function finished(to: number): Sanitized {
    if (from === 0 && emulator.length === 0 && to === input.length) {
      passed += to;
      return { forEmulator: input, forViewers: input };
    }
    cut(to, to);
    const forEmulator = joined(emulator);
    return { forEmulator, forViewers: differs ? joined(viewers) : forEmulator };
  }

  /** One token of text; the index behind it, or null where the chunk ends inside it. */
  function step(i: number): number | null {
    if (linkUntil !== null && passedAt(i) >= linkUntil) {
      cut(i, i);
      endLink();
    }
    const byte = input[i] ?? 0;
    if (byte === ESC) return escape(i);
    if (byte >= 0x80) return character(i);
    const limit =
      linkUntil === null ? input.length : Math.min(input.length, i + linkUntil - passedAt(i));
    let end = i + 1;
    for (; end < limit; end++) {
      const next = input[end] ?? 0;
      if (next === ESC || next >= 0x80) break;
    }
    marks = 0;
    return end;
  }

  /** [SA2] A character beyond ASCII: whole, no C1 control, and not one accent too many. */
  function character(i: number): number | null {
    const length = characterLength(input, i);
    if (length < 0) return null;
    const code = length === 0 ? 0 : codePointAt(input, i, length);
    if (code < 0xa0) {
      cut(i, i + Math.max(1, length));
      return i + Math.max(1, length);
    }
    if (!isZeroWidth(code)) marks = 0;
    else if (++marks > MARKS_MAX) cut(i, i + length);
    return i + length;
  }

  function escape(i: number): number | null {
    const found = sequenceAt(input, i, bounds);
    switch (found.kind) {
      case 'more':
        return null;
      case 'pass':
        marks = 0;
        return found.end;
      case 'instead':
        cut(i, found.end);
        if (found.emulator.length > 0) {
          marks = 0;
          put(found.emulator, found.viewers);
        }
        return found.end;
      case 'endless':
        cut(i, found.end);
        phase = 'sequence';
        return found.end;
      case 'string':
        return string(i, found.opener);
      default:
        return unreachable(found);
    }
  }

  function string(i: number, opener: number): number | null {
    const found = stringAt(input, i, opener);
    if (found.kind === 'more') return null;
    cut(i, found.end);
    switch (found.kind) {
      case 'skip':
        phase = found.bell ? 'osc' : 'string';
        break;
      case 'title':
      case 'query':
        marks = 0;
        put(found.bytes, NOTED);
        break;
      case 'link':
        link(found.address);
        break;
      case 'void':
        break;
    }
    return found.end;
  }

  /** [SA6] Opens or ends a link, if there is still room for one. */
  function link(address: string | null): void {
    const earned = Math.floor((passed - linksAt) / LINK_EARNED_BYTES);
    linksAt += earned * LINK_EARNED_BYTES;
    links = Math.min(LINKS_BURST, links + earned);
    if (address === null || links === 0) {
      if (linkUntil !== null) endLink();
      return;
    }
    links--;
    const opening = utf8(`\u001b]8;;${address}\u0007`);
    marks = 0;
    put(opening, opening);
    linkUntil = passed + LINK_BYTES_MAX;
  }

  function endLink(): void {
    put(LINK_END, LINK_END);
    marks = 0;
    linkUntil = null;
  }

  /** What ends a link that is open, between two chunks. */
  function ended(): Sanitized {
    const end = linkUntil === null ? new Uint8Array(0) : LINK_END;
    linkUntil = null;
    passed += end.length;
    return { forEmulator: end, forViewers: end };
  }

  /** The end of what nobody gets; an ESC is left for what it opens. */
  function skip(i: number): number {
    let end: number;
    if (phase === 'sequence') {
      end = i;
      while (end < input.length && isInside(input[end] ?? 0)) end++;
    } else {
      end = endOf(input, i, phase === 'osc') ?? input.length;
    }
    if (end < input.length) {
      const stop = input[end] ?? 0;
      if (stop !== ESC && stop < 0x80) end++;
      phase = 'text';
    }
    cut(i, end);
    return end;
  }

  return {
    push,
    cut() {
      phase = 'text';
      held = new Uint8Array(0);
      marks = 0;
      return ended();
    },
    forget() {
      if (held[0] === ESC && held[1] === OSC) {
        phase = 'osc';
        held = new Uint8Array(0);
      }
      return ended();
    },
    resize: (cols, rows) => {
      bounds = { cols, rows };
    },
  };
}

/** Whether a sequence goes on after this byte: it does until its final byte, or what aborts it. */
function isInside(byte: number): boolean {
  return byte < 0x40 && byte !== ESC && byte !== 0x18 && byte !== 0x1a ? true : byte === 0x7f;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only !== undefined ? only : concat(...pieces);
}
