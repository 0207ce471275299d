// Where a session goes on after the process before: its state out of the log, the next epoch's
// author, blocks that were open ended as interrupted, threads read back, the log written anew.
import { deflateNode } from '../crdt/deflate-node.ts';
import { openAuthor, type Author } from '../crdt/document-author.ts';
import type { SessionStore } from '../crdt/store.ts';
import type { Identity } from '../crypto/identity.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Clock, Entropy, Signer } from '../protocol/ports.ts';
import type { Segment } from '../protocol/thread.ts';
import type { Profile } from '../session/sharer-state.ts';
import { finishedSegments, takeLeftOpen, type LeftOpen } from './left-open.ts';
import { compacted, restore, type Restored } from './session-records.ts';

export interface ResumeOptions {
  readonly id: SessionId;
  readonly publicKey: Identity['publicKey'];
  readonly signer: Signer;
  readonly store: SessionStore;
  /** How the sharer appears. */
  readonly profile: Profile;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

export interface Resumed extends Restored {
  readonly author: Author;
  /** Segments that go on. */
  readonly unfinished: LeftOpen['segments'];
  /** All segments, those that go on too, in order of number. */
  readonly segments: readonly Segment[];
  /** [ST2] What was kept could be read, all of it. */
  readonly isWhole: boolean;
}

export async function resumeSession(options: ResumeOptions): Promise<Resumed> {
  const { id, publicKey, signer, store, clock, entropy } = options;
  const kept = store.state();
  const restored = restore(id, publicKey, kept.records);
  const epoch = restored.epoch + 1;
  const author = openAuthor({ session: id, epoch, signer, entropy, deflate: deflateNode });
  const known = new Set(restored.finished.map((entry) => entry.id));
  const leftOpen = await takeLeftOpen(author, store, known, clock.now());
  const finished = [...restored.finished, ...leftOpen.ended];
  const over = await finishedSegments(author, store, restored.finished);
  const segments = [
    ...over.values,
    ...leftOpen.segments.map((document) => document.value()),
  ].toSorted((a, b) => a.number - b.number);
  store.rewrite(compacted({ ...restored, epoch, finished }));
  const state = {
    ...restored.state,
    // [TR3] Over blocks and segments, those that go on too.
    nextBlock: 1 + Math.max(0, ...[...finished, ...segments].map((one) => one.number)),
    profiles: new Map(restored.state.profiles).set(publicKey, options.profile),
  };
  const isWhole = kept.fault === null && leftOpen.isWhole && over.isWhole;
  const unfinished = leftOpen.segments;
  return { ...restored, state, epoch, finished, author, unfinished, segments, isWhole };
}
