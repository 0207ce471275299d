// The sharer's side of the replica: it alone writes documents, and every change leaves as one
// signed frame. Owns actors, counters and heads; who gets a frame is for session/.
import * as A from '@automerge/automerge/slim';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { DocumentKind } from '../protocol/document.ts';
import { DocumentId, idOf, type SessionId } from '../protocol/ids.ts';
import { SNAPSHOT_BYTES_MAX, SNAPSHOT_PART_BYTES } from '../protocol/limits.ts';
import type { Frame } from '../protocol/message.ts';
import type { Deflate, Entropy, Signer } from '../protocol/ports.ts';
import { ok, unreachable, type Result } from '../protocol/result.ts';
import { READ, type Shapes, type Values } from './document-shape.ts';
import { packChanges, type ChangesBody } from './frame-body.ts';
import { signFrame } from './frame.ts';
import { openGrower, type Growth } from './growth.ts';
import { headsFromHex, headsToHex, sameHeads, type Heads } from './heads.ts';
import { immutable } from './immutable-text.ts';
import { replay, type Replayed } from './replay.ts';

/** New in every epoch and document; 8 bytes keep a change small and never meet by chance. */
const ACTOR_BYTES = 8;

export interface AuthorPorts {
  readonly session: SessionId;
  /** Greater than that of every stored frame. */
  readonly epoch: number;
  readonly signer: Signer;
  readonly entropy: Entropy;
  readonly deflate: Deflate;
}

export interface Author {
  /** The frames that bring it to others are `since([])`. */
  readonly create: <K extends DocumentKind>(
    kind: K,
    number: number,
    initial: Omit<Shapes[K], 'kind' | 'number'>,
  ) => Promise<AuthoredDocument<K>>;
  /** [FR9] From stored frames, in the order they were made, to go on in this epoch. */
  readonly load: (frames: readonly Frame[]) => Promise<Result<LoadedDocument, 'store.corrupt'>>;
}

export interface LoadedDocument {
  readonly document: { readonly [K in DocumentKind]: AuthoredDocument<K> }[DocumentKind];
  /** Frames that did not follow on what came before and were left out. */
  readonly dropped: number;
}

export interface AuthoredDocument<K extends DocumentKind = DocumentKind> {
  readonly id: DocumentId;
  readonly kind: K;
  readonly number: number;
  readonly heads: () => Uint8Array[];
  /** About what it costs to send whole. */
  readonly bytes: () => number;
  /** All changes of its history, of every epoch. */
  readonly changes: () => number;
  /**
   * One frame, or null where the edit changed nothing. Frames resolve in the order of the calls.
   * An edit too large for one frame is a bug of the caller.
   */
  readonly change: (edit: (draft: Shapes[K]) => void) => Promise<Frame | null>;
  /** The same for a chunk that comes last; 'none' where `change` has to do it. */
  readonly grow: (growth: Growth) => Promise<Frame> | 'none';
  /** [CT5] What brings a holder of `heads` up to date: nothing, one frame, or `snapshot`. */
  readonly since: (heads: Heads) => Promise<Frame[]>;
  /** The whole document, in parts. None where it is larger than SNAPSHOT_BYTES_MAX. */
  readonly snapshot: () => Promise<Frame[]>;
  readonly value: () => Values[K];
  /** Frees its wasm memory; nothing may be asked of it after. */
  readonly close: () => void;
}

export function openAuthor(ports: AuthorPorts): Author {
  const newActor = () => bytesToHex(ports.entropy(ACTOR_BYTES));
  return {
    async create(kind, number, initial) {
      const id = idOf(DocumentId, ports.entropy(16));
      const empty = A.init<Shapes[typeof kind]>({ actor: newActor() });
      const doc = A.change(empty, { time: 0 }, (draft) => {
        Object.assign(draft, { kind: immutable(kind), number }, initial);
      });
      const bytes = A.getLastLocalChange(doc)?.length ?? 0;
      return authored(ports, { id, kind, number, doc, n: 1, bytes });
    },
    async load(frames) {
      const { session, deflate } = ports;
      const loaded = replay(frames, { session, inflate: deflate.inflate, actor: newActor() });
      if (!loaded.ok) return loaded;
      const bytes = frames.reduce((sum, frame) => sum + frame.body.length, 0);
      return ok({
        document: reopened(ports, loaded.value, bytes),
        dropped: loaded.value.dropped,
      });
    },
  };
}

function reopened(ports: AuthorPorts, from: Replayed, bytes: number): LoadedDocument['document'] {
  const { id, number } = from;
  switch (from.kind) {
    case 'session':
      return authored(ports, { id, kind: 'session', number, doc: from.doc, n: 0, bytes });
    case 'block':
      return authored(ports, { id, kind: 'block', number, doc: from.doc, n: 0, bytes });
    case 'segment':
      return authored(ports, { id, kind: 'segment', number, doc: from.doc, n: 0, bytes });
    default:
      return unreachable(from);
  }
}

interface Beginning<K extends DocumentKind> {
  readonly id: DocumentId;
  readonly kind: K;
  readonly number: number;
  readonly doc: A.Doc<Shapes[K]>;
  /** Changes of this epoch in it. */
  readonly n: number;
  readonly bytes: number;
}

function authored<K extends DocumentKind>(
  ports: AuthorPorts,
  { id, kind, number, ...begun }: Beginning<K>,
): AuthoredDocument<K> {
  let { doc, n, bytes } = begun;
  let count = A.stats(doc).numChanges;
  /** `doc` has all changes, its value not yet all of them. */
  let isBehind = false;
  const grower = openGrower();
  let last: Promise<unknown> = Promise.resolve();

  const headsNow = () => headsFromHex(A.getHeads(doc));

  /** One after the other, so that frames come out in the order of their counters. */
  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work);
    const settled = () => undefined; // a failure is its own caller's to see
    last = mine.then(settled, settled);
    return mine;
  }

  async function frameOf(made: Uint8Array, base: Heads): Promise<Frame> {
    n += 1;
    count += 1;
    bytes += made.length;
    const packed = packChanges([made], ports.deflate.deflate);
    if (packed === null) throw new Error(`a change of ${made.length} bytes`);
    return await changesFrame(packed, base);
  }

  function changesFrame(packed: ChangesBody, base: Heads): Promise<Frame> {
    const head = { ...common(), kind: 'changes' as const, part: 0, parts: 1, base };
    return inOrder(() =>
      signFrame({ ...head, deflated: packed.deflated }, packed.body, ports.signer),
    );
  }

  function common() {
    return { session: ports.session, epoch: ports.epoch, n, document: id, heads: headsNow() };
  }

  async function snapshot(): Promise<Frame[]> {
    const saved = A.save(doc);
    bytes = saved.length;
    if (saved.length > SNAPSHOT_BYTES_MAX) return [];
    const parts = Math.ceil(saved.length / SNAPSHOT_PART_BYTES);
    const head = { ...common(), kind: 'snapshot' as const, parts, base: [], deflated: false };
    return await inOrder(async () => {
      const frames: Frame[] = [];
      for (let part = 0; part < parts; part++) {
        const from = part * SNAPSHOT_PART_BYTES;
        const body = saved.slice(from, from + SNAPSHOT_PART_BYTES);
        frames.push(await signFrame({ ...head, part }, body, ports.signer));
      }
      return frames;
    });
  }

  /** Null where `heads` are unknown, lie in an earlier epoch, or are too far behind. */
  function changesSince(heads: Heads): ChangesBody | null {
    const hex = headsToHex(heads);
    if (!A.hasHeads(doc, hex)) return null;
    const changes = A.getChangesSince(doc, hex);
    return changes.length > n ? null : packChanges(changes, ports.deflate.deflate);
  }

  return {
    id,
    kind,
    number,
    heads: headsNow,
    bytes: () => bytes,
    changes: () => count,
    async change(edit) {
      const base = headsNow();
      const before = doc;
      grower.forget();
      doc = A.change(doc, { time: 0 }, edit);
      const made = doc === before ? undefined : A.getLastLocalChange(doc);
      return made === undefined ? null : frameOf(made, base);
    },
    grow(growth) {
      const base = headsNow();
      if (!grower.grow(doc, growth)) return 'none';
      isBehind = true;
      const made = A.getLastLocalChange(doc);
      if (made === undefined) throw new Error('a chunk that changed nothing');
      return frameOf(made, base);
    },
    async since(heads) {
      if (sameHeads(heads, headsNow())) return [];
      const isWhole = heads.length === 0;
      // A history is cheaper to save than to list, but for a document just begun.
      if (isWhole && count > 1) return snapshot();
      const packed = changesSince(heads);
      return packed === null ? snapshot() : [await changesFrame(packed, heads)];
    },
    snapshot,
    value() {
      if (isBehind) [doc] = A.applyChanges(doc, []); // what was grown past it comes into its value
      isBehind = false;
      const value = READ[kind](doc);
      if (value === null) throw new Error(`a ${kind} document that cannot be read`);
      return value;
    },
    close: () => A.free(doc),
  };
}
