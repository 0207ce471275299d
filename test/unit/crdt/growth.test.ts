// Texts that grow are written past Automerge's proxies: what is held, read and sent stays the same.
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { openSegmentDocument, segmentDocumentOf } from '../../../src/crdt/segment-document.ts';
import type { Frame } from '../../../src/protocol/message.ts';
import type { Segment } from '../../../src/protocol/thread.ts';
import { loops } from '../../soak/loops.ts';
import { aliceIn, entryOf, feed, first, viewer } from './cast.ts';
import { answerPart, aSegment } from './segment-cast.ts';

async function stage() {
  const segment = await openSegmentDocument(aliceIn(1), aSegment);
  const bob = viewer();
  bob.catalog([entryOf(segment.document)], []);
  const stored: Frame[] = [];
  const give = async (frames: readonly Frame[]): Promise<void> => {
    stored.push(...frames);
    expect(await feed(bob, frames)).toEqual(frames.map(() => 'taken'));
  };
  await give(await segment.document.since([]));
  return {
    segment,
    stored,
    set: async (next: Segment) => {
      const frames = await segment.set(next);
      await give(frames);
      return frames.length;
    },
    bobs: () => bob.value(segment.document.id),
  };
}

const withTexts = (...texts: readonly string[]): Segment => ({
  ...aSegment,
  parts: texts.map((text, at) => answerPart(at + 1, text)),
});

test('[TR1] a text over several pages of chunks is the same for Alice, for Bob and after a restart', async () => {
  const { segment, stored, set, bobs } = await stage();
  const grow = vi.spyOn(segment.document, 'grow');
  let text = '';
  for (let n = 0; n < 600; n++) {
    text += `${n} `;
    expect(await set(withTexts(text))).toBe(1);
  }
  // The part, and each page's first chunk, are not a chunk at the end of a page.
  const past = grow.mock.results.filter(({ value }) => value !== 'none').length;
  expect(past).toBe(600 - 3);
  expect(segment.value()).toEqual(withTexts(text));
  expect(bobs()).toEqual(withTexts(text));
  const again = await aliceIn(2).load(stored);
  if (!again.ok || again.value.document.kind !== 'segment') throw new Error('not loaded');
  expect(again.value.dropped).toBe(0);
  const next = segmentDocumentOf(again.value.document);
  expect(next.value()).toEqual(withTexts(text));
  expect(first(await next.set(withTexts(`${text}and on`)))).toBeDefined();
  expect(next.value()).toEqual(withTexts(`${text}and on`));
});

test('[TR1] in whatever order texts grow, begin anew and go, both read the same', async () => {
  const step = fc.oneof(
    fc.record({ at: fc.nat(3), more: fc.string({ minLength: 1, maxLength: 5 }) }),
    fc.record({ at: fc.nat(3), anew: fc.string({ maxLength: 5 }) }),
    fc.constant('another part' as const),
    fc.constant('the last part goes' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { segment, set, bobs } = await stage();
      let texts: readonly string[] = ['', ''];
      await set(withTexts(...texts));
      for (const one of steps) {
        if (one === 'another part') texts = [...texts, 'new'];
        else if (one === 'the last part goes') texts = texts.slice(0, -1);
        else {
          const next = (text: string): string => ('more' in one ? text + one.more : one.anew);
          texts = texts.map((text, at) => (at === one.at ? next(text) : text));
        }
        await set(withTexts(...texts));
        expect(bobs()).toEqual(segment.value());
      }
      expect(segment.value()).toEqual(withTexts(...texts));
      segment.document.close();
    }),
    { numRuns: loops(40, 2000) },
  );
});
