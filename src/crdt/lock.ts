// The lock of a folder: one living process holds it, and says in it where it is reached. Node
// only; knows nothing of what the folder keeps.
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { err, ok, type Result } from '../protocol/result.ts';

const Holder = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** When that process started, in the system's words; '' where the system does not say. */
  started: v.string(),
  /** Where it serves the app; null until it does. */
  port: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
});
export type Holder = v.InferOutput<typeof Holder>;

export interface Lock {
  /** Says to a second start where the first is reached. */
  readonly serveAt: (port: number) => void;
  readonly release: () => void;
}

/** Two that find the same dead holder try again; a third time means a folder that does not work. */
const TRIES_MAX = 10;

/** [ST6] A lock whose process is dead, or whose pid is another process now, is taken over. */
export function takeLock(folder: string): Result<Lock, 'store.locked' | 'store.full'> {
  const me: Holder = { pid: process.pid, started: startOf(process.pid), port: null };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (claim(folder, me)) return ok(lockOf(folder, me));
      const holder = lockHolder(folder);
      if (holder !== null && isAlive(holder)) return err('store.locked');
      if (replaceDead(folder, me) && isMine(folder, me)) return ok(lockOf(folder, me));
    }
  } catch {
    return err('store.full');
  }
  return err('store.locked');
}

/** Who holds the folder; null where nobody does, or it cannot be read. */
export function lockHolder(folder: string): Holder | null {
  const text = readText(pathIn(folder));
  return text === null ? null : parseHolder(text);
}

function pathIn(folder: string): string {
  return join(folder, 'lock.json');
}

function lockOf(folder: string, me: Holder): Lock {
  return {
    serveAt: (port) => renameSync(written(folder, { ...me, port }), pathIn(folder)),
    release() {
      if (isMine(folder, me)) rmSync(pathIn(folder), { force: true });
    },
  };
}

function isMine(folder: string, me: Holder): boolean {
  const holder = lockHolder(folder);
  return holder?.pid === me.pid && holder.started === me.started;
}

/** Linking fails where there is a lock already: it appears whole, and only once. */
function claim(folder: string, me: Holder): boolean {
  const mine = written(folder, me);
  try {
    linkSync(mine, pathIn(folder));
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * Of several that find one dead holder, only the one that makes the takeover file may replace
 * the lock, and only if the same dead holder still stands in it.
 */
function replaceDead(folder: string, me: Holder): boolean {
  const takeover = join(folder, 'lock.takeover');
  const mine = written(folder, me);
  try {
    linkSync(mine, takeover);
  } catch (cause) {
    rmSync(mine, { force: true });
    if (codeOf(cause) !== 'EEXIST') throw cause;
    const taker = parseHolder(readText(takeover) ?? '');
    if (taker === null || !isAlive(taker)) rmSync(takeover, { force: true });
    return false;
  }
  try {
    const text = readText(pathIn(folder));
    // Released meanwhile: claiming it is by linking again, as others may.
    if (text === null) return false;
    const holder = parseHolder(text);
    if (holder !== null && isAlive(holder)) return false;
    renameSync(mine, pathIn(folder));
    return true;
  } finally {
    rmSync(takeover, { force: true });
    rmSync(mine, { force: true });
  }
}

function written(folder: string, holder: Holder): string {
  const path = join(folder, `lock.${process.pid}.new`);
  writeFileSync(path, JSON.stringify(holder), { mode: 0o600 });
  return path;
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (cause) {
    // Another user's process may not be signalled, but it lives.
    if (codeOf(cause) !== 'EPERM') return false;
  }
  return holder.started === '' || holder.started === startOf(holder.pid);
}

/** On Linux the boot and the tick a process started at tell it from a later one of its pid. */
function startOf(pid: number): string {
  const boot = readText('/proc/sys/kernel/random/boot_id');
  const stat = readText(`/proc/${pid}/stat`);
  if (boot === null || stat === null) return '';
  // The name in parentheses may hold spaces; the start is the 20th field after it.
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return started === undefined ? '' : `${boot.trim()}/${started}`;
}

function parseHolder(text: string): Holder | null {
  try {
    const parsed = v.safeParse(Holder, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : null;
}
