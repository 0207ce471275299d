// What is written of conversations, and when it is told: several at once, each kept before.
import { expect, test } from 'vitest';
import { emptyCells, openMemoryStore } from '../../../src/crdt/store-memory.ts';
import { openLibrary, type LibraryEvent } from '../../../src/host/library.ts';
import type { Segment } from '../../../src/protocol/thread.ts';
import { fakeClock } from '../../fake-clock.ts';
import { aliceIn, feed, viewer } from '../crdt/cast.ts';
import { answerPart, aSegment } from '../crdt/segment-cast.ts';

function stage() {
  const cells = emptyCells();
  const told: (LibraryEvent & { readonly kept: number })[] = [];
  const library = openLibrary({
    clock: fakeClock(),
    author: aliceIn(1),
    store: openMemoryStore(cells),
    finished: [],
    unfinished: [],
    keep: () => {},
    tell: (event) => void told.push({ ...event, kept: framesKept() }),
  });
  const framesKept = (): number =>
    [...cells.documents.values()].reduce((sum, records) => sum + records.length, 0);
  return {
    library,
    told,
    set: async (...segments: readonly Segment[]): Promise<void> => {
      for (const segment of segments) library.setSegment(segment);
      await library.settled();
    },
    on: (...kinds: readonly LibraryEvent['on'][]) => told.filter(({ on }) => kinds.includes(on)),
  };
}

const segment = (number: number, text: string, more: Partial<Segment> = {}): Segment => ({
  ...aSegment,
  number,
  parts: [answerPart(1, text)],
  ...more,
});

test('[FR1] conversations that are written at one moment are told at once, each kept before', async () => {
  const { told, set, on } = stage();
  await set(segment(1, 'a'), segment(2, 'b'), segment(3, 'c'));
  expect(on('opened')).toHaveLength(3);
  const before = told.at(-1)?.kept ?? 0;
  await set(segment(1, 'a more'), segment(3, 'c more'));
  const news = on('frames');
  expect(news).toHaveLength(1);
  expect(news[0]?.kept).toBe(before + 2);
  expect(news.flatMap((one) => ('written' in one ? one.written : []))).toHaveLength(2);
});

test('[FR1] what a viewer gets that way is what was written, in its order', async () => {
  const { library, told, set } = stage();
  await set(segment(1, 'a'), segment(2, 'b'));
  const bob = viewer();
  bob.catalog([...library.entries().values()], []);
  for (const id of library.entries().keys()) {
    const found = await library.since(id, []);
    if (found === 'gone') throw new Error('gone');
    await feed(bob, found.frames);
  }
  const from = told.length;
  await set(segment(1, 'a more'), segment(2, 'b more'));
  await set(segment(2, 'b more and more', { isOver: true }), segment(1, 'a more and more'));
  for (const event of told.slice(from)) {
    if (event.on !== 'frames') continue;
    for (const { frames } of event.written) {
      expect(await feed(bob, frames)).toEqual(frames.map(() => 'taken'));
    }
  }
  const texts = [...library.entries().keys()].map((id) => {
    const value = bob.value(id);
    return value !== null && 'parts' in value ? value.parts[0]?.text : null;
  });
  expect(texts).toEqual(['a more and more', 'b more and more']);
});

test('[TR1] one that cannot be written holds up no other', async () => {
  const { set, on } = stage();
  await set(segment(1, 'a'), segment(2, 'b'));
  const huge = { ...answerPart(1, 'a'), head: { kind: 'plan' as const, entries: [] } };
  Object.assign(huge.head, { entries: [{ content: 'x'.repeat(100_000) }] });
  await set(segment(1, 'a', { parts: [huge] }), segment(2, 'b more'));
  const news = on('frames').flatMap((one) => ('written' in one ? one.written : []));
  expect(news).toHaveLength(1);
});
