// The session's documents: written by the author, kept in the store, told to whoever listens.
// What is finished is closed, and read back from the store when someone wants it.
import {
  openBlockDocument,
  type BlockDocument,
  type BlockEnd,
  type BlockStart,
} from '../crdt/block-document.ts';
import type { Author, AuthoredDocument } from '../crdt/document-author.ts';
import { sameHeads, type Heads } from '../crdt/heads.ts';
import {
  openSegmentDocument,
  segmentDocumentOf,
  type SegmentDocument,
} from '../crdt/segment-document.ts';
import { openSessionDocument, type LiveSessionDocument } from '../crdt/session-document.ts';
import type { SessionStore } from '../crdt/store.ts';
import type { SessionDocument } from '../protocol/document.ts';
import type { DocumentId } from '../protocol/ids.ts';
import { SNAPSHOT_BYTES_MAX } from '../protocol/limits.ts';
import type { CatalogEntry, Frame } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Segment } from '../protocol/thread.ts';
import type { BlockRows } from './terminal.ts';

/** News of one document. */
export interface DocumentFrames {
  readonly id: DocumentId;
  readonly frames: readonly Frame[];
}

export type LibraryEvent =
  | { readonly on: 'opened'; readonly entry: CatalogEntry }
  /** What was written at once, of one document or of several. */
  | { readonly on: 'frames'; readonly written: readonly DocumentFrames[] }
  | { readonly on: 'closed'; readonly id: DocumentId }
  /** The disk took nothing: what was shown is not kept. */
  | { readonly on: 'storeFull' };

export interface Library {
  readonly entries: () => ReadonlyMap<DocumentId, CatalogEntry>;
  /**
   * What brings a holder of `heads` up to date, and whether more will come of that document. 'gone'
   * where nothing is left of it, or it is too large to be sent.
   */
  readonly since: (
    id: DocumentId,
    heads: Heads,
  ) => Promise<{ frames: readonly Frame[]; isLive: boolean } | 'gone'>;
  /** Whatever is asked for after it waits until the start is known. */
  readonly begin: (start: Promise<BlockStart>) => void;
  readonly rows: (rows: BlockRows) => void;
  readonly end: (number: number, end: BlockEnd) => void;
  /** A segment as it should read now: begun where it is new, finished where it is over. */
  readonly setSegment: (value: Segment) => void;
  readonly setSession: (value: SessionDocument) => void;
  /** The session document anew, without its history: for one who must not see that. */
  readonly renewSession: () => void;
  /** All that was asked for so far is written and told. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface LibraryOptions {
  readonly clock: Clock;
  readonly author: Author;
  readonly store: SessionStore;
  /** Entries of finished documents, as the store's state has them. */
  readonly finished: readonly CatalogEntry[];
  /** Segments that were not over when the process before ended. */
  readonly unfinished: readonly AuthoredDocument<'segment'>[];
  /** Keeps an entry of a document that is finished. */
  readonly keep: (entry: CatalogEntry) => void;
  readonly tell: (event: LibraryEvent) => void;
}

/** This many rows take both ends tens of ms, in which no screen would move: they go behind it. */
const ROWS_AT_ONCE = 256;
/** Time for a prompt to be drawn behind the output of the command before it, in ms. */
const BEHIND_SCREEN_MS = 40;

export function openLibrary(options: LibraryOptions): Library {
  const { clock, author, store, tell } = options;
  const entries = new Map<DocumentId, CatalogEntry>(options.finished.map((e) => [e.id, e]));
  const open = new Map<DocumentId, AuthoredDocument>();
  const segments = new Map<number, SegmentDocument>();
  const nextSegments = new Map<number, Segment>();
  const blocks = new Map<number, BlockDocument>();
  let session: LiveSessionDocument | 'none' = 'none';
  let wanted: SessionDocument | 'none' = 'none';
  let last: Promise<unknown> = Promise.resolve();

  for (const document of options.unfinished) {
    open.set(document.id, document);
    entries.set(document.id, entryOf(document));
    segments.set(document.number, segmentDocumentOf(document));
  }

  /** One after the other, so that frames are kept and told in the order they were made. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  function queue(work: () => Promise<void>): void {
    void inTurn(work);
  }

  async function enter(document: AuthoredDocument): Promise<void> {
    open.set(document.id, document);
    const entry = entryOf(document);
    entries.set(document.id, entry);
    if (!store.appendFrames(document.id, await document.since([])).ok) tell({ on: 'storeFull' });
    tell({ on: 'opened', entry });
  }

  function publish(document: AuthoredDocument, frames: readonly Frame[]): void {
    const written = keepFrames(document, frames);
    if (written.length > 0) tell({ on: 'frames', written });
  }

  /** To be told; none where nothing is new. */
  function keepFrames(
    document: AuthoredDocument,
    frames: readonly Frame[],
  ): readonly DocumentFrames[] {
    if (frames.length === 0) return [];
    const { id } = document;
    entries.set(id, entryOf(document));
    if (!store.appendFrames(id, frames).ok) tell({ on: 'storeFull' });
    return [{ id, frames }];
  }

  /** The next block does not wait for the disk to have made this one smaller. */
  let compacting: Promise<void> = Promise.resolve();
  function compact(id: DocumentId, snapshot: readonly Frame[]): void {
    compacting = compacting.then(async () => {
      if (!(await store.rewriteFrames(id, snapshot)).ok) tell({ on: 'storeFull' });
    });
  }

  async function finish(document: AuthoredDocument): Promise<void> {
    const entry = entryOf(document);
    const snapshot = await document.snapshot();
    if (snapshot.length > 0) compact(document.id, snapshot);
    entries.set(document.id, entry);
    options.keep(entry);
    open.delete(document.id);
    document.close();
  }

  async function openSession(value: SessionDocument): Promise<void> {
    const before = session;
    session = await openSessionDocument(author, value);
    await enter(session.document);
    if (before !== 'none') {
      const { id } = before.document;
      open.delete(id);
      entries.delete(id);
      store.forget(id);
      before.document.close();
      tell({ on: 'closed', id });
    }
  }

  /** What changes at once is told at once: conversations write at moments that they share. */
  async function writeSegments(values: readonly Segment[]): Promise<void> {
    const written: DocumentFrames[] = [];
    const begun: AuthoredDocument[] = [];
    for (const value of values) {
      // One that cannot be written holds up no other.
      await writeSegment(value, written, begun).catch(() => undefined);
    }
    if (written.length > 0) tell({ on: 'frames', written });
    for (const document of begun) await enter(document);
    for (const { number, isOver } of values) {
      const segment = segments.get(number);
      if (!isOver || segment === undefined) continue;
      segments.delete(number);
      await finish(segment.document);
    }
  }

  async function writeSegment(
    value: Segment,
    written: DocumentFrames[],
    begun: AuthoredDocument[],
  ): Promise<void> {
    const known = segments.get(value.number);
    if (known !== undefined) {
      written.push(...keepFrames(known.document, await known.set(value)));
    } else if (!hasNumber(value.number)) {
      const segment = await openSegmentDocument(author, value);
      segments.set(value.number, segment);
      begun.push(segment.document);
    }
  }

  /** What is over stays as it is. */
  function hasNumber(number: number): boolean {
    return [...entries.values()].some((one) => one.kind === 'segment' && one.number === number);
  }

  return {
    entries: () => entries,
    since: (id, heads) =>
      inTurn(async () => {
        const document = open.get(id);
        const now = document?.heads() ?? entries.get(id)?.heads;
        if (now === undefined) return 'gone';
        const isLive = document !== undefined;
        if (sameHeads(heads, now)) return { frames: [], isLive };
        const frames = isLive ? await document.since(heads) : store.frames(id).records;
        return canBeSent(frames) ? { frames, isLive } : 'gone';
      }),
    begin: (known) =>
      queue(async () => {
        const start = await known;
        const block = await openBlockDocument(author, start);
        blocks.set(start.number, block);
        await enter(block.document);
      }),
    rows: ({ number, head, omitted, tail }) =>
      queue(async () => {
        const block = blocks.get(number);
        if (block === undefined) return;
        if (head.length + (tail ?? []).length > ROWS_AT_ONCE) {
          await new Promise<void>((resolve) => clock.after(BEHIND_SCREEN_MS, resolve));
        }
        const appended = await block.appendRows(head);
        const cut = tail === null ? [] : await block.setOmittedAndTail(omitted, tail);
        publish(block.document, [...appended, ...cut]);
      }),
    end: (number, end) =>
      queue(async () => {
        const block = blocks.get(number);
        if (block === undefined) return;
        blocks.delete(number);
        publish(block.document, await block.end(end));
        await finish(block.document);
      }),
    setSegment(value) {
      // Only the last of what is asked for meanwhile matters.
      const isFirst = nextSegments.size === 0;
      nextSegments.set(value.number, value);
      if (!isFirst) return;
      queue(async () => {
        const all = [...nextSegments.values()];
        nextSegments.clear();
        await writeSegments(all);
      });
    },
    setSession(value) {
      // What is asked for while another is written replaces it: only the last matters.
      const isFirst = wanted === 'none';
      wanted = value;
      if (!isFirst) return;
      queue(async () => {
        const next = wanted;
        wanted = 'none';
        if (next === 'none') return;
        if (session === 'none' || session.isWorn()) await openSession(next);
        else publish(session.document, await session.set(next));
      });
    },
    renewSession: () =>
      queue(async () => {
        if (session !== 'none') await openSession(session.value());
      }),
    settled: () => inTurn(async () => {}),
    close: () =>
      inTurn(async () => {
        for (const document of open.values()) document.close();
        open.clear();
        await compacting;
        store.close();
      }),
  };
}

/** [CT8] What was never made smaller may be larger than a link takes. */
function canBeSent(frames: readonly Frame[]): boolean {
  const bytes = frames.reduce((sum, frame) => sum + frame.body.length, 0);
  return bytes > 0 && bytes <= SNAPSHOT_BYTES_MAX;
}

export function entryOf(document: AuthoredDocument): CatalogEntry {
  const { id, kind, number } = document;
  return { id, kind, number, heads: document.heads(), bytes: document.bytes() };
}
