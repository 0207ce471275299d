// Folders of shares that live in a terminal of their own, beside the app's: each is one process's,
// goes when that ends, and is swept away by a later one where it could not.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../crdt/lock.ts';

export interface ShareFolder {
  readonly path: string;
  readonly remove: () => void;
}

export function newShareFolder(dataFolder: string): ShareFolder {
  const all = join(dataFolder, 'shares');
  mkdirSync(all, { recursive: true, mode: 0o700 });
  for (const path of shareFolders(dataFolder)) sweep(path);
  const path = mkdtempSync(join(all, `${process.pid}-`));
  return { path, remove: () => remove(path) };
}

/** Those of other shares of this person, running or not. */
export function shareFolders(dataFolder: string): readonly string[] {
  const all = join(dataFolder, 'shares');
  try {
    return readdirSync(all)
      .filter((name) => /^\d+-\w+$/.test(name))
      .map((name) => join(all, name));
  } catch {
    return [];
  }
}

/** [CL17] Only what no living process holds, or is about to hold, is swept away. */
function sweep(path: string): void {
  const pid = Number(path.split('/').at(-1)?.split('-')[0]);
  if (isAlive(pid)) return;
  const lock = takeLock(path);
  if (lock.ok) remove(path);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
