import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockDocumentOf, openBlockDocument } from '../../../src/crdt/block-document.ts';
import { idOf, ThreadId } from '../../../src/protocol/ids.ts';
import { listEdits } from '../../../src/crdt/list-edits.ts';
import { openSessionDocument } from '../../../src/crdt/session-document.ts';
import type { Row, SessionDocument } from '../../../src/protocol/document.ts';
import type { Frame } from '../../../src/protocol/message.ts';
import { aBlock, aliceIn, aSession, entryOf, keyOf, viewer } from '../../unit/crdt/cast.ts';
import { loops } from '../../soak/loops.ts';

const aRow: fc.Arbitrary<Row> = fc.record({
  text: fc.string({ maxLength: 40, unit: 'binary' }),
  wrapped: fc.boolean(),
  runs: fc.array(
    fc.record({
      length: fc.nat(40),
      fg: fc.integer({ min: -1, max: 0x1ffffff }),
      bg: fc.integer({ min: -1, max: 255 }),
      flags: fc.nat(511),
    }),
    { maxLength: 3 },
  ),
});

const Edit = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      rows: fc.array(aRow, { maxLength: 5 }),
    }),
  },
  fc.record({
    do: fc.constant('tail' as const),
    omitted: fc.nat(1000),
    rows: fc.array(aRow, { maxLength: 3 }),
  }),
  fc.record({
    do: fc.constant('end' as const),
    exit: fc.option(fc.integer({ min: -1, max: 255 })),
  }),
  fc.record({ do: fc.constant('restart' as const) }),
);

/** What the network does to a frame. */
const Fate = fc.constantFrom('arrives', 'arrives', 'arrives', 'lost', 'twice', 'late');

test('[FR6] whatever edits, losses, repeats and restarts: a snapshot where asked makes Bob equal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(Edit, Fate), { maxLength: 25 }), async (story) => {
      let epoch = 1;
      let block = await openBlockDocument(aliceIn(epoch), aBlock);
      const stored = await block.document.since([]);
      const bob = viewer();
      bob.catalog([entryOf(block.document)], []);
      let late: Frame[] = [];

      async function send(frames: readonly Frame[]): Promise<void> {
        for (const frame of frames) {
          const received = await bob.frame(frame);
          if (!received.ok && received.again !== null) await send(await block.document.snapshot());
        }
      }

      await send(stored);
      for (const [edit, fate] of story) {
        let frames: Frame[] = [];
        if (edit.do === 'append') frames = await block.appendRows(edit.rows);
        if (edit.do === 'tail') frames = await block.setOmittedAndTail(edit.omitted, edit.rows);
        if (edit.do === 'end')
          frames = await block.end({ exit: edit.exit, endedAt: 5, state: 'done' });
        if (edit.do === 'restart') {
          epoch += 1;
          const loaded = await aliceIn(epoch).load(stored);
          if (!loaded.ok || loaded.value.document.kind !== 'block') throw new Error('not loaded');
          expect(loaded.value.dropped).toBe(0);
          block = blockDocumentOf(loaded.value.document);
          bob.catalog([entryOf(block.document)], []);
          await send(await block.document.since(bob.heads(block.document.id) ?? []));
        }
        stored.push(...frames);
        if (fate === 'late') late.push(...frames);
        else if (fate === 'twice') await send([...frames, ...frames]);
        else if (fate === 'arrives') await send(frames);
        if (fate !== 'late' && late.length > 0) {
          await send(late);
          late = [];
        }
      }
      // The link came back: what is missing by heads.
      bob.catalog([entryOf(block.document)], []);
      await send(await block.document.since(bob.heads(block.document.id) ?? []));
      expect(bob.value(block.document.id)).toEqual(block.value());
      expect(bob.heads(block.document.id)).toEqual(block.document.heads());
      bob.close();
      block.document.close();
    }),
    { numRuns: loops(30, 1200) },
  );
});

const aLook = fc.constantFrom(
  {},
  { looksAt: null },
  ...[1, 2].map((n) => ({ looksAt: idOf(ThreadId, new Uint8Array(8).fill(n)) })),
);
const aSettledValue: fc.Arbitrary<SessionDocument> = fc.record({
  cols: fc.integer({ min: 2, max: 500 }),
  rows: fc.integer({ min: 1, max: 200 }),
  shell: fc.constantFrom('starting', 'prompt', 'running', 'plain', 'exited'),
  roster: fc.uniqueArray(
    fc.record({
      key: fc.nat(6).map(keyOf),
      name: fc.string({ maxLength: 10, unit: 'grapheme' }),
      hue: fc.nat(359),
      role: fc.constantFrom('sharer', 'viewer'),
      present: fc.boolean(),
    }),
    { selector: (one) => one.key, maxLength: 5 },
  ),
  grants: fc.dictionary(
    fc.nat(6).map(keyOf),
    fc.record({
      grant: fc.uint8Array({ maxLength: 50 }),
      signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    }),
    { noNullPrototype: true },
  ),
  queue: fc.uniqueArray(
    fc.record({
      id: fc.nat(8),
      author: fc.nat(6).map(keyOf),
      text: fc.string({ unit: 'grapheme' }),
    }),
    { selector: (one) => one.id, maxLength: 5 },
  ),
  agents: fc.array(
    fc.record({
      card: fc.record({
        id: fc.constantFrom('demo', 'opencode'),
        name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
        kind: fc.constantFrom('agent', 'demo'),
      }),
      state: fc.constantFrom('found', 'missing', 'signIn'),
      actsAlone: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});
const aSessionValue = fc
  .tuple(aSettledValue, aLook)
  .map(([value, look]): SessionDocument => ({ ...value, ...look }));

test('[FR11] the session document becomes any next value, and Bob’s with it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aSessionValue, { minLength: 1, maxLength: 6 }), async (values) => {
      const live = await openSessionDocument(aliceIn(1), aSession);
      const bob = viewer();
      bob.catalog([entryOf(live.document)], []);
      for (const frame of await live.document.since([])) await bob.frame(frame);
      for (const value of values) {
        for (const frame of await live.set(value)) {
          expect(await bob.frame(frame)).toMatchObject({ ok: true });
        }
        expect(live.value()).toEqual(value);
        expect(bob.value(live.document.id)).toEqual(value);
        expect(await live.set(value)).toEqual([]);
      }
      bob.close();
      live.document.close();
    }),
    { numRuns: loops(30, 1200) },
  );
});

test('[FR11] list edits lead from any list to any other, with none for what is equal', () => {
  const list = fc.uniqueArray(fc.record({ key: fc.nat(9), text: fc.nat(3) }), {
    selector: (one) => one.key,
  });
  fc.assert(
    fc.property(list, list, (now, next) => {
      const draft = now.map((one) => ({ ...one }));
      const edits = listEdits(now, next, {
        keyOf: (one) => one.key,
        same: (a, b) => a.text === b.text,
        shapeOf: (one) => ({ ...one }),
        bytesOf: () => 1,
        listIn: (list: { key: number; text: number }[]) => list,
        update: (shape, _, to) => void (shape.text = to.text),
      });
      for (const edit of edits) edit.apply(draft);
      expect(draft).toEqual(next);
      if (JSON.stringify(now) === JSON.stringify(next)) expect(edits).toEqual([]);
    }),
  );
});
