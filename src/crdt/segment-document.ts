// A segment's document: from one value of a thread's segment to the next, in what is new. Texts
// grow by chunks. Knows how they lie there; when they are written is for the host.
import { beginsWith } from '../protocol/long-text.ts';
import type { Frame } from '../protocol/message.ts';
import type { Part, QueuedPrompt, Segment, ToolContent } from '../protocol/thread.ts';
import { changeInFrames } from './changes.ts';
import type { Author, AuthoredDocument } from './document-author.ts';
import { immutable, pushChunk } from './immutable-text.ts';
import { listEdits, type ListEdit } from './list-edits.ts';
import { utf8Length } from './row-chunk.ts';
import {
  CONTENT_JSON_BYTES_MAX,
  type PartShape,
  type QueuedPromptShape,
  type SegmentShape,
} from './segment-shape.ts';

/** One chunk of text, in UTF-16 units: three bytes each at most, beside one edit around it. */
const CHUNK_CHARS_MAX = 8 * 1024;
/** An edit without its texts. */
const EDIT_BYTES = 128;

type Edit = ListEdit<SegmentShape>;

export interface SegmentDocument {
  readonly document: AuthoredDocument<'segment'>;
  readonly value: () => Segment;
  /**
   * Frames for what is different in `next`; none where nothing is. A part or list that is the same
   * object as before is not looked at. Number, thread, index and agent never change.
   */
  readonly set: (next: Segment) => Promise<Frame[]>;
}

/** The frames that bring it to others are `document.since([])`. */
export async function openSegmentDocument(
  author: Author,
  value: Segment,
): Promise<SegmentDocument> {
  const document = await author.create('segment', value.number, {
    thread: immutable(value.thread),
    index: value.index,
    agent: immutable(JSON.stringify(value.agent)),
    directory: immutable(value.directory),
    openedAt: Math.floor(value.openedAt),
    firstPart: value.firstPart,
    isOver: false,
    head: immutable(JSON.stringify(value.head)),
    menu: immutable(JSON.stringify(value.menu)),
    queue: [],
    parts: [],
  });
  const begun = { ...value, isOver: false, queue: [], parts: [] };
  const live = segmentDocumentOf(document, begun);
  await live.set(value);
  return live;
}

/** The same of a document that was loaded, which says `now`. */
export function segmentDocumentOf(
  document: AuthoredDocument<'segment'>,
  now: Segment = document.value(),
): SegmentDocument {
  let said = now;
  return {
    document,
    value: document.value,
    async set(next) {
      const edits = editsBetween(said, next);
      said = next;
      return await changeInFrames(document, edits);
    },
  };
}

function editsBetween(now: Segment, next: Segment): Edit[] {
  return [
    ...textEdit(now.head, next.head, (draft, said) => void (draft.head = immutable(said))),
    ...textEdit(now.menu, next.menu, (draft, said) => void (draft.menu = immutable(said))),
    ...(now.queue === next.queue ? [] : queueEdits(now.queue, next.queue)),
    ...(now.parts === next.parts ? [] : partsEdits(now.parts, next.parts)),
    ...(now.directory === next.directory ? [] : [directoryEdit(next.directory)]),
    ...(now.isOver === next.isOver ? [] : [isOverEdit(next.isOver)]),
  ];
}

/** [TR1] What is told as JSON is replaced whole. */
function textEdit<T>(now: T, next: T, write: (draft: SegmentShape, said: string) => void): Edit[] {
  if (now === next) return [];
  const said = JSON.stringify(next);
  if (said === JSON.stringify(now)) return [];
  const bytes = EDIT_BYTES + utf8Length(said);
  return [{ bytes, apply: (draft) => write(draft, said) }];
}

function directoryEdit(directory: string): Edit {
  const bytes = EDIT_BYTES + utf8Length(directory);
  return { bytes, apply: (draft) => void (draft.directory = immutable(directory)) };
}

function isOverEdit(isOver: boolean): Edit {
  return { bytes: EDIT_BYTES, apply: (draft) => void (draft.isOver = isOver) };
}

function queueEdits(now: readonly QueuedPrompt[], next: readonly QueuedPrompt[]): Edit[] {
  return listEdits(now, next, {
    keyOf: (one: QueuedPrompt) => one.id,
    same: (a, b) =>
      a === b || (a.text === b.text && a.author === b.author && a.at === b.at && a.rank === b.rank),
    shapeOf: (one): QueuedPromptShape => ({
      id: one.id,
      author: immutable(one.author),
      text: immutable(one.text),
      at: one.at,
      rank: one.rank,
    }),
    bytesOf: (one) => EDIT_BYTES + utf8Length(one.text),
    listIn: (draft: SegmentShape) => draft.queue,
    update(shape, before, after) {
      if (before.text !== after.text) shape.text = immutable(after.text);
      if (before.author !== after.author) shape.author = immutable(after.author);
      if (before.at !== after.at) shape.at = after.at;
      if (before.rank !== after.rank) shape.rank = after.rank;
    },
  });
}

/** Parts come at the end and stay; from the first that is another one on, all are written anew. */
function partsEdits(now: readonly Part[], next: readonly Part[]): Edit[] {
  const edits: Edit[] = [];
  const differs = now.findIndex((part, at) => part.id !== next[at]?.id);
  const kept = differs < 0 ? now.length : differs;
  if (kept < now.length) {
    const count = now.length - kept;
    edits.push({ bytes: EDIT_BYTES, apply: (draft) => void draft.parts.splice(kept, count) });
  }
  for (const [at, part] of next.entries()) {
    const before = at < kept ? now[at] : undefined;
    if (before === part) continue;
    edits.push(...(before === undefined ? newPart(at, part) : partEdits(at, before, part)));
  }
  return edits;
}

function newPart(at: number, part: Part): Edit[] {
  const head = JSON.stringify(part.head);
  const { id, turn, omitted } = part;
  const begin: Edit = {
    bytes: EDIT_BYTES + utf8Length(head),
    apply(draft) {
      draft.parts.push({ id, turn, head: immutable(head), text: [], omitted, contents: [] });
    },
  };
  const contents = part.contents.map((content) => contentEdit(at, content, 'push'));
  return [begin, ...chunkEdits(at, part.text), ...contents];
}

function partEdits(at: number, now: Part, next: Part): Edit[] {
  const inPart = (edit: (shape: PartShape) => void) => inPartAt(at, edit);
  const edits: Edit[] = textEdit(now.head, next.head, (draft, said) =>
    inPart((shape) => void (shape.head = immutable(said)))(draft),
  );
  if (now.turn !== next.turn) {
    edits.push({ bytes: EDIT_BYTES, apply: inPart((shape) => void (shape.turn = next.turn)) });
  }
  if (now.omitted !== next.omitted) {
    const apply = inPart((shape) => void (shape.omitted = next.omitted));
    edits.push({ bytes: EDIT_BYTES, apply });
  }
  if (now.text !== next.text) edits.push(...partTextEdits(at, now.text, next.text));
  if (now.contents !== next.contents) edits.push(...contentsEdits(at, now, next));
  return edits;
}

/** [TR1] Text only grows, or is replaced whole where it no longer begins with what was written. */
function partTextEdits(at: number, now: string, next: string): Edit[] {
  const written = writable(now);
  if (beginsWith(next, written)) return chunkEdits(at, next.slice(written.length));
  const empty = inPartAt(at, (shape) => void (shape.text = []));
  return [{ bytes: EDIT_BYTES, apply: empty }, ...chunkEdits(at, next)];
}

function chunkEdits(at: number, text: string): Edit[] {
  return chunksOf(writable(text)).map((chunk) => ({
    bytes: EDIT_BYTES + utf8Length(chunk),
    apply: inPartAt(at, (shape) => pushChunk(shape.text, chunk)),
    growth: { pages: ['parts', at, 'text'], chunk },
  }));
}

/** Without half a character at the end: it is written when its other half has come. */
function writable(text: string): string {
  return isHalf(text.charCodeAt(text.length - 1)) ? text.slice(0, -1) : text;
}

function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  let from = 0;
  while (from < text.length) {
    const end = from + CHUNK_CHARS_MAX;
    const to = isHalf(text.charCodeAt(end - 1)) ? end - 1 : end;
    chunks.push(text.slice(from, to));
    from = to;
  }
  return chunks;
}

/** Of a character beyond the first plane, the unit that another must follow. */
function isHalf(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function contentsEdits(at: number, now: Part, next: Part): Edit[] {
  const edits: Edit[] = [];
  for (const [place, content] of next.contents.entries()) {
    const before = now.contents[place];
    if (before === content) continue;
    if (before === undefined) edits.push(contentEdit(at, content, 'push'));
    else if (JSON.stringify(before) !== JSON.stringify(content)) {
      edits.push(contentEdit(at, content, place));
    }
  }
  const kept = next.contents.length;
  const gone = now.contents.length - kept;
  if (gone > 0) {
    const apply = inPartAt(at, (shape) => void shape.contents.splice(kept, gone));
    edits.push({ bytes: EDIT_BYTES, apply });
  }
  return edits;
}

function contentEdit(at: number, content: ToolContent, place: number | 'push'): Edit {
  const said = contentJson(content);
  return {
    bytes: EDIT_BYTES + utf8Length(said),
    apply: inPartAt(at, (shape) => {
      if (place === 'push') shape.contents.push(immutable(said));
      else shape.contents[place] = immutable(said);
    }),
  };
}

/** Control characters take six bytes each in JSON: where that is too much, they become blanks. */
function contentJson(content: ToolContent): string {
  const said = JSON.stringify(content);
  if (utf8Length(said) <= CONTENT_JSON_BYTES_MAX) return said;
  return said.replace(/\\(?:u[\da-f]{4}|.)/g, (escape) => (escape.length > 2 ? ' ' : escape));
}

function inPartAt(at: number, edit: (shape: PartShape) => void): (draft: SegmentShape) => void {
  return (draft) => {
    const shape = draft.parts[at];
    if (shape !== undefined) edit(shape);
  };
}
