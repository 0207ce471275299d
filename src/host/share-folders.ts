// Folders of shares that live in a terminal of their own, beside the app's: each is one process's
// and goes when that ends. One whose process was killed is gone on with where it was begun, or is
// swept away by a later share.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { takeLock } from '../crdt/lock.ts';

/** Where and with what command a share was begun; none is the person's shell. */
export interface ShareOrigin {
  readonly directory: string;
  readonly command: readonly string[];
}

export interface ShareFolder {
  readonly path: string;
  /** The share of before goes on in it. */
  readonly resumed: boolean;
  readonly remove: () => void;
}

export interface ShareWish {
  readonly dataFolder: string;
  readonly origin: ShareOrigin;
  /** Do not go on with a share of before. */
  readonly fresh: boolean;
  /** Now, in ms. */
  readonly now: number;
}

/** A week: whoever has not come back to a share by then has forgotten it, in ms. */
const LEFT_MS_MAX = 7 * 24 * 60 * 60 * 1000;
/** Left behind at once: each may hold a session of many MB. */
const LEFT_MAX = 16;

interface Left {
  readonly path: string;
  readonly touched: number;
}

/** [CL17] */
export function takeShareFolder({ dataFolder, origin, fresh, now }: ShareWish): ShareFolder {
  const all = join(dataFolder, 'shares');
  mkdirSync(all, { recursive: true, mode: 0o700 });
  const left = shareFolders(dataFolder)
    .filter((path) => !isAlive(pidOf(path)))
    .map((path): Left => ({ path, touched: touched(path) }))
    .toSorted((a, b) => b.touched - a.touched);
  const isKept = ({ path, touched: at }: Left, place: number): boolean =>
    now - at <= LEFT_MS_MAX && place < LEFT_MAX && originIn(path) !== null;
  const resumed = fresh ? null : goneOnWith(left.filter(isKept), origin);
  for (const [place, each] of left.entries()) if (!isKept(each, place)) sweep(each.path);
  if (resumed !== null) return owned(resumed, true);
  const path = mkdtempSync(join(all, `${process.pid}-`));
  writeFileSync(originPath(path), originText(origin), { mode: 0o600 });
  return owned(path, false);
}

function owned(path: string, resumed: boolean): ShareFolder {
  return { path, resumed, remove: () => remove(path) };
}

/** The folder gets our name: of two that want it, one gets it. */
function goneOnWith(left: readonly Left[], origin: ShareOrigin): string | null {
  for (const { path } of left) {
    if (originIn(path) !== originText(origin)) continue;
    const mine = join(path, '..', `${process.pid}-${basename(path).split('-')[1]}`);
    try {
      renameSync(path, mine);
      return mine;
    } catch {
      // Somebody else has it by now: the next one.
    }
  }
  return null;
}

function originPath(folder: string): string {
  return join(folder, 'origin.json');
}

function originText({ directory, command }: ShareOrigin): string {
  return JSON.stringify({ directory, command });
}

function originIn(folder: string): string | null {
  try {
    return readFileSync(originPath(folder), 'utf8');
  } catch {
    return null;
  }
}

/** When its sessions were last written to, in ms. */
function touched(folder: string): number {
  try {
    const sessions = readdirSync(join(folder, 'sessions'));
    const logs = sessions.map((name) => join(folder, 'sessions', name, 'state.log'));
    return Math.max(0, ...logs.map((path) => statSync(path).mtimeMs));
  } catch {
    return 0;
  }
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

/** Only what no living process holds, or is about to hold, is swept away. */
function sweep(path: string): void {
  const lock = takeLock(path);
  if (lock.ok) remove(path);
}

function pidOf(path: string): number {
  return Number(basename(path).split('-')[0]);
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
