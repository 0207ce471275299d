import { expect, test } from 'vitest';
import { openBlockDocument } from '../../../src/crdt/block-document.ts';
import {
  answerWant,
  catalogFor,
  catalogPages,
  catchUp,
  mayHave,
} from '../../../src/crdt/catalog.ts';
import { openSessionDocument } from '../../../src/crdt/session-document.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import type { CatalogEntry } from '../../../src/protocol/message.ts';
import { aBlock, aliceIn, aSession, entryOf, feed, row, viewer } from './cast.ts';

function id(number: number): DocumentId {
  return idOf(DocumentId, new Uint8Array(16).fill(number));
}
const head = (number: number) => new Uint8Array(32).fill(number);

const session: CatalogEntry = {
  id: id(100),
  kind: 'session',
  number: 0,
  heads: [head(0)],
  bytes: 10,
};
const blocks: CatalogEntry[] = [1, 2, 3, 4].map((number) => ({
  id: id(number),
  kind: 'block',
  number,
  heads: [head(number)],
  bytes: 100,
}));
const documents = new Map([...blocks, session].map((entry) => [entry.id, entry]));

test('[CT1] Bob, who sees from block 3 on, may have no earlier one; both may have the session', () => {
  expect(blocks.map((block) => mayHave(block, 3))).toEqual([false, false, true, true]);
  expect(mayHave(session, 3)).toBe(true);
  const segments = [1, 2, 3, 4].map((number) => ({ kind: 'segment' as const, number }));
  expect(segments.map((segment) => mayHave(segment, 3))).toEqual([false, false, true, true]);
  expect(mayHave({ kind: 'block', number: 0 }, 0)).toBe(true);
});

test('[CT2] the session comes first, then the newest block', () => {
  expect(catalogFor(documents.values(), 0).map((entry) => entry.number)).toEqual([0, 4, 3, 2, 1]);
  expect(catalogFor(documents.values(), 3).map((entry) => entry.number)).toEqual([0, 4, 3]);
});

test('[CT3] what Bob may not have is answered as if it never was', () => {
  const answer = answerWant(documents, 3, [id(1), id(4), id(77), id(4), id(100)]);
  expect(answer).toEqual({ send: [id(4), id(100)], gone: [id(1), id(77)] });
});

test('[CT4] Bob is back: what is equal is not sent, what is behind is, what is withheld is gone', () => {
  const have = [
    { id: id(1), heads: [head(1)] },
    { id: id(3), heads: [head(3)] },
    { id: id(4), heads: [head(9)] },
    { id: id(77), heads: [head(7)] },
  ];
  expect(catchUp(documents, 3, have)).toEqual({
    entries: catalogFor(documents.values(), 3),
    gone: [id(1), id(77)],
    behind: [{ id: id(4), heads: [head(9)] }],
  });
});

test('[CT2] a long catalog travels in pages of 500', () => {
  const many = Array.from({ length: 1201 }, (_, i) => ({ ...session, number: i }));
  const pages = catalogPages(many, [id(1)]);
  expect(pages.map((page) => page.entries.length)).toEqual([500, 500, 201]);
  expect(pages.map((page) => page.gone.length)).toEqual([1, 0, 0]);
  expect(catalogPages([], [])).toEqual([]);
});

test('[CT1] Bob from block 2, Carol from the first: each replica holds what its catalog names', async () => {
  const alice = aliceIn(1);
  const made = [];
  for (const number of [1, 2, 3]) {
    const block = await openBlockDocument(alice, {
      ...aBlock,
      number,
      command: `command ${number}`,
    });
    await block.appendRows([row(`output ${number}`)]);
    made.push(block);
  }
  const session = await openSessionDocument(alice, aSession);
  const all = [...made.map((block) => entryOf(block.document)), entryOf(session.document)];
  const frames = (
    await Promise.all([...made, session].map((one) => one.document.snapshot()))
  ).flat();

  const seen = [];
  for (const start of [2, 0]) {
    const replica = viewer();
    replica.catalog(catalogFor(all, start), []);
    // Even if every frame were sent to everyone.
    await feed(replica, frames);
    seen.push(made.map((block) => replica.value(block.document.id) !== null));
    expect(replica.value(session.document.id)).toEqual(aSession);
    const text = JSON.stringify(all.map((entry) => replica.value(entry.id)));
    expect(text.includes('output 1')).toBe(start === 0);
  }
  expect(seen).toEqual([
    [false, true, true],
    [true, true, true],
  ]);
});
