// One document of a viewer's replica: what of it is held, where it stands, what is awaited.
// Takes frames that were believed already; knows no signatures and no other documents.
import type { DocumentKind } from '../protocol/document.ts';
import type { DocumentId } from '../protocol/ids.ts';
import type { Deflate } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import {
  applied,
  emptyCopy,
  freeCopy,
  headsOf,
  loaded,
  savedOf,
  type Copy,
} from './document-copy.ts';
import { READ, rootOf, type Values } from './document-shape.ts';
import { openEarlyFrames } from './early-frames.ts';
import { unpackChanges } from './frame-body.ts';
import type { FrameHead, OpenedFrame } from './frame.ts';
import { sameHeads, type Heads } from './heads.ts';
import { isAfter, NOWHERE, type Place } from './place.ts';
import { NO_PARTS, partsBytes, wholeOf, withPart, type SnapshotParts } from './snapshot-parts.ts';

/** Replicas write nothing; Automerge wants an actor all the same. */
const NO_ACTOR = '00';
/** Snapshots asked for in a row that did not mend it: a sharer that errs so often keeps erring. */
const ASKS_MAX = 3;

export type TakeFault =
  | 'frame.outOfOrder'
  | 'frame.repeated'
  | 'frame.wrongHeads'
  | 'frame.malformed'
  | 'message.tooLarge';

/** `waiting`: taken in, but nothing to show yet. */
export type Taken = Result<'changed' | 'waiting', TakeFault>;

export interface ReplicaDocument {
  readonly id: DocumentId;
  readonly kind: DocumentKind;
  readonly number: number;
  readonly take: (frame: OpenedFrame) => Taken;
  /** True once after a fault that only a snapshot mends, and ASKS_MAX times in a row at most. */
  readonly needsAsking: () => boolean;
  /** A new catalog names it: what was asked for on an old link is asked for again. */
  readonly forgive: () => void;
  /** Null while nothing is held. */
  readonly heads: () => Uint8Array[] | null;
  readonly value: () => Values[DocumentKind] | null;
  /** It is over, and all of it is held. */
  readonly isFinished: () => boolean;
  /** What it holds, in bytes as they came. */
  readonly bytes: () => number;
  readonly close: () => void;
}

/**
 * A finished block or segment is kept as its saved bytes and its value: wasm memory never shrinks, so a
 * tab with 2,000 blocks must not have them all in it.
 */
type Held =
  | { readonly phase: 'nothing' }
  | { readonly phase: 'copy'; readonly copy: Copy; readonly bytes: number }
  | { readonly phase: 'packed'; readonly saved: Uint8Array; readonly heads: Heads };

type Reading =
  | { readonly phase: 'unread' }
  | { readonly phase: 'read'; readonly value: Values[DocumentKind] | null };

type Asking = { readonly phase: 'idle' | 'due' | 'asked'; readonly times: number };

export function openReplicaDocument(
  entry: { readonly id: DocumentId; readonly kind: DocumentKind; readonly number: number },
  inflate: Deflate['inflate'],
): ReplicaDocument {
  const { id, kind, number } = entry;
  const early = openEarlyFrames();
  let held: Held = { phase: 'nothing' };
  let reading: Reading = { phase: 'unread' };
  /** Of the newest frame that was taken in, also after its copy was dropped. */
  let place: Place = NOWHERE;
  let parts: SnapshotParts = NO_PARTS;
  let asking: Asking = { phase: 'idle', times: 0 };

  function headsHeld(): Heads {
    if (held.phase === 'packed') return held.heads;
    return held.phase === 'copy' ? headsOf(held.copy) : [];
  }

  function bytesHeld(): number {
    if (held.phase === 'packed') return held.saved.length;
    return held.phase === 'copy' ? held.bytes : 0;
  }

  function dropCopy(): void {
    if (held.phase === 'copy') freeCopy(held.copy);
    held = { phase: 'nothing' };
    reading = { phase: 'unread' };
  }

  function fail(fault: TakeFault): Taken {
    if (asking.phase === 'idle' && asking.times < ASKS_MAX) {
      asking = { phase: 'due', times: asking.times + 1 };
    }
    return err(fault);
  }

  /** [FR5] Only what is newer and stands on the heads that are held. */
  function takeChanges(frame: OpenedFrame): Taken {
    if (!isAfter(frame.head, place)) return err('frame.repeated');
    if (sameHeads(frame.head.base, headsHeld())) {
      const taken = apply(frame);
      if (!taken.ok) return taken;
      const followed = takeEarly();
      packIfOver(savedOf);
      return followed;
    }
    // [FR6] What is held stays as it is, and this frame waits for what it follows on.
    early.keep(frame);
    return parts.phase === 'none' ? fail('frame.outOfOrder') : ok('waiting');
  }

  function apply(frame: OpenedFrame): Taken {
    const changes = unpackChanges(frame, inflate);
    if (!changes.ok) return fail(changes.fault);
    const bytes = bytesHeld() + frame.body.length;
    const before = liveCopy();
    held = { phase: 'nothing' };
    reading = { phase: 'unread' };
    const next = before.ok ? applied(before.value, changes.value, frame.head.heads) : before;
    return next.ok ? hold(next.value, bytes, frame.head) : fail(next.fault);
  }

  function liveCopy(): Result<Copy, 'frame.wrongHeads'> {
    if (held.phase === 'packed') return loaded(held.saved, held.heads, NO_ACTOR);
    return ok(held.phase === 'copy' ? held.copy : emptyCopy(NO_ACTOR));
  }

  /** A copy is held only if it is what the catalog called it. */
  function hold(copy: Copy, bytes: number, head: FrameHead): Taken {
    const root = rootOf(copy);
    held = { phase: 'copy', copy, bytes };
    reading = { phase: 'unread' };
    place = { epoch: head.epoch, n: head.n };
    if (root === null || root.kind !== kind || root.number !== number) {
      dropCopy();
      return fail('frame.malformed');
    }
    return ok('changed');
  }

  /** Once all that was there is taken in. A snapshot just loaded need not be saved again. */
  function packIfOver(save: (copy: Copy) => Uint8Array): void {
    if (held.phase !== 'copy' || rootOf(held.copy)?.isOver !== true) return;
    const { copy } = held;
    reading = { phase: 'read', value: READ[kind](copy) };
    held = { phase: 'packed', saved: save(copy), heads: headsOf(copy) };
    freeCopy(copy);
  }

  function takeEarly(): Taken {
    for (;;) {
      const frame = early.next(headsHeld(), place);
      if (frame === undefined) return ok('changed');
      const taken = apply(frame);
      if (!taken.ok) return taken;
    }
  }

  /** [FR8] Not older than what was taken in, and not what is held anyway. */
  function takePart(frame: OpenedFrame): Taken {
    const { head } = frame;
    const isHeld = held.phase !== 'nothing' && sameHeads(head.heads, headsHeld());
    if (isAfter(place, head) || (isHeld && asking.phase === 'idle')) return err('frame.repeated');
    const next = withPart(parts, frame);
    if (!next.ok) {
      // Parts that were on their way are lost with this: they are asked for again.
      if (parts.phase !== 'none') asking = { ...asking, phase: 'idle' };
      parts = NO_PARTS;
      return fail(next.fault);
    }
    parts = next.value;
    return parts.phase === 'all' ? takeWhole(parts) : ok('waiting');
  }

  function takeWhole(whole: Extract<SnapshotParts, { phase: 'some' | 'all' }>): Taken {
    parts = NO_PARTS;
    asking = { ...asking, phase: 'idle' };
    const bytes = wholeOf(whole);
    const next = loaded(bytes, whole.head.heads, NO_ACTOR);
    dropCopy();
    const taken = next.ok ? hold(next.value, whole.bytes, whole.head) : fail(next.fault);
    if (!taken.ok) return taken;
    const followed = takeEarly();
    packIfOver(isAfter(place, whole.head) ? savedOf : () => bytes);
    if (!followed.ok) return followed;
    if (early.count() > 0) return fail('frame.outOfOrder');
    asking = { phase: 'idle', times: 0 };
    return followed;
  }

  return {
    id,
    kind,
    number,
    take: (frame) => (frame.head.kind === 'changes' ? takeChanges(frame) : takePart(frame)),
    needsAsking() {
      const isDue = asking.phase === 'due';
      if (isDue) asking = { ...asking, phase: 'asked' };
      return isDue;
    },
    forgive() {
      asking = { phase: 'idle', times: 0 };
      parts = NO_PARTS;
      early.clear();
    },
    heads: () => (held.phase === 'nothing' ? null : [...headsHeld()]),
    value() {
      if (reading.phase === 'unread') {
        const value = held.phase === 'copy' ? READ[kind](held.copy) : null;
        reading = { phase: 'read', value };
      }
      return reading.value;
    },
    isFinished: () => held.phase === 'packed',
    bytes: () => bytesHeld() + early.bytes() + partsBytes(parts),
    close: dropCopy,
  };
}
