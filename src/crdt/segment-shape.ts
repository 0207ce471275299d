// How a segment of an agent thread lies in Automerge, and how it is read back. What is unchanged
// is read as the same object as before, so a reader of every frame pays for what is new.
import { isImmutableString, type ImmutableString } from '@automerge/automerge/slim';
import * as v from 'valibot';
import { PublicKey, ThreadId } from '../protocol/ids.ts';
import {
  AgentCard,
  AgentMenu,
  HEAD_BYTES_MAX,
  LIST_ITEMS_MAX,
  PART_TEXT_CHARS_MAX,
  PartHead,
  PROMPT_QUEUE_MAX,
  SEGMENT_PARTS_MAX,
  ThreadHead,
  ToolContent,
  type Part,
} from '../protocol/thread.ts';
import { json, Line, Natural, text, type Pages } from './immutable-text.ts';

export interface PartShape {
  id: number;
  turn: number;
  head: ImmutableString;
  text: Pages;
  omitted: number;
  contents: ImmutableString[];
}

export interface QueuedPromptShape {
  id: number;
  author: ImmutableString;
  text: ImmutableString;
  at: number;
  rank: number;
}

export interface SegmentShape {
  kind: ImmutableString;
  number: number;
  thread: ImmutableString;
  index: number;
  agent: ImmutableString;
  directory: ImmutableString;
  openedAt: number;
  firstPart: number;
  isOver: boolean;
  head: ImmutableString;
  menu: ImmutableString;
  queue: QueuedPromptShape[];
  parts: PartShape[];
}

/** More than a segment is begun anew at: what its last turn still adds comes on top. */
const PARTS_MAX = 4 * SEGMENT_PARTS_MAX;
/** One piece of content as JSON, in bytes: a change with nothing else in it is one frame. */
export const CONTENT_JSON_BYTES_MAX = 56 * 1024;

/** Joined once per page: only a page that grew is joined again. */
const textOfPage = new WeakMap<object, string>();

function pageText(page: readonly ImmutableString[]): string {
  const known = textOfPage.get(page);
  if (known !== undefined) return known;
  const joined = page.map((chunk) => chunk.val).join('');
  textOfPage.set(page, joined);
  return joined;
}

const PartText = v.pipe(
  v.array(v.array(v.custom<ImmutableString>((chunk) => isImmutableString(chunk)))),
  v.transform((pages) => pages.map(pageText).join('')),
  v.maxLength(PART_TEXT_CHARS_MAX),
);

const PartRoot = v.object({
  id: Natural,
  turn: Natural,
  head: json(PartHead, HEAD_BYTES_MAX),
  text: PartText,
  omitted: Natural,
  contents: v.pipe(v.array(json(ToolContent, CONTENT_JSON_BYTES_MAX)), v.maxLength(LIST_ITEMS_MAX)),
});

/** Automerge keeps the same object as long as nothing in it changes. */
const partOfShape = new WeakMap<object, Part>();

function partOf(shape: unknown): Part | null {
  if (typeof shape !== 'object' || shape === null) return null;
  const known = partOfShape.get(shape);
  if (known !== undefined) return known;
  const root = v.safeParse(PartRoot, shape);
  if (!root.success) return null;
  partOfShape.set(shape, root.output);
  return root.output;
}

const Parts = v.pipe(
  v.array(v.custom<object>((shape) => partOf(shape) !== null)),
  v.maxLength(PARTS_MAX),
  v.transform((shapes) => shapes.flatMap((shape) => partOf(shape) ?? [])),
);

export const SegmentRoot = v.object({
  kind: v.pipe(text(16), v.literal('segment')),
  number: Natural,
  thread: v.pipe(text(64), ThreadId),
  index: Natural,
  agent: json(AgentCard, 4096),
  directory: Line,
  openedAt: Natural,
  firstPart: Natural,
  isOver: v.boolean(),
  head: json(ThreadHead, HEAD_BYTES_MAX),
  menu: json(AgentMenu, HEAD_BYTES_MAX),
  queue: v.pipe(
    v.array(
      v.object({
        id: Natural,
        author: v.pipe(text(64), PublicKey),
        text: Line,
        at: Natural,
        rank: Natural,
      }),
    ),
    v.maxLength(PROMPT_QUEUE_MAX),
  ),
  parts: Parts,
});
