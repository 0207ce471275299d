// How documents lie in Automerge, and how they are read back as plain values. Texts are
// immutable strings: an Automerge Text costs its receiver by its length. Knows no frames.
import { isImmutableString, type ImmutableString } from '@automerge/automerge/slim';
import * as v from 'valibot';
import { Bytes } from '../protocol/codec.ts';
import { DocumentKind, type Block, type Row, type SessionDocument } from '../protocol/document.ts';
import { PublicKey, ThreadId } from '../protocol/ids.ts';
import { AgentChoice, LIST_ITEMS_MAX, type Segment } from '../protocol/thread.ts';
import { json, Line, Natural, text, type Pages } from './immutable-text.ts';
import { decodeRows } from './row-chunk.ts';
import { SegmentRoot, type SegmentShape } from './segment-shape.ts';

export interface BlockShape {
  kind: ImmutableString;
  number: number;
  author: ImmutableString | null;
  command: ImmutableString;
  directory: ImmutableString;
  branch: ImmutableString | null;
  startedAt: number;
  endedAt: number | null;
  exit: number | null;
  state: ImmutableString;
  firstRow: number;
  head: Pages;
  omitted: number;
  tail: Pages;
}

export interface ParticipantShape {
  key: ImmutableString;
  name: ImmutableString;
  hue: number;
  role: ImmutableString;
  present: boolean;
}

export interface QueuedShape {
  id: number;
  author: ImmutableString;
  text: ImmutableString;
}

export interface SessionShape {
  kind: ImmutableString;
  number: number;
  cols: number;
  rows: number;
  shell: ImmutableString;
  roster: ParticipantShape[];
  grants: Record<string, { grant: Uint8Array; signature: Uint8Array }>;
  queue: QueuedShape[];
  /** JSON of AgentChoice[]; absent where there are no agents to be had. */
  agents?: ImmutableString;
  /** null is the terminal; absent where no page of the sharer's says. */
  looksAt?: ImmutableString | null;
}

export interface Shapes {
  session: SessionShape;
  block: BlockShape;
  segment: SegmentShape;
}
export interface Values {
  session: SessionDocument;
  block: Block;
  segment: Segment;
}

const Key = v.pipe(text(64), PublicKey);

/** Read once per chunk: Automerge keeps the same object as long as the chunk stands. */
const rowsOfChunk = new WeakMap<ImmutableString, Row[]>();

function rowsOf(chunk: unknown): Row[] | null {
  if (!isImmutableString(chunk)) return null;
  const known = rowsOfChunk.get(chunk);
  if (known !== undefined) return known;
  const rows = decodeRows(chunk.val);
  if (rows !== null) rowsOfChunk.set(chunk, rows);
  return rows;
}

const Rows = v.pipe(
  v.array(v.array(v.custom<ImmutableString>((chunk) => rowsOf(chunk) !== null))),
  v.transform((pages) => pages.flatMap((page) => page.flatMap((chunk) => rowsOf(chunk) ?? []))),
);

const BlockRoot = v.object({
  kind: v.pipe(text(16), v.literal('block')),
  number: Natural,
  author: v.nullable(Key),
  command: Line,
  directory: Line,
  branch: v.nullable(Line),
  startedAt: Natural,
  endedAt: v.nullable(Natural),
  exit: v.nullable(v.pipe(v.number(), v.integer())),
  state: v.pipe(text(16), v.picklist(['running', 'done', 'interrupted'])),
  firstRow: v.pipe(v.number(), v.safeInteger()),
  head: Rows,
  omitted: Natural,
  tail: Rows,
});

/** More than any share has participants; past it a roster is no roster. */
const ROSTER_MAX = 1000;
/** Sixty-four agents with the longest names. */
const AGENTS_CHARS_MAX = 24 * 1024;

const SessionRoot = v.object({
  kind: v.pipe(text(16), v.literal('session')),
  number: Natural,
  cols: Natural,
  rows: Natural,
  shell: v.pipe(text(16), v.picklist(['starting', 'prompt', 'running', 'plain', 'exited'])),
  roster: v.pipe(
    v.array(
      v.object({
        key: Key,
        name: text(256),
        hue: v.number(),
        role: v.pipe(text(16), v.picklist(['sharer', 'viewer'])),
        present: v.boolean(),
      }),
    ),
    v.maxLength(ROSTER_MAX),
  ),
  grants: v.record(
    PublicKey,
    v.object({
      grant: v.pipe(Bytes, v.maxLength(1024)),
      signature: v.pipe(Bytes, v.length(64)),
    }),
  ),
  queue: v.array(v.object({ id: Natural, author: Key, text: Line })),
  agents: v.exactOptional(
    json(v.pipe(v.array(AgentChoice), v.maxLength(LIST_ITEMS_MAX)), AGENTS_CHARS_MAX),
  ),
  looksAt: v.exactOptional(v.nullable(v.pipe(text(16), ThreadId))),
});

/** Null where a document does not hold what its kind promises: signed, but not understood. */
export const READ: { readonly [K in DocumentKind]: (root: unknown) => Values[K] | null } = {
  block(root) {
    const parsed = v.safeParse(BlockRoot, root);
    if (!parsed.success) return null;
    const { kind: _, ...block } = parsed.output;
    return block;
  },
  session(root) {
    const parsed = v.safeParse(SessionRoot, root);
    if (!parsed.success) return null;
    const { kind: _kind, number: _number, ...session } = parsed.output;
    return session;
  },
  segment(root) {
    const parsed = v.safeParse(SegmentRoot, root);
    if (!parsed.success) return null;
    const { kind: _, ...segment } = parsed.output;
    return segment;
  },
};

const Root = v.object({
  kind: v.pipe(text(16), DocumentKind),
  number: Natural,
  state: v.optional(text(16)),
  isOver: v.optional(v.boolean()),
});

export interface Root {
  readonly kind: DocumentKind;
  readonly number: number;
  /** A block or segment that has ended: no more changes are to be expected. */
  readonly isOver: boolean;
}

/** A kind missing here does not compile. */
const OVER: {
  readonly [K in DocumentKind]: (state: string | undefined, isOver: boolean | undefined) => boolean;
} = {
  session: () => false,
  block: (state) => state !== 'running',
  segment: (_, isOver) => isOver === true,
};

/** What a document says it is, without reading the rest; null where it says nothing. */
export function rootOf(document: unknown): Root | null {
  const parsed = v.safeParse(Root, document);
  if (!parsed.success) return null;
  const { kind, number, state, isOver } = parsed.output;
  return { kind, number, isOver: OVER[kind](state, isOver) };
}
