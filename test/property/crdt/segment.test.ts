import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openSegmentDocument, segmentDocumentOf } from '../../../src/crdt/segment-document.ts';
import {
  LIST_ITEMS_MAX,
  type Part,
  type PartHead,
  type QueuedPrompt,
  type Segment,
  type ThreadHead,
  type ToolContent,
} from '../../../src/protocol/thread.ts';
import { aliceIn, entryOf, keyOf, viewer } from '../../unit/crdt/cast.ts';
import { answerPart, aSegment } from '../../unit/crdt/segment-cast.ts';
import { loops } from '../../soak/loops.ts';

const aText = fc.string({ unit: 'grapheme', maxLength: 60 });
const aTime = fc.nat(2 ** 40);
const aKey = fc.nat(6).map(keyOf);

const aContent: fc.Arbitrary<ToolContent> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text: aText }),
  fc.record({
    type: fc.constant('diff' as const),
    path: aText,
    oldText: fc.option(aText),
    newText: aText,
    added: fc.nat(9),
    removed: fc.nat(9),
    cut: fc.boolean(),
  }),
  fc.constant<ToolContent>({ type: 'output' }),
);

const aHead: fc.Arbitrary<PartHead> = fc.oneof(
  fc.record({ kind: fc.constant('prompt' as const), author: fc.option(aKey), at: aTime }),
  fc.constant<PartHead>({ kind: 'answer' }),
  fc.record({
    kind: fc.constant('thought' as const),
    startedAt: aTime,
    endedAt: fc.option(aTime),
  }),
  fc.record({
    kind: fc.constant('tool' as const),
    call: aText,
    tool: fc.constantFrom('read' as const, 'execute' as const),
    title: aText,
    status: fc.constantFrom('pending' as const, 'completed' as const, 'stopped' as const),
    locations: fc.array(fc.record({ path: aText, line: fc.option(fc.nat(99)) }), { maxLength: 2 }),
    startedAt: aTime,
    endedAt: fc.option(aTime),
    exit: fc.option(fc.integer({ min: -1, max: 255 })),
  }),
);

const aThreadHead: fc.Arbitrary<ThreadHead> = fc.record({
  title: aText,
  status: fc.constantFrom('idle', 'running', 'waiting'),
  turn: fc.nat(9),
  turnBy: fc.option(aKey),
  turnSince: fc.option(aTime),
  quietSince: fc.option(aTime),
  actsAlone: fc.boolean(),
  context: fc.option(fc.record({ used: fc.nat(), size: fc.nat() })),
});

const aQueue: fc.Arbitrary<QueuedPrompt[]> = fc.uniqueArray(
  fc.record({ id: fc.nat(8), author: aKey, text: aText, at: aTime, rank: fc.nat(8) }),
  { selector: (one) => one.id, maxLength: 5 },
);

/** What happens to a thread, in an order nobody would choose. */
const aStep = fc.oneof(
  fc.record({ does: fc.constant('begins' as const), head: aHead, text: aText }),
  fc.record({ does: fc.constant('says' as const), which: fc.nat(), text: aText }),
  fc.record({ does: fc.constant('rewrites' as const), which: fc.nat(), text: aText }),
  fc.record({ does: fc.constant('becomes' as const), which: fc.nat(), head: aHead }),
  fc.record({
    does: fc.constant('shows' as const),
    which: fc.nat(),
    contents: fc.array(aContent, { maxLength: 4 }),
  }),
  fc.record({ does: fc.constant('heads' as const), head: aThreadHead }),
  fc.record({ does: fc.constant('queues' as const), queue: aQueue }),
  fc.record({ does: fc.constant('loses' as const), which: fc.nat() }),
  fc.record({ does: fc.constant('restarts' as const) }),
);
type Step = typeof aStep extends fc.Arbitrary<infer T> ? T : never;

function withPart(segment: Segment, which: number, edit: (part: Part) => Part): Segment {
  const at = segment.parts.length === 0 ? -1 : which % segment.parts.length;
  const parts = segment.parts.map((part, i) => (i === at ? edit(part) : part));
  return { ...segment, parts };
}

function after(segment: Segment, step: Step): Segment {
  switch (step.does) {
    case 'begins': {
      const id = segment.firstPart + segment.parts.length;
      const part = { id, turn: 1, head: step.head, text: step.text, omitted: 0, contents: [] };
      return { ...segment, parts: [...segment.parts, part] };
    }
    case 'says':
      return withPart(segment, step.which, (part) => ({ ...part, text: part.text + step.text }));
    case 'rewrites':
      return withPart(segment, step.which, (part) => ({ ...part, text: step.text, omitted: 7 }));
    case 'becomes':
      return withPart(segment, step.which, (part) => ({ ...part, head: step.head }));
    case 'shows':
      return withPart(segment, step.which, (part) => ({ ...part, contents: step.contents }));
    case 'heads':
      return { ...segment, head: step.head };
    case 'queues':
      return { ...segment, queue: step.queue };
    case 'loses':
      return { ...segment, parts: segment.parts.slice(0, step.which % 4) };
    default:
      return segment;
  }
}

test('[TR1] whatever becomes of a segment, Bob reads after each frame what Alice has written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 20 }), async (steps) => {
      let epoch = 1;
      let live = await openSegmentDocument(aliceIn(epoch), aSegment);
      const stored = await live.document.since([]);
      const bob = viewer();
      bob.catalog([entryOf(live.document)], []);
      for (const frame of stored) await bob.frame(frame);
      let segment = aSegment;
      for (const step of steps) {
        segment = after(segment, step);
        if (step.does === 'restarts') {
          epoch += 1;
          const loaded = await aliceIn(epoch).load(stored);
          if (!loaded.ok || loaded.value.document.kind !== 'segment') throw new Error('not loaded');
          live.document.close();
          live = segmentDocumentOf(loaded.value.document);
          continue;
        }
        const frames = await live.set(segment);
        stored.push(...frames);
        for (const frame of frames) {
          await bob.frame(frame);
          bob.value(live.document.id); // read while only part of it has come
        }
        expect(bob.value(live.document.id)).toEqual(segment);
      }
      expect(live.value()).toEqual(segment);
      bob.close();
      live.document.close();
    }),
    { numRuns: loops(60, 3000) },
  );
});

test('[TR1] the largest of everything travels, in frames that fit', async () => {
  const live = await openSegmentDocument(aliceIn(1), aSegment);
  const bob = viewer();
  bob.catalog([entryOf(live.document)], []);
  for (const frame of await live.document.since([])) await bob.frame(frame);
  const hard = '\u0001'.repeat(12 * 1024);
  const diff: ToolContent = {
    type: 'diff',
    path: '~/x',
    oldText: hard,
    newText: hard,
    added: 1,
    removed: 1,
    cut: true,
  };
  const part = {
    ...answerPart(1, '\u{1f980}x'.repeat(170_000)),
    contents: Array.from({ length: LIST_ITEMS_MAX }, () => diff),
  };
  const queue = Array.from({ length: 16 }, (_, id) => ({
    id,
    author: keyOf(1),
    text: 'é'.repeat(16 * 1024),
    at: 1,
    rank: id,
  }));
  for (const frame of await live.set({ ...aSegment, queue, parts: [part] })) {
    expect((await bob.frame(frame)).ok).toBe(true);
  }
  const blank = ' '.repeat(12 * 1024);
  const read = { ...diff, oldText: blank, newText: blank };
  expect(bob.value(live.document.id)).toEqual({
    ...aSegment,
    queue,
    parts: [{ ...part, contents: part.contents.map(() => read) }],
  });
  bob.close();
});

test('[TR1] half a character waits for its other half', async () => {
  const live = await openSegmentDocument(aliceIn(1), aSegment);
  const crab = '\u{1f980}';
  await live.set({ ...aSegment, parts: [answerPart(1, `a${crab.slice(0, 1)}`)] });
  expect(live.value().parts[0]?.text).toBe('a');
  await live.set({ ...aSegment, parts: [answerPart(1, `a${crab}b`)] });
  expect(live.value().parts[0]?.text).toBe(`a${crab}b`);
});

test('[TR2] what is unchanged is the same object for a reader, and costs no frame', async () => {
  const live = await openSegmentDocument(aliceIn(1), aSegment);
  const bob = viewer();
  bob.catalog([entryOf(live.document)], []);
  for (const frame of await live.document.since([])) await bob.frame(frame);
  async function told(segment: Segment): Promise<Segment> {
    for (const frame of await live.set(segment)) await bob.frame(frame);
    const value = bob.value(live.document.id);
    if (value === null || !('parts' in value)) throw new Error('not a segment');
    return value;
  }
  const first = answerPart(1, 'one');
  const before = await told({ ...aSegment, parts: [first, answerPart(2, 'two')] });
  const now = { ...aSegment, parts: [first, answerPart(2, 'two and more')] };
  const later = await told(now);
  expect(later.parts[0]).toBe(before.parts[0]);
  expect(later.head).toBe(before.head);
  expect(later.parts[1]?.text).toBe('two and more');
  expect(await live.set({ ...now, head: { ...now.head } })).toEqual([]);
  bob.close();
});
