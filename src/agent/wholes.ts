// The whole of what a thread shows cut, exactly as it was masked: in memory, and only as long as
// there is room. Knows neither who may have it nor how it travels.
import { WHOLE_CHARS_MAX, type Part, type ToolContent } from '../protocol/thread.ts';

/**
 * Of one thread, in UTF-16 units: at most 8 MiB of memory. With all conversations that may be open
 * that is half a gigabyte at the worst, and next to nothing for those that cut nothing.
 */
export const WHOLES_CHARS_MAX = 4 * 1024 * 1024;

/** What was cut: a piece of a part's contents, or a part's text by the part's id. */
export type Piece = ToolContent | number;

export interface Wholes {
  /** Oldest first. */
  readonly texts: ReadonlyMap<Piece, string>;
  readonly chars: number;
}

export const NO_WHOLES: Wholes = { texts: new Map(), chars: 0 };

/** [TH37] One that is longer than a piece may be is not kept at all: half of it is no whole. */
export function withWhole(wholes: Wholes, piece: Piece, text: string): Wholes {
  if (wholes.texts.get(piece) === text) return wholes;
  const before = withoutWhole(wholes, piece);
  if (text.length > WHOLE_CHARS_MAX) return before;
  const texts = new Map(before.texts).set(piece, text);
  let chars = before.chars + text.length;
  for (const [oldest, old] of texts) {
    if (chars <= WHOLES_CHARS_MAX) break;
    texts.delete(oldest);
    chars -= old.length;
  }
  return { texts, chars };
}

export function withoutWhole(wholes: Wholes, piece: Piece): Wholes {
  const text = wholes.texts.get(piece);
  if (text === undefined) return wholes;
  const texts = new Map(wholes.texts);
  texts.delete(piece);
  return { texts, chars: wholes.chars - text.length };
}

/** `part`'s text could not take all of `more`. What is behind a whole that was dropped is none. */
export function withTextWhole(wholes: Wholes, part: Part, more: string): Wholes {
  if (part.omitted === 0) return withWhole(wholes, part.id, part.text + more);
  const whole = wholes.texts.get(part.id);
  return whole === undefined ? wholes : withWhole(wholes, part.id, whole + more);
}

/** Of a part's text where `content` is null, else of that piece of its contents. */
export function wholeOf(wholes: Wholes, part: Part, content: number | null): string | null {
  if (content === null) return part.omitted > 0 ? (wholes.texts.get(part.id) ?? null) : null;
  const piece = part.contents[content];
  return piece === undefined ? null : (wholes.texts.get(piece) ?? null);
}
