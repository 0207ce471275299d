// The line at a shell's prompt: who is behind it, and where on the screen it stands. Knows rows
// and columns only as numbers, and no marks.
import type { PublicKey } from '../protocol/ids.ts';

/** Authors remembered of one line; more are 'several' already. */
const AUTHORS_MAX = 8;
/** Stretches of typed text on the screen: lines of one command. Longer ones are exact in history. */
const SPANS_MAX = 256;

/** The emulator's cursor: rows count from the first the terminal ever had, columns from 0. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

export interface Span {
  readonly from: Position;
  readonly to: Position;
}

/** Who is behind the line at the prompt. */
export type Claim =
  | { readonly by: 'keys'; readonly authors: readonly PublicKey[] }
  | { readonly by: 'run'; readonly author: PublicKey; readonly text: string };

/** The line that is being typed, and what was said about it. */
export interface Line {
  readonly claim: Claim;
  /** Where typed text stands on the screen; the last stretch is open where `typingFrom` is. */
  readonly spans: readonly Span[];
  readonly typingFrom: Position | null;
  /** How often the shell asked for a further line. */
  readonly asked: number;
  /** The command as the shell told it, just before it starts. */
  readonly command: string;
}

/** The line with its open stretch ended at `to`; one that would run backwards was scrolled away. */
export function closed(line: Line, to: Position): Line {
  const from = line.typingFrom;
  if (from === null) return line;
  const forward = to.row > from.row || (to.row === from.row && to.column >= from.column);
  const fits = forward && line.spans.length < SPANS_MAX;
  return { ...line, typingFrom: null, spans: fits ? [...line.spans, { from, to }] : line.spans };
}

export function emptyLine(authors: readonly PublicKey[]): Line {
  return { claim: { by: 'keys', authors }, spans: [], typingFrom: null, asked: 0, command: '' };
}

export function joined(authors: readonly PublicKey[], author: PublicKey): readonly PublicKey[] {
  return authors.includes(author) || authors.length >= AUTHORS_MAX ? authors : [...authors, author];
}

/** [TM8] One pair of hands at the prompt, or, if nobody typed there, one that typed ahead. */
export function authorOf(claim: Claim, ahead: readonly PublicKey[]): PublicKey | null {
  if (claim.by === 'run') return claim.author;
  const authors = claim.authors.length > 0 ? claim.authors : ahead;
  const [first] = authors;
  return authors.length === 1 && first !== undefined ? first : null;
}

/** What command.run wrote stays its author's, whoever types into it. */
export function typedBy(line: Line, author: PublicKey): Line {
  const { claim } = line;
  if (claim.by === 'run') return line;
  return { ...line, claim: { by: 'keys', authors: joined(claim.authors, author) } };
}
