// The session's log: what must outlive the process, in order. What finds no room on the disk is
// kept in mind and written before anything later. Made smaller when it has grown.
import type { SessionStore } from '../crdt/store.ts';
import { AUDIT_MAX, type StateRecord } from './session-records.ts';

/** Grown by so much, in bytes, it is written anew: each key is a record, a knock that waits writes the book. */
const COMPACT_AFTER_BYTES = 1024 * 1024;
/** A record but the book, about, in bytes. */
const RECORD_BYTES = 256;
/** Finished documents kept in mind: a day's. */
const DOCUMENTS_MAX = 10_000;

export interface StateLog {
  readonly keep: (record: StateRecord) => void;
  /** Whether all of it is on disk; tries to write what is not. */
  readonly isWhole: () => boolean;
  /** Now and then: writes what is not written yet, makes the log smaller. */
  readonly tend: () => void;
}

export interface StateLogOptions {
  readonly store: Pick<SessionStore, 'append' | 'rewrite' | 'state'>;
  /** The fewest records that say the same. */
  readonly compact: (records: readonly unknown[]) => readonly StateRecord[];
  /** The disk has begun to take nothing. */
  readonly full: () => void;
}

export function openStateLog({ store, compact, full }: StateLogOptions): StateLog {
  /** In order, by what they are about: of two about the same the later one counts. */
  const unwritten = new Map<string, StateRecord>();
  let audits = 0;
  let grownBytes = 0;
  let compactAt = COMPACT_AFTER_BYTES;

  function write(record: StateRecord): boolean {
    if (!store.append(record).ok) return false;
    grownBytes += bytesOf(record);
    return true;
  }

  /** [AC11] In order, so that the log reads like what happened. */
  function catchUp(): boolean {
    for (const [about, record] of unwritten) {
      if (!write(record)) return false;
      unwritten.delete(about);
    }
    return true;
  }

  function remember(record: StateRecord): void {
    const isFirst = unwritten.size === 0;
    const about = aboutOf(record, () => audits++);
    unwritten.delete(about);
    unwritten.set(about, record);
    const max = record.type === 'audit' ? AUDIT_MAX : DOCUMENTS_MAX;
    dropOldest(record.type, max);
    if (isFirst) full();
  }

  /** Of what may be many: all else is one record for each person, device or thread. */
  function dropOldest(type: StateRecord['type'], max: number): void {
    if (type !== 'audit' && type !== 'document') return;
    const all = [...unwritten].filter(([, record]) => record.type === type);
    const [oldest] = all;
    if (all.length > max && oldest !== undefined) unwritten.delete(oldest[0]);
  }

  return {
    keep(record) {
      if (!catchUp() || !write(record)) remember(record);
    },
    isWhole: catchUp,
    tend() {
      if (!catchUp() || grownBytes < compactAt) return;
      const records = compact(store.state().records);
      const bytes = records.reduce((sum, record) => sum + bytesOf(record), 0);
      store.rewrite(records);
      // Where there was no room for it, it is tried again as late as if there had been.
      grownBytes = 0;
      compactAt = Math.max(COMPACT_AFTER_BYTES, bytes);
    },
  };
}

function bytesOf(record: StateRecord): number {
  return record.type === 'book' ? record.book.length : RECORD_BYTES;
}

function aboutOf(record: StateRecord, count: () => number): string {
  switch (record.type) {
    case 'grant':
      return `grant ${record.grant.to}`;
    case 'profile':
      return `profile ${record.key}`;
    case 'action':
      return `action ${record.author} ${record.device}`;
    case 'document':
      return `document ${record.entry.id}`;
    case 'reach':
      return `reach ${record.reach}`;
    case 'thread':
      return `thread ${record.thread}`;
    case 'typed':
      return `typed ${record.thread} ${record.id}`;
    case 'audit':
      return `audit ${count()}`;
    case 'book':
    case 'epoch':
    case 'shared':
    case 'directory':
      return record.type;
    default:
      return record satisfies never;
  }
}
