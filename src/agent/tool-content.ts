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
import { NO_OUTPUT, outputEnd, outputText } from './output-text.ts';
import { cutMiddle, safeLine, safeText, utf8Length, wholeEnd } from './safe-text.ts';

/** What hides secrets and the home directory in a whole text: agent/masking.ts. */
export type Mask = (text: string) => string;

/** A path, a name, an address. In UTF-16 units. */
export const LINE_CHARS_MAX = 1024;
/** All contents of one tool call together, in bytes: a dozen whole diffs. */
const CONTENTS_BYTES_MAX = 256 * 1024;
/** Of a text that is cut anyway, this much at either end is looked at. In UTF-16 units. */
const NEAR_CHARS = 64 * 1024;
/** The same of a side of a diff: it may be a whole file whose change stands in its middle. */
const SIDE_CHARS = 512 * 1024;
/**
 * A text or an input up to here is masked, and kept, whole: agents send them anew with each line,
 * and masking this much takes 50 ms. In UTF-16 units.
 */
const TEXT_CHARS = 256 * 1024;
/** Equal lines around a change that stay. */
const CONTEXT_LINES = 3;

/** Contents as they are shown, and the whole of each that was cut. */
export interface Shown {
  readonly contents: readonly ToolContent[];
  readonly wholes: ReadonlyMap<ToolContent, string>;
}

interface ShownPiece {
  readonly content: ToolContent;
  /** Null where nothing was cut, or so much that it was not even looked at. */
  readonly whole: string | null;
}

/** [TH4] The pieces in order, as many as fit; `items` more have to fit beside them. */
export function shownContents(contents: readonly ToolContent[], mask: Mask, items: number): Shown {
  const shown: ToolContent[] = [];
  const wholes = new Map<ToolContent, string>();
  let bytes = 0;
  for (const raw of contents.slice(0, LIST_ITEMS_MAX - items - 1)) {
    const { content, whole } = shownContent(raw, mask);
    bytes += utf8Length(JSON.stringify(content));
    if (bytes > CONTENTS_BYTES_MAX) break;
    shown.push(content);
    if (whole !== null) wholes.set(content, whole);
  }
  const left = contents.length - shown.length;
  if (left > 0) shown.push({ type: 'text', text: `… ${left} more left out …` });
  return { contents: shown, wholes };
}

function shownContent(content: ToolContent, mask: Mask): ShownPiece {
  switch (content.type) {
    case 'text': {
      const [text, left] = outputText(NO_OUTPUT, wholeOrNear(content.text));
      const all = mask(text + outputEnd(left));
      const { text: shown, cut } = cutMiddle(all, CONTENT_BYTES_MAX);
      return { content: { type: 'text', text: shown }, whole: wholeIf(cut, content.text, all) };
    }
    case 'diff':
      return shownDiff(content, mask);
    case 'input':
      return shownInput(content.text, mask);
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
  const all = mask(safeText(wholeOrNear(text)));
  const { text: shown, cut } = cutMiddle(all, CONTENT_BYTES_MAX);
  return { content: { type: 'input', text: shown }, whole: wholeIf(cut, text, all) };
}

/** A text that is too long to be kept whole is looked at near its ends only. */
function wholeOrNear(text: string): string {
  return text.length <= TEXT_CHARS ? text : near(text);
}

/** [TH37] Only what was masked in one piece is a whole: where two ends meet half a secret may stand. */
function wholeIf(cut: boolean, raw: string, masked: string): string | null {
  return cut && raw.length <= TEXT_CHARS ? masked : null;
}

export function shownLine(text: string, mask: Mask, charsMax: number): string {
  return safeLine(mask(safeText(text.slice(0, NEAR_CHARS))), charsMax);
}

function shownDiff(diff: Extract<ToolContent, { type: 'diff' }>, mask: Mask): ShownPiece {
  const old = diff.oldText === null ? null : mask(safeText(near(diff.oldText, SIDE_CHARS)));
  const now = mask(safeText(near(diff.newText, SIDE_CHARS)));
  const isNear =
    (diff.oldText ?? '').length > 2 * SIDE_CHARS || diff.newText.length > 2 * SIDE_CHARS;
  const fits = utf8Length(old ?? '') <= CONTENT_BYTES_MAX && utf8Length(now) <= CONTENT_BYTES_MAX;
  const [from, to] = fits || old === null ? [old, now] : changed(old, now);
  const oldCut = from === null ? null : cutMiddle(from, CONTENT_BYTES_MAX);
  const newCut = cutMiddle(to, CONTENT_BYTES_MAX);
  const content: ToolContent = {
    type: 'diff',
    path: shownLine(diff.path, mask, LINE_CHARS_MAX),
    oldText: oldCut === null ? null : oldCut.text,
    newText: newCut.text,
    added: diff.added,
    removed: diff.removed,
    cut: diff.cut || isNear || !fits,
  };
  const isNoWhole = fits || isNear || diff.cut;
  const sides: WholeDiff = { oldText: old, newText: now };
  return { content, whole: isNoWhole ? null : JSON.stringify(sides) };
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
  const first = Math.max(0, start - CONTEXT_LINES);
  const last = Math.max(0, end - CONTEXT_LINES);
  return [
    from.slice(first, from.length - last).join('\n'),
    to.slice(first, to.length - last).join('\n'),
  ];
}

/** The middle of a huge text never shows: it need not be looked at. */
function near(text: string, chars = NEAR_CHARS): string {
  if (text.length <= 2 * chars) return text;
  const head = text.slice(0, wholeEnd(text, chars));
  return `${head}\n${text.slice(wholeEnd(text, text.length - chars))}`;
}

export function shownPlan(
  entries: readonly PlanEntry[],
  mask: Mask,
  lineCharsMax: number,
): readonly PlanEntry[] {
  return entries.slice(0, LIST_ITEMS_MAX).map(({ content, status, priority }) => ({
    content: shownLine(content, mask, lineCharsMax),
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
