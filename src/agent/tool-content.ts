// What a tool call shows, masked and cut to what a thread keeps. Masked before it is cut: half a
// secret no longer looks like one.
import {
  CONTENT_BYTES_MAX,
  LIST_ITEMS_MAX,
  type PlanEntry,
  type ToolContent,
  type WholeDiff,
} from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import { lastWords, wordsEnd } from './cut-words.ts';
import { NO_OUTPUT, outputEnd, outputText } from './output-text.ts';
import { cutMiddle, safeLine, safeText, utf8Length } from './safe-text.ts';

/** What hides secrets and the home directory in a whole text: agent/masking.ts. */
export type Mask = (text: string) => string;

/** A path, a name, an address. In UTF-16 units. */
export const LINE_CHARS_MAX = 1024;
/** All contents of one tool call together, in bytes: a dozen whole diffs. */
const CONTENTS_BYTES_MAX = 256 * 1024;
/** Of a text that is cut anyway, this much at either end is looked at. In UTF-16 units. */
const NEAR_CHARS = 16 * 1024;
/** The same of a line. */
const LINE_NEAR_CHARS = 8 * 1024;
/**
 * A text or an input up to here, both sides of a diff, and all contents of one message together up to
 * twice this, are masked, and kept, whole: agents send them anew with each line, and masking this
 * much takes 50 ms. In UTF-16 units.
 */
const TEXT_CHARS = 256 * 1024;
/** Of all contents of one message no more than this is looked at. */
const LOOKED_CHARS_MAX = 4 * TEXT_CHARS;
/** Lines before a change in which the beginning of a private key is looked for: twice the longest. */
const KEY_LINES = 200;
/** Equal lines around a change that stay. */
const CONTEXT_LINES = 3;

/** Contents as they are shown, and the whole of each that was cut. */
export interface Shown {
  readonly contents: readonly ToolContent[];
  readonly wholes: ReadonlyMap<ToolContent, string>;
}

export interface ShownPiece {
  readonly content: ToolContent;
  /** Null where nothing was cut, or so much that it was not even looked at. */
  readonly whole: string | null;
}

/** [TH4] The pieces in order, as many as fit; `items` more have to fit beside them. */
export function shownContents(contents: readonly ToolContent[], mask: Mask, items: number): Shown {
  const shown: ToolContent[] = [];
  const wholes = new Map<ToolContent, string>();
  let bytes = 0;
  let looked = 0;
  let wholeChars = 0;
  for (const raw of contents.slice(0, LIST_ITEMS_MAX - items - 1)) {
    const chars = charsIn(raw);
    const isWhole = chars <= mostOf(raw) && wholeChars + chars <= 2 * TEXT_CHARS;
    if (isWhole) wholeChars += chars;
    looked += isWhole ? chars : Math.min(chars, 4 * NEAR_CHARS);
    if (looked > LOOKED_CHARS_MAX) break;
    const { content, whole } = shownContent(raw, mask, isWhole);
    bytes += utf8Length(JSON.stringify(content));
    if (bytes > CONTENTS_BYTES_MAX) break;
    shown.push(content);
    if (whole !== null) wholes.set(content, whole);
  }
  const left = contents.length - shown.length;
  if (left > 0) shown.push({ type: 'text', text: `… ${left} more left out …` });
  return { contents: shown, wholes };
}

function charsIn(content: ToolContent): number {
  if (content.type === 'diff') return (content.oldText?.length ?? 0) + content.newText.length;
  return content.type === 'text' || content.type === 'input' ? content.text.length : 0;
}

function mostOf({ type }: ToolContent): number {
  return type === 'diff' ? 2 * TEXT_CHARS : TEXT_CHARS;
}

function shownContent(content: ToolContent, mask: Mask, isWhole: boolean): ShownPiece {
  switch (content.type) {
    case 'text': {
      const [text, left] = outputText(NO_OUTPUT, isWhole ? content.text : near(content.text));
      const all = mask(text + outputEnd(left));
      const { text: shown, cut } = cutMiddle(all, CONTENT_BYTES_MAX);
      return { content: { type: 'text', text: shown }, whole: cut && isWhole ? all : null };
    }
    case 'diff':
      return isWhole ? shownDiff(content, mask) : changedDiff(content, mask);
    case 'input':
      return inputPiece(content.text, mask, isWhole);
    case 'link': {
      const name = shownLine(content.name, mask, LINE_CHARS_MAX);
      const uri = shownLine(content.uri, mask, LINE_CHARS_MAX);
      return { content: { type: 'link', name, uri }, whole: null };
    }
    case 'output':
      return { content, whole: null };
    default:
      return unreachable(content);
  }
}

export function shownInput(text: string, mask: Mask): ShownPiece {
  return inputPiece(text, mask, text.length <= TEXT_CHARS);
}

/** [TH37] Only what was masked in one piece is a whole: where two ends meet half a secret may stand. */
function inputPiece(text: string, mask: Mask, isWhole: boolean): ShownPiece {
  const all = mask(safeText(isWhole ? text : near(text)));
  const { text: shown, cut } = cutMiddle(all, CONTENT_BYTES_MAX);
  return { content: { type: 'input', text: shown }, whole: cut && isWhole ? all : null };
}

export function shownLine(text: string, mask: Mask, charsMax: number): string {
  return safeLine(maskedLine(text, mask), charsMax);
}

function maskedLine(text: string, mask: Mask): string {
  const end = text.length > LINE_NEAR_CHARS ? wordsEnd(text, LINE_NEAR_CHARS) : text.length;
  return mask(safeText(text.slice(0, end)));
}

export type Line = (text: string, charsMax: number) => string;

/** Lines of one head, each masked once, however often it is tried for size. */
export function shownLines(mask: Mask): Line {
  const masked = new Map<string, string>();
  let looked = 0;
  return (text, charsMax) => {
    const known = masked.get(text);
    if (known !== undefined) return safeLine(known, charsMax);
    looked += Math.min(text.length, LINE_NEAR_CHARS);
    // A head holds a tenth of this.
    const line = looked > TEXT_CHARS ? '…' : maskedLine(text, mask);
    masked.set(text, line);
    return safeLine(line, charsMax);
  };
}

function shownDiff(diff: Extract<ToolContent, { type: 'diff' }>, mask: Mask): ShownPiece {
  const old = diff.oldText === null ? null : mask(safeText(diff.oldText));
  const now = mask(safeText(diff.newText));
  const fits = utf8Length(old ?? '') <= CONTENT_BYTES_MAX && utf8Length(now) <= CONTENT_BYTES_MAX;
  const [from, to] = fits || old === null ? [old, now] : changed(old, now);
  const content = diffContent(diff, [from, to], mask, !fits);
  const sides: WholeDiff = { oldText: old, newText: now };
  return { content, whole: fits || diff.cut ? null : JSON.stringify(sides) };
}

/** Of one that is too long to be looked at whole the change alone is, so it has no whole. */
function changedDiff(diff: Extract<ToolContent, { type: 'diff' }>, mask: Mask): ShownPiece {
  const [from, to] =
    diff.oldText === null ? [null, diff.newText] : changed(diff.oldText, diff.newText);
  const masked = (side: string): string => mask(safeText(near(side)));
  const sides = [from === null ? null : masked(from), masked(to)] as const;
  return { content: diffContent(diff, sides, mask, true), whole: null };
}

function diffContent(
  diff: Extract<ToolContent, { type: 'diff' }>,
  [from, to]: readonly [string | null, string],
  mask: Mask,
  isCut: boolean,
): ToolContent {
  return {
    type: 'diff',
    path: shownLine(diff.path, mask, LINE_CHARS_MAX),
    oldText: from === null ? null : cutMiddle(from, CONTENT_BYTES_MAX).text,
    newText: cutMiddle(to, CONTENT_BYTES_MAX).text,
    added: diff.added,
    removed: diff.removed,
    cut: diff.cut || isCut,
  };
}

/** Both sides without the equal lines at their ends, but for a few around the change. */
function changed(old: string, now: string): readonly [string, string] {
  const from = old.split('\n');
  const to = now.split('\n');
  const least = Math.min(from.length, to.length);
  let start = 0;
  while (start < least && from[start] === to[start]) start++;
  let end = 0;
  while (end < least - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  const first = keyStart(from, Math.max(0, start - CONTEXT_LINES));
  const last = Math.max(0, end - CONTEXT_LINES);
  return [
    from.slice(first, from.length - last).join('\n'),
    to.slice(first, to.length - last).join('\n'),
  ];
}

/** The body of a private key is known by its beginning only: where one stands before, that belongs to it. */
function keyStart(lines: readonly string[], first: number): number {
  for (let at = first - 1; at >= Math.max(0, first - KEY_LINES); at--) {
    const line = lines[at] ?? '';
    if (line.includes('-----END ')) return first;
    if (line.includes('-----BEGIN ')) return at;
  }
  return first;
}

/** The middle of a huge text never shows: it need not be looked at. */
function near(text: string): string {
  if (text.length <= 2 * NEAR_CHARS) return text;
  const head = text.slice(0, wordsEnd(text, NEAR_CHARS));
  return `${head}\n${lastWords(text, NEAR_CHARS)}`;
}

export function shownPlan(
  entries: readonly PlanEntry[],
  line: Line,
  lineCharsMax: number,
): readonly PlanEntry[] {
  return entries.slice(0, LIST_ITEMS_MAX).map(({ content, status, priority }) => ({
    content: line(content, lineCharsMax),
    status,
    priority,
  }));
}

/** Of a way to sign in. In UTF-16 units. */
const WAY_CHARS_MAX = 300;

/** Ways to sign in, as one piece of content that a page can read. */
export function shownWays(
  ways: readonly { name: string; description: string; command: string | null }[],
  mask: Mask,
): readonly ToolContent[] {
  const line = (text: string): string => shownLine(text, mask, WAY_CHARS_MAX);
  const shown = ways.map(({ name, description, command }) => ({
    name: line(name),
    description: line(description),
    command: command === null || command.length > WAY_CHARS_MAX ? null : line(command),
  }));
  return shown.length === 0 ? [] : [{ type: 'input', text: JSON.stringify(shown) }];
}
