// The people of these tests: Alice shares, Bob and Carol look on, Mallory has her own key.
import { openAutomerge } from '../../../src/crdt/automerge-node.ts';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import {
  openAuthor,
  type Author,
  type AuthoredDocument,
} from '../../../src/crdt/document-author.ts';
import { decodeHead, type FrameHead } from '../../../src/crdt/frame.ts';
import { openReplica, type Replica } from '../../../src/crdt/replica.ts';
import { identityOf, sessionIdOf } from '../../../src/crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { toText } from '../../../src/protocol/bytes.ts';
import type { Row, SessionDocument } from '../../../src/protocol/document.ts';
import { idOf, PublicKey } from '../../../src/protocol/ids.ts';
import type { CatalogEntry, Frame } from '../../../src/protocol/message.ts';
import type { Entropy } from '../../../src/protocol/ports.ts';

await openAutomerge();

function seedOf(name: string): Uint8Array {
  return new Uint8Array(32).map((_, i) => name.charCodeAt(i % name.length));
}

export const ALICE = identityOf(seedOf('alice'));
export const MALLORY = identityOf(seedOf('mallory'));
export const aliceSigner = nodeSigner(ALICE.seed);
export const mallorySigner = nodeSigner(MALLORY.seed);
export const ALICES_SESSION = sessionIdOf(ALICE.publicBytes);

/** Repeatable bytes, different at each call: the ids and actors of one author. */
export function entropyFrom(start: number): Entropy {
  let state = start >>> 0;
  return (count) =>
    new Uint8Array(count).map(() => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
}

let authors = 0;

/** Alice's author in a life of her process. */
export function aliceIn(epoch: number): Author {
  authors += 1;
  return openAuthor({
    session: ALICES_SESSION,
    epoch,
    signer: aliceSigner,
    entropy: entropyFrom(authors * 7919),
    deflate: deflateNode,
  });
}

/** A viewer of Alice's session, told of nothing yet. */
export function viewer(): Replica {
  return openReplica({
    sessionPublic: ALICE.publicBytes,
    verify: nodeVerifier,
    inflate: deflateNode.inflate,
  });
}

export function entryOf(
  document: Pick<AuthoredDocument, 'id' | 'kind' | 'number' | 'heads' | 'bytes'>,
): CatalogEntry {
  const { id, kind, number } = document;
  return { id, kind, number, heads: document.heads(), bytes: document.bytes() };
}

/** Feeds frames in order; what each came to. */
export async function feed(replica: Replica, frames: readonly Frame[]): Promise<string[]> {
  const received = await Promise.all(frames.map((frame) => replica.frame(frame)));
  return received.map((one) => (one.ok ? (one.value === null ? 'waiting' : 'taken') : one.fault));
}

export function headOf(frame: Frame | undefined): FrameHead {
  if (frame === undefined) throw new Error('no frame');
  const head = decodeHead(frame.head);
  if (!head.ok) throw new Error(head.fault);
  return head.value;
}

export function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error('an empty list');
  return one;
}

export function row(text: string): Row {
  return { text, wrapped: false, runs: [] };
}

export function rows(count: number, width = 60, salt = ''): Row[] {
  return Array.from({ length: count }, (_, i) => row(`${salt}${i} `.repeat(width).slice(0, width)));
}

/** A text no deflate makes small. */
export function noise(chars: number, seed = 1): string {
  return toText(entropyFrom(seed)(Math.ceil((chars * 3) / 4))).slice(0, chars);
}

export function keyOf(number: number): PublicKey {
  return idOf(PublicKey, entropyFrom(number + 99)(32));
}

export const aBlock = {
  number: 1,
  author: ALICE.publicKey,
  command: 'make test',
  directory: '~/meshell',
  branch: 'main',
  startedAt: 1_700_000_000_000,
  firstRow: 0,
};

export const aSession: SessionDocument = {
  cols: 120,
  rows: 36,
  roster: [{ key: ALICE.publicKey, name: 'Alice', hue: 200, role: 'sharer', present: true }],
  grants: {},
  queue: [],
  shell: 'prompt',
};
