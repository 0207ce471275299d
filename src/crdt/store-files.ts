// A session kept in a folder: session.cbor, state.log and documents/ID.log, for their owner's
// eyes only. Node only; knows nothing of what is kept.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { decodeCbor } from '../protocol/codec.ts';
import { DocumentId } from '../protocol/ids.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { openLog, rewriteLater, UNFINISHED, writeWhole, type Log, type Write } from './log-node.ts';
import { framesOf, recordOf, valuesOf, type SessionStore, type Written } from './store.ts';

/** Document logs held open: those that are written to now, and some to spare. */
const OPEN_LOGS_MAX = 16;

/** [ST5] Folders 0700, files 0600. 'store.full': the folder cannot be written. */
export function openFileStore(folder: string, write?: Write): Result<SessionStore, 'store.full'> {
  const documents = join(folder, 'documents');
  try {
    for (const one of [folder, documents]) {
      mkdirSync(one, { recursive: true, mode: 0o700 });
      chmodSync(one, 0o700);
    }
    for (const name of readdirSync(documents)) {
      if (name.endsWith(UNFINISHED)) rmSync(join(documents, name));
    }
  } catch {
    return err('store.full');
  }
  const state = openLog(join(folder, 'state.log'), write);
  return state.ok ? ok(storeOf(folder, documents, state.value, write)) : state;
}

function storeOf(
  folder: string,
  documents: string,
  state: Log,
  write: Write | undefined,
): SessionStore {
  const secrets = join(folder, 'session.cbor');
  const logs = openLogs(documents, write);
  return {
    identity: () => identityIn(secrets),
    keepIdentity: (value) => writeWhole(secrets, recordOf(value), write),
    state: () => valuesOf(state.records(), state.isWhole),
    append: (record) => state.append([recordOf(record)]),
    rewrite: (records) => state.rewrite(records.map(recordOf)),
    documents: () => documentsIn(documents),
    frames(id) {
      if (!existsSync(join(documents, `${id}.log`))) return { records: [], fault: null };
      const log = logs.of(id);
      return log.ok
        ? framesOf(log.value.records(), log.value.isWhole)
        : { records: [], fault: 'store.corrupt' };
    },
    appendFrames(id, frames) {
      const log = logs.of(id);
      return log.ok ? log.value.append(frames.map(recordOf)) : log;
    },
    async rewriteFrames(id, frames) {
      const path = join(documents, `${id}.log`);
      const written = await rewriteLater(path, frames.map(recordOf), write);
      logs.shut(id); // it has the file that was there before
      return written;
    },
    forget: logs.forget,
    close() {
      logs.close();
      state.close();
    },
  };
}

interface Logs {
  readonly of: (id: DocumentId) => Result<Log, 'store.full'>;
  readonly shut: (id: DocumentId) => void;
  readonly forget: (id: DocumentId) => Written;
  readonly close: () => void;
}

/** The logs last used stay open; the one unused for longest makes room. */
function openLogs(folder: string, write: Write | undefined): Logs {
  const open = new Map<DocumentId, Log>();

  function shut(id: DocumentId): void {
    open.get(id)?.close();
    open.delete(id);
  }

  return {
    of(id) {
      const known = open.get(id);
      if (known !== undefined) {
        open.delete(id);
        open.set(id, known);
        return ok(known);
      }
      const opened = openLog(join(folder, `${id}.log`), write);
      if (!opened.ok) return opened;
      const [oldest] = open.keys();
      if (open.size >= OPEN_LOGS_MAX && oldest !== undefined) shut(oldest);
      open.set(id, opened.value);
      return opened;
    },
    shut,
    forget(id) {
      shut(id);
      try {
        rmSync(join(folder, `${id}.log`), { force: true });
        return ok(null);
      } catch {
        return err('store.full');
      }
    },
    close() {
      for (const id of open.keys()) shut(id);
    },
  };
}

function identityIn(path: string): Result<unknown, 'store.corrupt'> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const isNone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return isNone ? ok(null) : err('store.corrupt');
  }
  const value = decodeCbor(bytes);
  return value.ok ? value : err('store.corrupt');
}

function documentsIn(folder: string): DocumentId[] {
  return readdirSync(folder).flatMap((name) => {
    const id = v.safeParse(DocumentId, name.endsWith('.log') ? name.slice(0, -4) : '');
    return id.success ? [id.output] : [];
  });
}
