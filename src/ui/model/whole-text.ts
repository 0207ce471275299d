// The whole of something cut, as it came from the sharer, made ready to be shown.
import * as v from 'valibot';
import { WholeDiff, type ToolContent } from '../../protocol/thread.ts';
import { visibleText } from './words.ts';

type Diff = Extract<ToolContent, { type: 'diff' }>;

const Sides = v.pipe(v.string(), v.parseJson(), WholeDiff);
const COLOURS = /\u001b\[[\d;:]*m/g;

/** Null where the text says no diff: it is shown as it is then. */
export function wholeDiffOf(diff: Diff, text: string): Diff | null {
  const sides = v.safeParse(Sides, text);
  return sides.success ? { ...diff, ...sides.output, cut: false } : null;
}

/** Output as one text, without its colours: a page takes a megabyte of that, of rows it does not. */
export function plainOutput(text: string): string {
  return visibleText(text.replaceAll(COLOURS, ''));
}
