import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openBlockDocument } from '../../../src/crdt/block-document.ts';
import { decodeHead } from '../../../src/crdt/frame.ts';
import { decodeRecords, encodeRecord } from '../../../src/crdt/log-record.ts';
import { decodeRows } from '../../../src/crdt/row-chunk.ts';
import { concat } from '../../../src/protocol/bytes.ts';
import { aBlock, aliceIn, entryOf, feed, first, row, viewer } from '../../unit/crdt/cast.ts';
import { loops } from '../../soak/loops.ts';

test('[FR2] no bytes at all make a replica throw, or change what it holds', async () => {
  const block = await openBlockDocument(aliceIn(1), aBlock);
  const bob = viewer();
  bob.catalog([entryOf(block.document)], []);
  await feed(bob, await block.document.since([]));
  const good = first(await block.appendRows([row('good')]));
  const before = bob.value(block.document.id);
  const some = (whole: Uint8Array) =>
    fc.oneof(fc.constant(whole), fc.uint8Array({ maxLength: 300 }));
  await fc.assert(
    fc.asyncProperty(
      some(good.head),
      fc.uint8Array({ minLength: 64, maxLength: 64 }),
      some(good.body),
      async (head, signature, body) => {
        expect((await bob.frame({ head, signature, body })).ok).toBe(false);
        expect(bob.value(block.document.id)).toBe(before);
      },
    ),
    { numRuns: loops(300, 15_000) },
  );
  expect(await feed(bob, [good])).toEqual(['taken']);
});

test('[FR1] no bytes make reading a head throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void decodeHead(bytes)));
});

test('[FR10] no text makes reading rows throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeRows(text)));
});

test('[ST2] whatever follows whole records, they are read, and no more is made up', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.uint8Array({ maxLength: 60 }), (contents, torn) => {
      const whole = concat(...contents.map(encodeRecord));
      const read = decodeRecords(concat(whole, torn));
      expect(read.records.slice(0, contents.length)).toEqual(contents);
      expect(decodeRecords(whole)).toEqual({ records: contents, end: whole.length });
    }),
  );
});
