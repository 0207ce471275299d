// Which git branch a folder is on, read from .git/HEAD. Starts no process, and follows
// nothing but what git itself would: a worktree's or submodule's .git file.
import { open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Folders above the given one that are looked at: deeper trees are loops of mounts. */
const DEPTH_MAX = 64;
/** HEAD and a .git file are one line; in bytes. */
const LINE_BYTES_MAX = 4096;

/** The branch's name, the short commit where HEAD is detached, null outside of a repository. */
export async function gitBranch(directory: string): Promise<string | null> {
  let folder = resolve(directory);
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const dotGit = join(folder, '.git');
    const head = await firstLine(join(dotGit, 'HEAD'));
    if (head !== null) return branchOf(head);
    const pointer = await firstLine(dotGit);
    const away = pointer === null ? null : /^gitdir: (.+)$/.exec(pointer)?.[1];
    if (away !== null && away !== undefined) {
      const there = await firstLine(join(resolve(folder, away), 'HEAD'));
      return there === null ? null : branchOf(there);
    }
    const above = dirname(folder);
    if (above === folder) return null;
    folder = above;
  }
  return null;
}

function branchOf(head: string): string | null {
  const branch = /^ref: (?:refs\/heads\/)?(.+)$/.exec(head)?.[1];
  if (branch !== undefined) return branch;
  return /^[0-9a-f]{40,64}$/.test(head) ? head.slice(0, 7) : null;
}

/** A file's first line; null where it cannot be read, for whatever reason: a branch is a courtesy. */
async function firstLine(path: string): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      if (!(await file.stat()).isFile()) return null;
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(LINE_BYTES_MAX) });
      return buffer.toString('utf8', 0, bytesRead).split('\n')[0]?.trimEnd() ?? null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}
