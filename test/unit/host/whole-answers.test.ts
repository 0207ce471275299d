import { expect, test } from 'vitest';
import { openWholeAnswers, WHOLE_EVERY_MS } from '../../../src/host/whole-answers.ts';
import type { Link } from '../../../src/peer/link.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import { SHARER_MESSAGE_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { decodeToViewer, type CatalogEntry, type ToViewer } from '../../../src/protocol/message.ts';
import { fakeClock } from '../../fake-clock.ts';

/** Three bytes of UTF-8 each, and pairs at every place where a piece might end. */
const TEXT = `${'漢'.repeat(20_001)}${'👩'.repeat(20_000)}`;
const ask = (number: number) => ({ number, part: 1, content: null });

function stage(start = 0) {
  const clock = fakeClock();
  const got: Extract<ToViewer, { type: 'whole' }>[] = [];
  let queuedBytes = 0;
  const link: Pick<Link, 'send' | 'backlog'> = {
    send(lane, bytes) {
      expect(lane).toBe('history');
      expect(bytes.length).toBeLessThanOrEqual(SHARER_MESSAGE_BYTES_MAX);
      const message = decodeToViewer(bytes);
      if (message.ok && message.value.type === 'whole') got.push(message.value);
    },
    backlog: () => ({ queuedBytes, unackedBytes: 0 }),
  };
  const id = idOf(DocumentId, utf8('the segment five'));
  const entry: CatalogEntry = { id, kind: 'segment', number: 5, heads: [], bytes: 0 };
  const answers = openWholeAnswers({
    clock,
    library: { entries: () => new Map([[id, entry]]) },
    wholeOf: () => TEXT,
  });
  const bob = { link, start };
  return {
    clock,
    got,
    ask: (number: number) => answers.ask(bob, ask(number)),
    leave: () => answers.forget(bob),
    queue(bytes: number) {
      queuedBytes = bytes;
    },
  };
}

test('[TR13] a whole comes in pieces that make it up; before the starting point there is none', async () => {
  const bob = stage(5);
  bob.ask(5);
  expect(bob.got.map(({ text }) => text).join('')).toBe(TEXT);
  expect(bob.got.map(({ more }) => more)).toEqual([...bob.got.slice(1).map(() => true), false]);
  const late = stage(6);
  late.ask(5);
  await late.clock.pass(WHOLE_EVERY_MS);
  late.ask(99);
  const [withheld, unknown] = late.got;
  expect(late.got).toHaveLength(2);
  expect(withheld).toEqual({ type: 'whole', ...ask(5), from: 0, text: null, more: false });
  expect(unknown).toEqual({ ...withheld, number: 99 });
});

test('[TR14] however often Bob asks: one answer in 250 ms, of what was asked last', async () => {
  const bob = stage(6);
  for (const number of [1, 2, 3, 4]) bob.ask(number);
  expect(bob.got.map(({ number }) => number)).toEqual([1]);
  await bob.clock.pass(WHOLE_EVERY_MS);
  expect(bob.got.map(({ number }) => number)).toEqual([1, 4]);
  await bob.clock.pass(10 * WHOLE_EVERY_MS);
  expect(bob.got).toHaveLength(2);
});

test('[TR14] nothing whole is added to what Bob’s link has not taken yet', async () => {
  const bob = stage(6);
  bob.queue(1024 * 1024);
  bob.ask(1);
  await bob.clock.pass(4 * WHOLE_EVERY_MS);
  expect(bob.got).toEqual([]);
  bob.queue(0);
  await bob.clock.pass(WHOLE_EVERY_MS);
  expect(bob.got).toHaveLength(1);
  bob.queue(1024 * 1024);
  bob.ask(2);
  bob.leave();
  bob.queue(0);
  await bob.clock.pass(4 * WHOLE_EVERY_MS);
  expect(bob.got).toHaveLength(1);
});
