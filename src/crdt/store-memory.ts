// A session kept in memory: for tests, and where nobody asked for a copy. The same law as the
// store in files; what is not there is a disk.
import { decodeCbor } from '../protocol/codec.ts';
import type { DocumentId } from '../protocol/ids.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { framesOf, recordOf, valuesOf, type SessionStore } from './store.ts';

/** What outlives a store that is closed and opened again. */
export interface MemoryCells {
  identity: Uint8Array | null;
  state: Uint8Array[];
  readonly documents: Map<DocumentId, Uint8Array[]>;
}

export function emptyCells(): MemoryCells {
  return { identity: null, state: [], documents: new Map() };
}

export function openMemoryStore(cells: MemoryCells = emptyCells()): SessionStore {
  return {
    identity: () => (cells.identity === null ? ok(null) : read(cells.identity)),
    keepIdentity(value) {
      cells.identity = recordOf(value);
      return ok(null);
    },
    state: () => valuesOf(cells.state, true),
    append(record) {
      cells.state.push(recordOf(record));
      return ok(null);
    },
    rewrite(records) {
      cells.state = records.map(recordOf);
      return ok(null);
    },
    documents: () => [...cells.documents.keys()],
    frames: (id) => framesOf(cells.documents.get(id) ?? [], true),
    appendFrames(id, frames) {
      const before = cells.documents.get(id) ?? [];
      cells.documents.set(id, [...before, ...frames.map(recordOf)]);
      return ok(null);
    },
    rewriteFrames(id, frames) {
      cells.documents.set(id, frames.map(recordOf));
      return Promise.resolve(ok(null));
    },
    forget(id) {
      cells.documents.delete(id);
      return ok(null);
    },
    close: () => undefined,
  };
}

function read(bytes: Uint8Array): Result<unknown, 'store.corrupt'> {
  const value = decodeCbor(bytes);
  return value.ok ? value : err('store.corrupt');
}
