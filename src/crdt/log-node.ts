// An append-only log in a file: cut clean when opened, whole after every append that was told
// ok, replaced only by a rename. Node only; knows nothing of what the records say.
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { concat } from '../protocol/bytes.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { decodeRecords, encodeRecord } from './log-record.ts';
import type { Written } from './store.ts';

/** Writes some of `bytes` and says how many; throws when there is no room. */
export type Write = (file: number, bytes: Uint8Array) => number;

export interface Log {
  /** All whole records. */
  readonly records: () => Uint8Array[];
  /** False where a torn tail was cut when it was opened. */
  readonly isWhole: boolean;
  readonly append: (contents: readonly Uint8Array[]) => Written;
  readonly rewrite: (contents: readonly Uint8Array[]) => Written;
  readonly close: () => void;
}

const PRIVATE = 0o600;
const APPENDING = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;

/** [ST2] Opens or begins the log at `path`, and cuts what a killed process left half written. */
export function openLog(path: string, write: Write = writeSync): Result<Log, 'store.full'> {
  try {
    rmSync(`${path}.new`, { force: true });
    const file = openSync(path, APPENDING, PRIVATE);
    return cutClean(path, file, write);
  } catch {
    return err('store.full');
  }
}

function cutClean(path: string, file: number, write: Write): Result<Log, 'store.full'> {
  try {
    const { end } = decodeRecords(readFileSync(path));
    const isWhole = end === fstatSync(file).size;
    if (!isWhole) ftruncateSync(file, end);
    return ok(logOf(path, file, end, isWhole, write));
  } catch {
    closeSync(file);
    return err('store.full');
  }
}

function logOf(path: string, file: number, length: number, isWhole: boolean, write: Write): Log {
  let open = file;
  let end = length;

  /** [ST3] What was written of an append that failed is cut off again. */
  function append(contents: readonly Uint8Array[]): Written {
    const bytes = concat(...contents.map(encodeRecord));
    try {
      // An append that could not be cut off when it failed is cut off now, or nothing is added.
      if (fstatSync(open).size !== end) ftruncateSync(open, end);
      writeAll(open, bytes, write);
      end += bytes.length;
      return ok(null);
    } catch {
      cutBack();
      return err('store.full');
    }
  }

  function cutBack(): void {
    try {
      ftruncateSync(open, end);
    } catch {
      // The next append or the next start cuts it.
    }
  }

  /** [ST4] One or the other is there at any time; appends go to the one that has the name. */
  function rewrite(contents: readonly Uint8Array[]): Written {
    const bytes = concat(...contents.map(encodeRecord));
    try {
      const next = replaceFile(path, bytes, write);
      closeSync(open);
      open = next;
      end = bytes.length;
      return ok(null);
    } catch {
      return err('store.full');
    }
  }

  return {
    records: () => decodeRecords(readFileSync(path)).records,
    isWhole,
    append,
    rewrite,
    close: () => closeSync(open),
  };
}

/** [ST4] Puts `bytes` at `path`, private, whole or not at all. */
export function writeWhole(path: string, bytes: Uint8Array, write: Write = writeSync): Written {
  try {
    closeSync(replaceFile(path, bytes, write));
    return ok(null);
  } catch {
    return err('store.full');
  }
}

/** What a killed process may leave beside a log that it was rewriting. */
export const UNFINISHED = '.unfinished';

/** [ST4] The same for a log that is only read: nobody is held up while the disk is waited for. */
export async function rewriteLater(
  path: string,
  contents: readonly Uint8Array[],
  write: Write = writeSync,
): Promise<Written> {
  const beside = `${path}${UNFINISHED}`;
  try {
    const file = await open(beside, APPENDING | constants.O_TRUNC, PRIVATE);
    try {
      writeAll(file.fd, concat(...contents.map(encodeRecord)), write);
      await file.sync();
    } finally {
      await file.close();
    }
    renameSync(beside, path);
    return ok(null);
  } catch {
    rmSync(beside, { force: true });
    return err('store.full');
  }
}

/** A new file beside it, synced, then a rename; still open for appending. Throws, and is gone. */
function replaceFile(path: string, bytes: Uint8Array, write: Write): number {
  const beside = `${path}.new`;
  rmSync(beside, { force: true });
  const file = openSync(beside, APPENDING, PRIVATE);
  try {
    writeAll(file, bytes, write);
    fsyncSync(file);
    renameSync(beside, path);
  } catch (cause) {
    closeSync(file);
    rmSync(beside, { force: true });
    throw cause;
  }
  syncFolder(dirname(path));
  return file;
}

function writeAll(file: number, bytes: Uint8Array, write: Write): void {
  for (let at = 0; at < bytes.length;) at += write(file, bytes.subarray(at));
}

/** So that the rename outlives a power cut too. Where folders cannot be synced, it does or not. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const file = openSync(folder, 'r');
    fsyncSync(file);
    closeSync(file);
  } catch {
    // Some network folders refuse; the rename stands for every living process all the same.
  }
}
