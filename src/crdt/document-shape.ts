// How documents lie in Automerge, and how they are read back as plain values. Texts are
// immutable strings: an Automerge Text costs its receiver by its length. Knows no frames.
import { ImmutableString, isImmutableString } from '@automerge/automerge/slim';
import * as v from 'valibot';
import { Bytes } from '../protocol/codec.ts';
import type { Block, DocumentKind, Row, SessionDocument } from '../protocol/document.ts';
import { PublicKey } from '../protocol/ids.ts';
import { decodeRows } from './row-chunk.ts';

/** Chunks by pages of at most PAGE_ITEMS_MAX: a change costs its receiver by its list's length. */
export type Pages = ImmutableString[][];
export const PAGE_ITEMS_MAX = 256;

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
}

export interface Shapes {
  session: SessionShape;
  block: BlockShape;
}
export interface Values {
  session: SessionDocument;
  block: Block;
}

export function immutable(text: string): ImmutableString {
  return new ImmutableString(text);
}

/** A text of at most `charsMax` UTF-16 units. */
function text(charsMax: number) {
  return v.pipe(
    v.custom<ImmutableString>((value) => isImmutableString(value)),
    v.transform((value) => value.val),
    v.maxLength(charsMax),
  );
}

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A command of 32 KiB is at most as many units; paths and names are far below. */
const Line = text(32 * 1024);
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
};

const Root = v.object({
  kind: v.pipe(text(16), v.picklist(['session', 'block'])),
  number: Natural,
  state: v.optional(text(16)),
});

export interface Root {
  readonly kind: DocumentKind;
  readonly number: number;
  /** A block that has ended: no more changes are to be expected. */
  readonly isOver: boolean;
}

/** What a document says it is, without reading the rest; null where it says nothing. */
export function rootOf(document: unknown): Root | null {
  const parsed = v.safeParse(Root, document);
  if (!parsed.success) return null;
  const { kind, number, state } = parsed.output;
  return { kind, number, isOver: kind === 'block' && state !== 'running' };
}
