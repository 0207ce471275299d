// What the process before left unfinished in the store: blocks end as interrupted, segments of
// threads are opened again, session documents are forgotten. Knows no threads and no viewers.
import { blockDocumentOf } from '../crdt/block-document.ts';
import type { Author, AuthoredDocument } from '../crdt/document-author.ts';
import type { SessionStore } from '../crdt/store.ts';
import type { DocumentId } from '../protocol/ids.ts';
import type { CatalogEntry } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import type { Segment } from '../protocol/thread.ts';
import { entryOf } from './library.ts';

export interface LeftOpen {
  /** Of blocks that are finished now. */
  readonly ended: readonly CatalogEntry[];
  readonly segments: readonly AuthoredDocument<'segment'>[];
  /** Nothing was lost on the disk. */
  readonly isWhole: boolean;
}

export async function takeLeftOpen(
  author: Author,
  store: SessionStore,
  finished: ReadonlySet<DocumentId>,
  at: number,
): Promise<LeftOpen> {
  const ended: CatalogEntry[] = [];
  const segments: AuthoredDocument<'segment'>[] = [];
  let isWhole = true;
  for (const id of store.documents()) {
    if (finished.has(id)) continue;
    const { records, fault } = store.frames(id);
    const loaded = await author.load(records);
    if (fault !== null || (loaded.ok && loaded.value.dropped > 0)) isWhole = false;
    if (!loaded.ok) {
      // One that was never begun is nothing that was lost.
      if (records.length > 0) isWhole = false;
      continue;
    }
    const { document } = loaded.value;
    switch (document.kind) {
      case 'block': {
        const block = blockDocumentOf(document);
        const end = await block.end({ exit: null, endedAt: at, state: 'interrupted' });
        const snapshot = await document.snapshot();
        if (snapshot.length > 0) await store.rewriteFrames(id, snapshot);
        else store.appendFrames(id, end);
        ended.push(entryOf(document));
        document.close();
        break;
      }
      case 'segment':
        segments.push(document);
        break;
      case 'session':
        store.forget(id);
        document.close();
        break;
      default:
        unreachable(document);
    }
  }
  return { ended, segments, isWhole };
}

/** Those of threads that are over, as they read. One that cannot be read is left out. */
export async function finishedSegments(
  author: Author,
  store: SessionStore,
  finished: readonly CatalogEntry[],
): Promise<{ readonly values: readonly Segment[]; readonly isWhole: boolean }> {
  const values: Segment[] = [];
  let isWhole = true;
  for (const entry of finished) {
    if (entry.kind !== 'segment') continue;
    const { records, fault } = store.frames(entry.id);
    const loaded = await author.load(records);
    if (fault !== null || !loaded.ok || loaded.value.dropped > 0) isWhole = false;
    if (!loaded.ok) continue;
    const { document } = loaded.value;
    if (document.kind === 'segment') values.push(document.value());
    document.close();
  }
  return { values, isWhole };
}
