import { expect, test } from 'vitest';
import { openBlockDocument } from '../../../src/crdt/block-document.ts';
import { openReplica, REPLICA_BYTES_MAX } from '../../../src/crdt/replica.ts';
import { openSessionDocument, SESSION_CHANGES_MAX } from '../../../src/crdt/session-document.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { FRAME_BYTES_MAX, SNAPSHOT_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { pushChunk } from '../../../src/crdt/immutable-text.ts';
import { openAuthor } from '../../../src/crdt/document-author.ts';
import { signFrame } from '../../../src/crdt/frame.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import {
  ALICE,
  ALICES_SESSION,
  entropyFrom,
  aBlock,
  aliceIn,
  aliceSigner,
  aSession,
  entryOf,
  feed,
  first,
  headOf,
  noise,
  row,
  viewer,
} from './cast.ts';

test('[FR1] frames come out numbered and in order, however the signer dawdles', async () => {
  let signed = 0;
  const author = openAuthor({
    session: ALICES_SESSION,
    epoch: 1,
    signer: {
      publicKey: aliceSigner.publicKey,
      // The first takes longest.
      sign: async (message) => {
        for (let turns = 60 - 2 * signed++; turns > 0; turns--) await Promise.resolve();
        return await aliceSigner.sign(message);
      },
    },
    entropy: entropyFrom(1),
    deflate: deflateNode,
  });
  const block = await openBlockDocument(author, aBlock);
  const made: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const frames = await block.appendRows([row(`${i}`)]);
      made.push(...frames.map((frame) => headOf(frame).n));
    }),
  );
  expect(made).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
});

test('[FR1] the widest rows, commands and names still make frames that fit', async () => {
  const wide = '🎉'.repeat(2048);
  const block = await openBlockDocument(aliceIn(1), {
    ...aBlock,
    command: '日'.repeat(40_000),
    directory: '/é'.repeat(9000),
    branch: '日'.repeat(900),
  });
  const runs = Array.from({ length: 600 }, () => ({
    length: 1,
    fg: 0x1ffffff,
    bg: 0x1ffffff,
    flags: 511,
  }));
  const rows = Array.from({ length: 20 }, () => ({ text: wide, wrapped: true, runs }));
  const frames = [
    ...(await block.document.since([])),
    ...(await block.appendRows(rows)),
    ...(await block.appendRows([row('\u0001'.repeat(4096)), row(noise(4096))])),
  ];
  for (const frame of frames) expect(frame.body.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  expect(new Set(await feed(bob, frames))).toEqual(new Set(['taken']));
  const value = block.value();
  expect(bob.value(block.document.id)).toEqual(value);
  expect(utf8(value.command).length).toBeLessThanOrEqual(32 * 1024);
  expect(value.command.endsWith('日')).toBe(true);
});

test('[FR6] a signer that fails once fails its own frame only', async () => {
  let fails = 0;
  const author = openAuthor({
    session: ALICES_SESSION,
    epoch: 1,
    entropy: entropyFrom(31),
    deflate: deflateNode,
    signer: {
      publicKey: aliceSigner.publicKey,
      sign: (message) =>
        fails-- > 0 ? Promise.reject(new Error('no key')) : aliceSigner.sign(message),
    },
  });
  const block = await openBlockDocument(author, aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  await feed(bob, await block.document.since([]));
  fails = 1;
  await expect(block.appendRows([row('unsigned')])).rejects.toThrow('no key');
  expect(await feed(bob, await block.appendRows([row('next')]))).toEqual(['frame.outOfOrder']);
  await feed(bob, await block.document.since(bob.heads(block.document.id) ?? []));
  expect(bob.value(block.document.id)).toEqual(block.value());
});

test('[FR9] frames of no document, of another session, or with one missing', async () => {
  expect(await aliceIn(2).load([])).toEqual({ ok: false, fault: 'store.corrupt' });
  const block = await openBlockDocument(aliceIn(1), aBlock);
  const other = await openBlockDocument(aliceIn(1), { ...aBlock, number: 2 });
  const begin = await block.document.since([]);
  const one = await block.appendRows([row('one')]);
  const two = await block.appendRows([row('two')]);
  const foreign = await other.document.since([]);

  const missing = await aliceIn(2).load([...begin, ...two, ...foreign]);
  if (!missing.ok || missing.value.document.kind !== 'block') throw new Error('not loaded');
  expect(missing.value.dropped).toBe(2);
  expect(missing.value.document.value().head).toEqual([]);

  const damaged = { ...first(one), body: new Uint8Array([0x81, 0x41, 0x00]) };
  const kept = await aliceIn(2).load([...begin, damaged, ...two]);
  if (!kept.ok) throw new Error('not loaded');
  expect(kept.value.dropped).toBe(2);
});

test('[FR9] a stored snapshot takes the place of all before it, and changes go on from it', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  await block.appendRows(Array.from({ length: 40 }, (_, i) => row(noise(4000, i))));
  const snapshot = await block.document.snapshot();
  expect(snapshot.length).toBeGreaterThan(1);
  const after = await block.appendRows([row('after')]);
  const loaded = await aliceIn(2).load([...snapshot, ...after]);
  if (!loaded.ok) throw new Error('not loaded');
  expect(loaded.value.dropped).toBe(0);
  expect(loaded.value.document.value()).toEqual(block.value());
});

test('[FR11] a session document that was written to 2,000 times is worn', async () => {
  const live = await openSessionDocument(aliceIn(1), aSession);
  for (let i = 0; live.document.changes() <= SESSION_CHANGES_MAX; i++) {
    expect(live.isWorn()).toBe(false);
    await live.set({ ...aSession, cols: 100 + (i % 2) });
  }
  expect(live.isWorn()).toBe(true);
});

test('[FR4] past 64 MiB nothing more is held, until something is let go', async () => {
  const author = aliceIn(1);
  const bob = openReplica({
    sessionPublic: ALICE.publicBytes,
    verify: nodeVerifier,
    inflate: deflateNode.inflate,
  });
  // Parts of snapshots that never end: each document may hold almost 8 MiB of them.
  const block = await openBlockDocument(author, aBlock);
  const head = { ...headOf((await block.document.snapshot())[0]), kind: 'snapshot' as const };
  const body = new Uint8Array(48 * 1024);
  let held = 0;
  let fault = '';
  for (let number = 0; fault === ''; number++) {
    const document = idOf(DocumentId, new Uint8Array(16).fill(number));
    bob.catalog([{ id: document, kind: 'block', number, heads: [], bytes: 0 }], []);
    for (let part = 0; part < 170 && fault === ''; part++) {
      const frame = await signFrame({ ...head, document, part, parts: 171 }, body, aliceSigner);
      const received = await bob.frame(frame);
      if (received.ok) held += body.length;
      else fault = received.fault;
    }
  }
  expect(fault).toBe('replica.full');
  expect(held).toBeLessThanOrEqual(REPLICA_BYTES_MAX);
  expect(held).toBeGreaterThan(REPLICA_BYTES_MAX - 50 * 1024);
  // But who is here and who may do what is known all the same.
  const session = await openSessionDocument(author, aSession);
  bob.catalog([entryOf(session.document)], []);
  expect(await feed(bob, await session.document.since([]))).toEqual(['taken']);
  bob.catalog([entryOf(block.document)], [idOf(DocumentId, new Uint8Array(16).fill(0))]);
  expect(await feed(bob, await block.document.since([]))).toEqual(['taken']);
});

test('[CT8] of a document too large for a snapshot there is none, and nothing breaks', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  const text = noise(SNAPSHOT_BYTES_MAX * 2, 5);
  for (let at = 0; at < text.length; at += 24_000) {
    await block.document.change((draft) => pushChunk(draft.head, text.slice(at, at + 24_000)));
  }
  expect(await block.document.snapshot()).toEqual([]);
  expect(await block.document.since([])).toEqual([]);
  expect(await block.document.since(block.document.heads())).toEqual([]);
  block.document.close();
});
