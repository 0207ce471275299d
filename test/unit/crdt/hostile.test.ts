import * as A from '@automerge/automerge/slim';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBlockDocument, type BlockDocument } from '../../../src/crdt/block-document.ts';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { signFrame, type FrameHead } from '../../../src/crdt/frame.ts';
import { headsFromHex } from '../../../src/crdt/heads.ts';
import { REPLICA_DOCUMENTS_MAX, type Replica } from '../../../src/crdt/replica.ts';
import { openSessionDocument } from '../../../src/crdt/session-document.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import { concat } from '../../../src/protocol/bytes.ts';
import { encodeCbor } from '../../../src/protocol/codec.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import type { Frame } from '../../../src/protocol/message.ts';
import type { Signer } from '../../../src/protocol/ports.ts';
import {
  aBlock,
  aliceIn,
  aliceSigner,
  entropyFrom,
  aSession,
  entryOf,
  feed,
  first,
  headOf,
  MALLORY,
  mallorySigner,
  noise,
  row,
  viewer,
} from './cast.ts';

interface Scene {
  readonly block: BlockDocument;
  readonly bob: Replica;
  /** Frames Bob has taken. */
  readonly seen: Frame[];
}

/** Alice's block with one row, and Bob who has it. */
async function scene(): Promise<Scene> {
  const block = await openBlockDocument(aliceIn(3), aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  const seen = [...(await block.document.since([])), ...(await block.appendRows([row('before')]))];
  await feed(bob, seen);
  return { block, bob, seen };
}

/** What was good before is good after: the next honest frame applies, and Bob sees all. */
async function expectUnharmed({ block, bob }: Scene): Promise<void> {
  expect(await feed(bob, await block.appendRows([row('after')]))).toEqual(['taken']);
  expect(bob.value(block.document.id)).toEqual(block.value());
}

/** A snapshot mends it, and frames apply again. */
async function expectMended(stage: Scene): Promise<void> {
  await feed(stage.bob, await stage.block.document.snapshot());
  await expectUnharmed(stage);
}

/** A frame that follows on honestly but for `changed`. */
async function frameLike(
  { block, seen }: Scene,
  changed: Partial<FrameHead>,
  body: Uint8Array,
  signer: Signer = aliceSigner,
): Promise<Frame> {
  const last = headOf(seen.at(-1));
  const heads = block.document.heads();
  const head = { ...last, n: last.n + 1, base: heads, heads, deflated: false, ...changed };
  return signFrame(head, body, signer);
}

/** A change on top of the block, made by someone under `actor`. */
async function changeBy(
  { block }: Scene,
  actor: string,
): Promise<{ bytes: Uint8Array; heads: Uint8Array[] }> {
  const bodies = (await block.document.snapshot()).map((frame) => frame.body);
  let copy = A.load<{ command: unknown }>(concat(...bodies), { actor });
  copy = A.change(copy, { time: 0 }, (draft) => {
    draft.command = new A.ImmutableString('rm -rf ~');
  });
  const bytes = A.getLastLocalChange(copy);
  if (bytes === undefined) throw new Error('no change');
  return { bytes, heads: headsFromHex(A.getHeads(copy)) };
}

const logged = vi.fn<(...said: unknown[]) => void>();
beforeEach(() => {
  logged.mockClear();
  for (const voice of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, voice).mockImplementation(logged);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(logged).not.toHaveBeenCalled();
});

test('[FR5] a replayed frame is refused and costs Bob nothing', async () => {
  const stage = await scene();
  expect(await feed(stage.bob, stage.seen)).toEqual(['frame.repeated', 'frame.repeated']);
  const again = await stage.bob.frame(first(stage.seen));
  expect(again).toMatchObject({ again: null });
  await expectUnharmed(stage);
});

test('[FR6] frames in the wrong order are put right', async () => {
  const stage = await scene();
  const one = first(await stage.block.appendRows([row('one')]));
  const two = first(await stage.block.appendRows([row('two')]));
  expect(await feed(stage.bob, [two, one])).toEqual(['frame.outOfOrder', 'taken']);
  expect(stage.bob.value(stage.block.document.id)).toEqual(stage.block.value());
  await expectUnharmed(stage);
});

test('[FR2] Mallory’s change under her own actor and key is refused', async () => {
  const stage = await scene();
  const { bytes, heads } = await changeBy(stage, 'beef');
  const frame = await frameLike(stage, { heads }, encodeCbor([bytes]), mallorySigner);
  expect(await feed(stage.bob, [frame])).toEqual(['frame.badSignature']);
  await expectUnharmed(stage);
});

test('[FR2] Mallory’s change under Alice’s actor does not poison Bob against Alice', async () => {
  const stage = await scene();
  const bodies = (await stage.block.document.snapshot()).map((frame) => frame.body);
  const [made] = A.getChangesMetaSince(A.load<object>(concat(...bodies)), []);
  const { bytes, heads } = await changeBy(stage, made?.actor ?? '');
  const frame = await frameLike(stage, { heads }, encodeCbor([bytes]), mallorySigner);
  expect(await feed(stage.bob, [frame])).toEqual(['frame.badSignature']);
  await expectUnharmed(stage);
});

test('[FR2] another body under Alice’s signature is refused', async () => {
  const stage = await scene();
  const { bytes } = await changeBy(stage, 'beef');
  const good = first(await stage.block.appendRows([row('good')]));
  expect(await feed(stage.bob, [{ ...good, body: encodeCbor([bytes]) }, good])).toEqual([
    'frame.badSignature',
    'taken',
  ]);
  await expectUnharmed(stage);
});

test('[FR2] a frame of Mallory’s own session is refused', async () => {
  const stage = await scene();
  const session = sessionIdOf(MALLORY.publicBytes);
  const { bytes, heads } = await changeBy(stage, 'beef');
  const hers = await frameLike(stage, { session, heads }, encodeCbor([bytes]), mallorySigner);
  const mixed = await frameLike(stage, { session, heads }, encodeCbor([bytes]), aliceSigner);
  expect(await feed(stage.bob, [hers, mixed])).toEqual([
    'frame.badSignature',
    'frame.badSignature',
  ]);
  await expectUnharmed(stage);
});

test('[FR2] a flipped bit anywhere is refused before Automerge sees a byte', async () => {
  const stage = await scene();
  const good = first(await stage.block.appendRows([row('good')]));
  for (const part of ['head', 'signature', 'body'] as const) {
    for (let at = 0; at < good[part].length; at++) {
      const bytes = Uint8Array.from(good[part]);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      expect(await feed(stage.bob, [{ ...good, [part]: bytes }])).toEqual(['frame.badSignature']);
    }
  }
  expect(await feed(stage.bob, [good])).toEqual(['taken']);
  await expectUnharmed(stage);
});

test('[FR4] a document nobody told Bob of is refused, and not remembered', async () => {
  const stage = await scene();
  const secret = await openBlockDocument(aliceIn(3), { ...aBlock, number: 0, command: 'secret' });
  const frames = [...(await secret.document.since([])), ...(await secret.document.snapshot())];
  expect(await feed(stage.bob, frames)).toEqual(['frame.notGranted', 'frame.notGranted']);
  expect(stage.bob.value(secret.document.id)).toBeNull();
  expect(stage.bob.heads(secret.document.id)).toBeNull();
  await expectUnharmed(stage);
});

test('[FR4] what the catalog takes back is gone, with what was still on its way', async () => {
  const stage = await scene();
  const late = await stage.block.appendRows([row('late')]);
  stage.bob.catalog([], [stage.block.document.id]);
  expect(stage.bob.value(stage.block.document.id)).toBeNull();
  expect(await feed(stage.bob, late)).toEqual(['frame.notGranted']);
});

test('[FR7] a signed frame with wrong heads: the document is dropped, asked for once, mended', async () => {
  const stage = await scene();
  const { bytes } = await changeBy(stage, 'beef');
  const frame = await frameLike(stage, { heads: [new Uint8Array(32)] }, encodeCbor([bytes]));
  expect(await stage.bob.frame(frame)).toEqual({
    ok: false,
    fault: 'frame.wrongHeads',
    again: stage.block.document.id,
  });
  expect(stage.bob.value(stage.block.document.id)).toBeNull();
  await expectMended(stage);
});

test('[FR7] a signed frame whose change lacks what it depends on is refused', async () => {
  const stage = await scene();
  const elsewhere = await scene();
  const { bytes, heads } = await changeBy(elsewhere, 'beef');
  const frame = await frameLike(stage, { heads }, encodeCbor([bytes]));
  expect(await feed(stage.bob, [frame])).toEqual(['frame.wrongHeads']);
  await expectMended(stage);
});

test('[FR7] signed bytes that make Automerge throw or panic harm one document only', async () => {
  const stage = await scene();
  const other = await openBlockDocument(aliceIn(3), { ...aBlock, number: 2 });
  stage.bob.catalog([entryOf(other.document)], []);
  await feed(stage.bob, await other.document.since([]));
  let n = 1;
  for (const body of [
    [new Uint8Array(100)],
    [new Uint8Array(0)],
    [concat(new Uint8Array([0x85, 0x6f, 0x4a, 0x83]), new Uint8Array(50))],
  ]) {
    expect(
      await feed(stage.bob, [await frameLike(stage, { n: (n += 2) }, encodeCbor(body))]),
    ).toEqual(['frame.wrongHeads']);
    await expectMended(stage);
  }
  await feed(stage.bob, await other.appendRows([row('unharmed')]));
  expect(stage.bob.value(other.document.id)).toEqual(other.value());
});

test('[FR2] signed bodies that are no list of changes are refused', async () => {
  const stage = await scene();
  for (const body of [
    new Uint8Array(0),
    encodeCbor([]),
    encodeCbor(['x']),
    encodeCbor({}),
    new Uint8Array(40).fill(255),
  ]) {
    const frame = await frameLike(stage, {}, body);
    expect(await feed(stage.bob, [frame])).toEqual(['frame.malformed']);
  }
  await expectUnharmed(stage);
});

test('[FR8] parts of another snapshot, or in another order, make nothing', async () => {
  const block = await openBlockDocument(aliceIn(3), aBlock);
  await block.appendRows(Array.from({ length: 40 }, (_, i) => row(noise(4000, i))));
  const old = await block.document.snapshot();
  await block.appendRows([row('newer')]);
  const parts = await block.document.snapshot();
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  const [p0, p1] = parts;
  const [, o1] = old;
  if (p0 === undefined || p1 === undefined || o1 === undefined) throw new Error('too few parts');

  expect(await bob.frame(p1)).toMatchObject({
    fault: 'frame.outOfOrder',
    again: block.document.id,
  });
  expect(await feed(bob, [p0])).toEqual(['waiting']);
  expect(await bob.frame(o1)).toMatchObject({
    fault: 'frame.outOfOrder',
    again: block.document.id,
  });
  expect(await bob.frame(p1)).toMatchObject({ fault: 'frame.outOfOrder', again: null });
  expect((await feed(bob, parts)).at(-1)).toBe('taken');
  await expectUnharmed({ block, bob, seen: parts });
});

test('[FR8] a signed snapshot of other heads is refused', async () => {
  const stage = await scene();
  const snapshot = first(await stage.block.document.snapshot());
  const lie = { kind: 'snapshot' as const, base: [], heads: [new Uint8Array(32)] };
  const frame = await frameLike(stage, lie, snapshot.body);
  expect(await feed(stage.bob, [frame])).toEqual(['frame.wrongHeads']);
  await expectMended(stage);
});

test('[FR8] an older snapshot does not set Bob back', async () => {
  const stage = await scene();
  const old = await stage.block.document.snapshot();
  await feed(stage.bob, await stage.block.appendRows([row('newer')]));
  expect(await feed(stage.bob, old)).toEqual(['frame.repeated']);
  await expectUnharmed(stage);
});

test('[FR5] frames of an earlier life of Alice’s process are refused', async () => {
  const stage = await scene();
  const { bytes, heads } = await changeBy(stage, 'beef');
  const frame = await frameLike(stage, { epoch: 2, n: 999, heads }, encodeCbor([bytes]));
  expect(await feed(stage.bob, [frame])).toEqual(['frame.repeated']);
  await expectUnharmed(stage);
});

test('[FR2] [FR3] what is too large is refused as it came, and while it inflates', async () => {
  const stage = await scene();
  const bomb = deflateNode.deflate(encodeCbor([new Uint8Array(10 * 1024 * 1024)]));
  expect(bomb.length).toBeLessThan(64 * 1024);
  const bombed = await frameLike(stage, { deflated: true }, bomb);
  const good = first(await stage.block.appendRows([row('good')]));
  expect(
    await feed(stage.bob, [
      { ...good, body: new Uint8Array(64 * 1024 + 1) },
      { ...good, head: new Uint8Array(2049) },
      bombed,
      good,
    ]),
  ).toEqual(['message.tooLarge', 'message.tooLarge', 'message.tooLarge', 'taken']);
  await expectUnharmed(stage);
});

test('[FR4] a document that is not what the catalog called it is not shown', async () => {
  const block = await openBlockDocument(aliceIn(3), aBlock);
  const bob = viewer();
  bob.catalog([{ ...entryOf(block.document), number: 9 }], []);
  expect(await feed(bob, await block.document.since([]))).toEqual(['frame.malformed']);
  expect(bob.value(block.document.id)).toBeNull();
});

test('[FR6] a document that no snapshot mends is asked for three times, then no more', async () => {
  const stage = await scene();
  const snapshot = first(await stage.block.document.snapshot());
  const lie = { kind: 'snapshot' as const, base: [], heads: [new Uint8Array(32)] };
  const asked: unknown[] = [];
  for (let i = 0; i < 6; i++) {
    const received = await stage.bob.frame(await frameLike(stage, lie, snapshot.body));
    if (!received.ok) asked.push(received.again);
  }
  expect(asked.filter((id) => id !== null)).toHaveLength(3);
  // The next catalog begins anew.
  stage.bob.catalog([entryOf(stage.block.document)], []);
  expect(await stage.bob.frame(await frameLike(stage, lie, snapshot.body))).toMatchObject({
    again: stage.block.document.id,
  });
});

test('[FR4] of more documents than a tab can hold the oldest are left out, in whatever order they are named', async () => {
  const entropy = entropyFrom(5);
  const entries = Array.from({ length: REPLICA_DOCUMENTS_MAX + 1 }, (_, number) => ({
    id: idOf(DocumentId, entropy(16)),
    kind: 'block' as const,
    number,
    heads: [],
    bytes: 0,
  }));
  const full = { ok: false, fault: 'replica.full' };
  const [newestFirst, oldestFirst] = [viewer(), viewer()];
  expect(newestFirst.catalog(entries.toReversed(), [])).toEqual(full);
  expect(newestFirst.catalog(entries.slice(1, 10), [])).toEqual({ ok: true, value: null });
  expect(newestFirst.catalog(entries.slice(0, 1), [])).toEqual(full);
  // Another block begins, and another session document: they take the place of the oldest.
  expect(oldestFirst.catalog(entries, [])).toEqual({ ok: true, value: null });
  expect(oldestFirst.catalog(entries.slice(0, 1), [])).toEqual(full);
  const session = await openSessionDocument(aliceIn(1), aSession);
  expect(oldestFirst.catalog([entryOf(session.document)], [])).toEqual({ ok: true, value: null });
  expect(await feed(oldestFirst, await session.document.since([]))).toEqual(['taken']);
  expect(oldestFirst.catalog(entries.slice(1, 2), [])).toEqual(full);
});
