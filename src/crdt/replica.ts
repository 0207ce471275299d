// The viewer's side of the replica: the documents it was told of, and the one order in which a
// frame is believed. Knows no links; the caller asks for what is missing.
import type { DocumentKind } from '../protocol/document.ts';
import type { DocumentId } from '../protocol/ids.ts';
import { SNAPSHOT_BYTES_MAX } from '../protocol/limits.ts';
import type { CatalogEntry, Frame } from '../protocol/message.ts';
import type { Deflate, Verifier } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { Values } from './document-shape.ts';
import { openFrame, type FrameFault, type OpenedFrame } from './frame.ts';
import { openReplicaDocument, type ReplicaDocument, type TakeFault } from './replica-document.ts';

/** A long day's blocks: at about 22 KB each (measured: 45 MB for 2,000) they take 110 MB of a tab. */
export const REPLICA_DOCUMENTS_MAX = 5000;
/** Of frames as they came; rows of logs deflate 4 to 5 fold (measured), so this is 300 MB of text. */
export const REPLICA_BYTES_MAX = 64 * 1024 * 1024;
/** The session document is held beside what fills the rest: the old one, and the one in its place. */
const SESSION_BYTES_MAX = REPLICA_BYTES_MAX + 2 * SNAPSHOT_BYTES_MAX;
/** Frames being verified: more than a link's window holds of the smallest. */
const PENDING_FRAMES_MAX = 1024;

export interface ReplicaPorts {
  /** The session's key, 32 bytes: nothing is believed that it did not sign. */
  readonly sessionPublic: Uint8Array;
  readonly verify: Verifier;
  readonly inflate: Deflate['inflate'];
}

export interface Arrived {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  readonly number: number;
}

/** A refused frame; `again` names a document to be asked for with `snapshot`, once. */
export interface Refused {
  readonly ok: false;
  readonly fault: ReplicaFault;
  readonly again: DocumentId | null;
}

export type ReplicaFault = FrameFault | TakeFault | 'frame.notGranted' | 'replica.full';

/** Null: taken, but there is nothing to show yet (part of a snapshot). */
export type Received = { readonly ok: true; readonly value: Arrived | null } | Refused;

export interface Replica {
  /** [FR4] What may come, and what is taken back. 'replica.full': some entries were left out. */
  readonly catalog: (
    entries: readonly CatalogEntry[],
    gone: readonly DocumentId[],
  ) => Result<null, 'replica.full'>;
  /** Frames are handled in the order of the calls, however long verifying takes. */
  readonly frame: (frame: Frame) => Promise<Received>;
  /** Null where nothing is held, or what is held is not understood. The same object until it changes. */
  readonly value: (id: DocumentId) => Values[DocumentKind] | null;
  /** Of what is held; null where nothing is. */
  readonly heads: (id: DocumentId) => Uint8Array[] | null;
  /** Lets go of a document; a new catalog entry may name it again. */
  readonly drop: (id: DocumentId) => void;
  /** Frees all of Automerge's memory. Frames still being verified are refused. */
  readonly close: () => void;
}

export function openReplica({ sessionPublic, verify, inflate }: ReplicaPorts): Replica {
  const documents = new Map<DocumentId, ReplicaDocument>();
  let bytesHeld = 0;
  let pending = 0;
  let last: Promise<unknown> = Promise.resolve();

  function drop(id: DocumentId): void {
    const document = documents.get(id);
    if (document === undefined) return;
    bytesHeld -= document.bytes();
    document.close();
    documents.delete(id);
  }

  function announce(entry: CatalogEntry): boolean {
    const known = documents.get(entry.id);
    if (known !== undefined && known.kind === entry.kind && known.number === entry.number) {
      const before = known.bytes();
      known.forgive();
      bytesHeld += known.bytes() - before;
      return true;
    }
    drop(entry.id);
    if (documents.size >= REPLICA_DOCUMENTS_MAX) {
      const oldest = oldestBefore(entry, () => true);
      if (oldest === null) return false;
      drop(oldest.id);
    }
    documents.set(entry.id, openReplicaDocument(entry, inflate));
    return true;
  }

  /** [FR4] What makes room for this: the lowest number below its own; anything for the session document. */
  function oldestBefore(
    { kind, number }: { readonly kind: DocumentKind; readonly number: number },
    counts: (document: ReplicaDocument) => boolean,
  ): ReplicaDocument | null {
    let oldest: ReplicaDocument | null = null;
    for (const document of documents.values()) {
      if (document.kind === 'session' || !counts(document)) continue;
      if (kind !== 'session' && document.number >= number) continue;
      if (oldest === null || document.number < oldest.number) oldest = document;
    }
    return oldest;
  }

  /** Older finished documents are let go of until there is room for so much more. */
  function makeRoom(document: ReplicaDocument, bytes: number): boolean {
    while (bytesHeld + bytes > REPLICA_BYTES_MAX) {
      const oldest = oldestBefore(document, (one) => one !== document && one.isFinished());
      if (oldest === null) return isSessions(document) && bytesHeld + bytes <= SESSION_BYTES_MAX;
      bytesHeld -= oldest.bytes();
      oldest.close();
      bytesHeld += oldest.bytes();
    }
    return true;
  }

  function take(frame: OpenedFrame): Received {
    const document = documents.get(frame.head.document);
    if (document === undefined) return refused('frame.notGranted');
    if (!makeRoom(document, frame.body.length)) return refused('replica.full');
    const before = document.bytes();
    const taken = document.take(frame);
    bytesHeld += document.bytes() - before;
    const { id, kind, number } = document;
    if (!taken.ok) return refused(taken.fault, document.needsAsking() ? id : null);
    return ok(taken.value === 'changed' ? { id, kind, number } : null);
  }

  async function inTurn(frame: Frame, before: Promise<unknown>): Promise<Received> {
    try {
      const [opened] = await Promise.all([openFrame(frame, sessionPublic, verify), before]);
      return opened.ok ? take(opened.value) : refused(opened.fault);
    } finally {
      pending -= 1;
    }
  }

  return {
    catalog(entries, gone) {
      for (const id of gone) drop(id);
      const taken = entries.map(announce);
      return taken.includes(false) ? err('replica.full') : ok(null);
    },
    frame(frame) {
      if (pending >= PENDING_FRAMES_MAX) return Promise.resolve(refused('message.tooLarge'));
      pending += 1;
      const mine = inTurn(frame, last);
      const settled = () => undefined; // a failure is its own caller's to see
      last = mine.then(settled, settled);
      return mine;
    },
    value: (id) => documents.get(id)?.value() ?? null,
    heads: (id) => documents.get(id)?.heads() ?? null,
    drop,
    close() {
      for (const id of documents.keys()) drop(id);
    },
  };
}

function isSessions(document: ReplicaDocument): boolean {
  return document.kind === 'session';
}

function refused(fault: ReplicaFault, again: DocumentId | null = null): Refused {
  return { ok: false, fault, again };
}
