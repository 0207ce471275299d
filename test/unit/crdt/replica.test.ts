import { expect, test } from 'vitest';
import { blockDocumentOf, openBlockDocument } from '../../../src/crdt/block-document.ts';
import { openSessionDocument } from '../../../src/crdt/session-document.ts';
import {
  aBlock,
  aliceIn,
  aSession,
  entryOf,
  feed,
  headOf,
  keyOf,
  noise,
  row,
  rows,
  viewer,
} from './cast.ts';

test('[FR5] Bob sees Alice’s block grow, end and stay, frame by frame', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);

  expect(await feed(bob, await block.document.since([]))).toEqual(['taken']);
  expect(bob.value(block.document.id)).toMatchObject({
    command: 'make test',
    state: 'running',
    head: [],
  });

  await feed(bob, await block.appendRows([row('one'), row('two')]));
  await feed(
    bob,
    await block.appendRows([
      { text: 'red', wrapped: true, runs: [{ length: 3, fg: 1, bg: -1, flags: 1 }] },
    ]),
  );
  await feed(bob, await block.setOmittedAndTail(7, [row('last')]));
  await feed(bob, await block.end({ exit: 0, endedAt: 1_700_000_001_000, state: 'done' }));

  expect(bob.value(block.document.id)).toEqual(block.value());
  expect(block.value()).toMatchObject({
    head: [
      row('one'),
      row('two'),
      { text: 'red', wrapped: true, runs: [{ length: 3, fg: 1, bg: -1, flags: 1 }] },
    ],
    omitted: 7,
    tail: [row('last')],
    exit: 0,
    state: 'done',
  });
  expect(bob.heads(block.document.id)).toEqual(block.document.heads());
});

test('[FR8] Carol joins late and gets the whole block as a snapshot in parts', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  for (let i = 0; i < 8; i++)
    await block.appendRows([row(noise(4000, i)), row(noise(4000, i + 50))]);
  const big = await block.appendRows(
    Array.from({ length: 30 }, (_, i) => row(noise(4000, i + 100))),
  );
  expect(big.length).toBeGreaterThan(2);

  const carol = viewer();
  carol.catalog([entryOf(block.document)], []);
  const parts = await block.document.snapshot();
  expect(parts.length).toBeGreaterThan(1);
  const outcome = await feed(carol, parts);
  expect(outcome.slice(0, -1).every((one) => one === 'waiting')).toBe(true);
  expect(outcome.at(-1)).toBe('taken');
  expect(carol.value(block.document.id)).toEqual(block.value());

  await feed(carol, await block.appendRows([row('after')]));
  expect(carol.value(block.document.id)).toEqual(block.value());
});

test('[FR6] live frames that overtake a snapshot wait for it', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  await block.appendRows(Array.from({ length: 30 }, (_, i) => row(noise(4000, i))));
  const carol = viewer();
  carol.catalog([entryOf(block.document)], []);
  const parts = await block.document.snapshot();
  const live = [
    ...(await block.appendRows([row('live 1')])),
    ...(await block.appendRows([row('live 2')])),
  ];

  const [part0, ...others] = parts;
  if (part0 === undefined) throw new Error('no parts');
  expect(await feed(carol, [part0, ...live])).toEqual(['waiting', 'waiting', 'waiting']);
  expect((await feed(carol, others)).at(-1)).toBe('taken');
  expect(carol.value(block.document.id)).toEqual(block.value());
});

test('[FR6] Bob misses a frame: what he sees stays, he asks once, a snapshot mends it', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  await feed(bob, await block.document.since([]));
  await feed(bob, await block.appendRows([row('seen')]));
  const before = bob.value(block.document.id);
  await block.appendRows([row('lost')]);
  const [late] = await block.appendRows([row('late')]);
  const [later] = await block.appendRows([row('later')]);
  if (late === undefined || later === undefined) throw new Error('no frames');

  expect(await bob.frame(late)).toEqual({
    ok: false,
    fault: 'frame.outOfOrder',
    again: block.document.id,
  });
  expect(await bob.frame(later)).toEqual({ ok: false, fault: 'frame.outOfOrder', again: null });
  expect(bob.value(block.document.id)).toEqual(before);

  await feed(bob, await block.document.snapshot());
  expect(bob.value(block.document.id)).toEqual(block.value());
});

test('[CT5] Bob comes back: nothing, one frame, or a snapshot where his heads are unknown', async () => {
  const author = aliceIn(1);
  const block = await openBlockDocument(author, aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  await feed(bob, await block.document.since([]));
  expect(await block.document.since(block.document.heads())).toEqual([]);

  for (let i = 0; i < 5; i++) await block.appendRows([row(`while away ${i}`)]);
  bob.catalog([entryOf(block.document)], []);
  const missing = await block.document.since(bob.heads(block.document.id) ?? []);
  expect(missing).toHaveLength(1);
  expect(headOf(missing[0])).toMatchObject({ kind: 'changes', n: 6 });
  expect(await feed(bob, missing)).toEqual(['taken']);
  expect(bob.value(block.document.id)).toEqual(block.value());

  const unknown = await block.document.since([new Uint8Array(32).fill(7)]);
  expect(headOf(unknown[0]).kind).toBe('snapshot');
});

test('[FR9] Alice starts again: stored frames make the document, and Bob goes on where he was', async () => {
  const before = await openBlockDocument(aliceIn(1), aBlock);
  const stored = await before.document.since([]);
  stored.push(
    ...(await before.appendRows([row('one')])),
    ...(await before.appendRows([row('two')])),
  );
  const bob = viewer();
  bob.catalog([entryOf(before.document)], []);
  await feed(bob, stored);

  const loaded = await aliceIn(2).load(stored);
  if (!loaded.ok || loaded.value.document.kind !== 'block') throw new Error('not loaded');
  expect(loaded.value.dropped).toBe(0);
  const after = blockDocumentOf(loaded.value.document);
  expect(after.value()).toEqual(before.value());
  expect(after.document.heads()).toEqual(before.document.heads());

  bob.catalog([entryOf(after.document)], []);
  const end = await after.end({ exit: null, endedAt: 1_700_000_009_000, state: 'interrupted' });
  expect(headOf(end[0])).toMatchObject({ epoch: 2, n: 1 });
  expect(await feed(bob, end)).toEqual(['taken']);
  expect(bob.value(after.document.id)).toEqual(after.value());
});

test('[FR9] Alice’s disk lost the last frame: Bob, who has it, is brought to what she knows', async () => {
  const before = await openBlockDocument(aliceIn(1), aBlock);
  const stored = await before.document.since([]);
  stored.push(...(await before.appendRows([row('kept')])));
  const lost = await before.appendRows([row('lost')]);
  const bob = viewer();
  bob.catalog([entryOf(before.document)], []);
  await feed(bob, [...stored, ...lost]);

  const loaded = await aliceIn(2).load(stored);
  if (!loaded.ok || loaded.value.document.kind !== 'block') throw new Error('not loaded');
  const after = blockDocumentOf(loaded.value.document);
  const [next] = await after.appendRows([row('anew')]);
  if (next === undefined) throw new Error('no frame');
  expect(await bob.frame(next)).toMatchObject({
    fault: 'frame.outOfOrder',
    again: after.document.id,
  });
  await feed(bob, await after.document.since(bob.heads(after.document.id) ?? []));
  expect(bob.value(after.document.id)).toEqual(after.value());
});

test('[FR11] the session document says only what is new, in frames that fit', async () => {
  const live = await openSessionDocument(aliceIn(1), aSession);
  const bob = viewer();
  bob.catalog([entryOf(live.document)], []);
  await feed(bob, await live.document.since([]));
  expect(bob.value(live.document.id)).toEqual(aSession);
  expect(await live.set(aSession)).toEqual([]);

  const joined = {
    ...aSession,
    roster: [
      ...aSession.roster,
      { key: keyOf(1), name: 'Bob', hue: 10, role: 'viewer' as const, present: true },
    ],
    grants: {
      [keyOf(1)]: { grant: new Uint8Array(200).fill(3), signature: new Uint8Array(64).fill(4) },
    },
  };
  const frames = await live.set(joined);
  expect(frames).toHaveLength(1);
  await feed(bob, frames);
  expect(bob.value(live.document.id)).toEqual(joined);

  const queue = Array.from({ length: 16 }, (_, id) => ({
    id,
    author: keyOf(1),
    text: noise(32 * 1024, id),
  }));
  const many = await live.set({ ...joined, queue });
  expect(many.length).toBeGreaterThanOrEqual(16);
  await feed(bob, many);
  expect(bob.value(live.document.id)).toEqual({ ...joined, queue });

  await feed(bob, await live.set({ ...aSession, cols: 80 }));
  expect(bob.value(live.document.id)).toEqual({ ...aSession, cols: 80 });
  expect(live.value()).toEqual({ ...aSession, cols: 80 });
});

test('[FR10] a block of many flushes keeps every list short', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  await feed(bob, await block.document.since([]));
  for (let i = 0; i < 300; i++) await feed(bob, await block.appendRows(rows(1, 20, `${i}:`)));
  const value = bob.value(block.document.id);
  expect(value).toEqual(block.value());
  expect(value).toHaveProperty('head.length', 300);
});
