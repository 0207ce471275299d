// What a tool's card shows after another word about it: what was there before, and what is new.
import type { ToolContent } from '../protocol/thread.ts';
import type { ToolPatch } from './agent-event.ts';
import {
  shownContents,
  shownInput,
  type Mask,
  type Shown,
  type ShownPiece,
} from './tool-content.ts';

/** What a word about a card shows, masked and cut; null where it says nothing of it. */
export interface ShownPatch {
  readonly contents: Shown | null;
  readonly input: ShownPiece | null;
}

export function shownPatch({ contents, input }: ToolPatch, mask: Mask): ShownPatch {
  return {
    contents: contents === undefined ? null : shownContents(contents, mask, 2),
    input: input === undefined ? null : shownInput(input, mask),
  };
}

/** What the agent shows, then the place of its command's output, then what it gave its tool. */
export function patchedContents(before: readonly ToolContent[], patch: ShownPatch): Shown {
  const { input } = patch;
  if (patch.contents === null && input === null) return unchanged(before);
  const shown = patch.contents ?? unchanged(before.filter(({ type }) => type !== 'input'));
  const isLost = patch.contents !== null && !shown.contents.some(isOutput) && before.some(isOutput);
  const inputs = input === null ? before.filter(({ type }) => type === 'input') : [input.content];
  const contents = [...shown.contents, ...(isLost ? [OUTPUT] : []), ...inputs];
  const wholes = new Map(shown.wholes);
  if (input !== null && input.whole !== null) wholes.set(input.content, input.whole);
  if (JSON.stringify(contents) !== JSON.stringify(before)) return { contents, wholes };
  // They read the same; what was left out of them may not.
  const pairs = contents.map((content, at) => [before[at], wholes.get(content)] as const);
  return { contents: before, wholes: new Map(pairs.filter(isPair)) };
}

export function unchanged(contents: readonly ToolContent[]): Shown {
  return { contents, wholes: new Map() };
}

function isPair(
  pair: readonly [ToolContent | undefined, string | undefined],
): pair is readonly [ToolContent, string] {
  return pair[0] !== undefined && pair[1] !== undefined;
}

export const OUTPUT = { type: 'output' } as const;

export function isOutput(content: ToolContent): boolean {
  return content.type === 'output';
}
