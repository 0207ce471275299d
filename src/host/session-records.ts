// What a session's log holds, folded back into a sharer's state at the next start. A record
// that is not understood is left out: an older or newer meshell wrote it.
import * as v from 'valibot';
import type { Kept, Typed } from '../agent/conversation-state.ts';
import { decodeInviteBook, encodeInviteBook } from '../crypto/invite-book-record.ts';
import { ACTION_TYPES, Hue, Reach } from '../protocol/action.ts';
import { Bytes } from '../protocol/codec.ts';
import { Grant } from '../protocol/grant.ts';
import { DeviceId, PublicKey, SessionId, ThreadId } from '../protocol/ids.ts';
import { CatalogEntry } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import { restoredLog, took } from '../session/action-log.ts';
import { withGrant } from '../session/grants.ts';
import { newSharerState, type SharerRecord, type SharerState } from '../session/sharer-state.ts';

const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));

const KeptThread = v.object({
  session: v.nullable(v.string()),
  cost: v.nullable(v.object({ amount: v.number(), currency: v.string() })),
  lastQueued: Natural,
  isNamed: v.boolean(),
  directory: v.nullable(v.string()),
  lastSent: Natural,
  /** The numbers of prompts; what was typed stands in records of their own, written once. */
  typed: v.array(Natural),
});

const StateRecord = v.variant('type', [
  v.object({
    type: v.literal('profile'),
    key: PublicKey,
    profile: v.object({ name: v.string(), hue: Hue }),
  }),
  v.object({ type: v.literal('grant'), grant: Grant }),
  v.object({ type: v.literal('book'), book: Bytes }),
  v.object({ type: v.literal('action'), author: PublicKey, device: DeviceId, n: Natural }),
  /** A document that is finished, as the catalog names it. */
  v.object({ type: v.literal('document'), entry: CatalogEntry }),
  /** A life of the process begins. */
  v.object({ type: v.literal('epoch'), epoch: Natural }),
  /** How others come in, and by which port. */
  v.object({ type: v.literal('reach'), reach: Reach, port: v.nullable(Natural) }),
  /** The share, or the session, was ended by its owner. */
  v.object({ type: v.literal('shared'), until: v.nullable(Natural) }),
  v.object({
    type: v.literal('audit'),
    statement: v.object({
      session: SessionId,
      author: PublicKey,
      device: DeviceId,
      n: Natural,
      type: v.picklist(ACTION_TYPES),
      target: v.string(),
      bodyHash: v.pipe(Bytes, v.length(32)),
    }),
    signature: v.pipe(Bytes, v.length(64)),
    at: Natural,
  }),
  /** What a conversation needs beside its segments to go on. */
  v.object({ type: v.literal('thread'), thread: ThreadId, kept: KeptThread }),
  v.object({ type: v.literal('typed'), thread: ThreadId, id: Natural, text: v.string() }),
  /** The shell's directory, for the next one. */
  v.object({ type: v.literal('directory'), path: v.string() }),
]);
export type StateRecord = v.InferOutput<typeof StateRecord>;

export type AuditRecord = Extract<StateRecord, { type: 'audit' }>;

/** [TR12] Actions that are remembered over a restart: a long day's, at some 300 bytes each. */
export const AUDIT_MAX = 1000;

export interface Restored {
  readonly state: SharerState;
  readonly epoch: number;
  readonly finished: readonly CatalogEntry[];
  readonly reaches: ReadonlyMap<Reach, number | null>;
  readonly directory: string | null;
  readonly threads: ReadonlyMap<ThreadId, Kept>;
  /** The newest AUDIT_MAX. */
  readonly audit: readonly AuditRecord[];
}

/** What is to be kept of a conversation after `written` was: nothing that was typed is written twice. */
export function threadRecords(
  thread: ThreadId,
  kept: Kept,
  written: readonly Typed[],
): readonly StateRecord[] {
  const news = kept.typed.filter((one) => !written.includes(one));
  return [
    ...news.map(({ id, text }) => ({ type: 'typed', thread, id, text }) as const),
    { type: 'thread', thread, kept: { ...kept, typed: kept.typed.map(({ id }) => id) } },
  ];
}

export function recordOf(record: SharerRecord): StateRecord {
  return record.type === 'book' ? { type: 'book', book: encodeInviteBook(record.book) } : record;
}

export function restore(
  session: SessionId,
  sharer: PublicKey,
  records: readonly unknown[],
): Restored {
  let state: SharerState = newSharerState(session, sharer);
  let epoch = 0;
  let directory: string | null = null;
  const finished = new Map<string, CatalogEntry>();
  const reaches = new Map<Reach, number | null>();
  const threads = new Map<ThreadId, Kept>();
  const typed = new Map<ThreadId, readonly Typed[]>();
  const audit: AuditRecord[] = [];
  for (const raw of records) {
    const parsed = v.safeParse(StateRecord, raw);
    if (!parsed.success) continue;
    const record = parsed.output;
    switch (record.type) {
      case 'epoch':
        epoch = Math.max(epoch, record.epoch);
        break;
      case 'document':
        finished.set(record.entry.id, record.entry);
        break;
      case 'reach':
        reaches.delete(record.reach); // the one in use stands last
        reaches.set(record.reach, record.port);
        break;
      case 'directory':
        directory = record.path;
        break;
      case 'audit':
        audit.push(record);
        break;
      case 'typed': {
        const { thread, id, text } = record;
        typed.set(thread, [
          ...(typed.get(thread) ?? []).filter((one) => one.id !== id),
          { id, text },
        ]);
        break;
      }
      case 'thread': {
        const { thread, kept } = record;
        const own = (typed.get(thread) ?? []).filter(({ id }) => kept.typed.includes(id));
        typed.set(thread, own);
        threads.set(thread, { ...kept, typed: own });
        break;
      }
      case 'shared':
        state = { ...state, endsAt: record.until };
        if (record.until === null) reaches.clear();
        break;
      default:
        state = folded(state, record);
    }
  }
  return {
    state: { ...state, log: restoredLog(state.log) },
    epoch,
    finished: [...finished.values()],
    reaches,
    directory,
    threads,
    audit: audit.slice(-AUDIT_MAX),
  };
}

type Folded = Extract<StateRecord, { type: 'profile' | 'grant' | 'book' | 'action' }>;

function folded(state: SharerState, record: Folded): SharerState {
  switch (record.type) {
    case 'profile':
      return { ...state, profiles: new Map(state.profiles).set(record.key, record.profile) };
    case 'grant':
      return { ...state, grants: withGrant(state.grants, record.grant) };
    case 'book': {
      const book = decodeInviteBook(record.book);
      return book.ok ? { ...state, book: book.value } : state;
    }
    case 'action':
      return { ...state, log: took(state.log, record.author, record.device, record.n) };
    default:
      return unreachable(record);
  }
}

/** The fewest records that fold into the same: written in place of all, now and then. */
export function compacted(restored: Restored): StateRecord[] {
  const { state } = restored;
  const records: StateRecord[] = [{ type: 'epoch', epoch: restored.epoch }];
  for (const [key, profile] of state.profiles) records.push({ type: 'profile', key, profile });
  for (const grant of state.grants.values()) records.push({ type: 'grant', grant });
  records.push({ type: 'book', book: encodeInviteBook(state.book) });
  for (const [author, devices] of state.log.devices) {
    for (const { device, highest: n } of devices)
      records.push({ type: 'action', author, device, n });
  }
  for (const entry of restored.finished) records.push({ type: 'document', entry });
  records.push({ type: 'shared', until: state.endsAt });
  for (const [reach, port] of restored.reaches) records.push({ type: 'reach', reach, port });
  records.push(...restored.audit);
  for (const [thread, kept] of restored.threads) records.push(...threadRecords(thread, kept, []));
  if (restored.directory !== null) records.push({ type: 'directory', path: restored.directory });
  return records;
}
