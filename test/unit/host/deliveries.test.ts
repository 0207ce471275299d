// Bob and Mallory read Alice's documents: in what order they come, and what asking costs her.
import { expect, test } from 'vitest';
import {
  DELIVERY_BACKLOG_BYTES_MAX,
  openDeliveries,
  sendFrames,
} from '../../../src/host/deliveries.ts';
import type { Library } from '../../../src/host/library.ts';
import type { Link } from '../../../src/peer/link.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import { MESSAGE_FRAMES_MAX } from '../../../src/protocol/limits.ts';
import { decodeToViewer, type Frame } from '../../../src/protocol/message.ts';

const id = (n: number) => idOf(DocumentId, Uint8Array.of(n >> 8, n & 255, ...Array(14)));
const frame = (bytes: number): Frame => ({
  head: new Uint8Array(1),
  signature: new Uint8Array(64),
  body: new Uint8Array(bytes),
});

function stage(since?: Library['since']) {
  const asked: DocumentId[] = [];
  const deliveries = openDeliveries({
    async since(wanted, heads) {
      asked.push(wanted);
      if (since !== undefined) return await since(wanted, heads);
      return { frames: [frame(10)], isLive: false };
    },
  });
  const got: string[] = [];
  let queuedBytes = 0;
  const link: Pick<Link, 'send' | 'backlog'> = {
    send(lane, bytes) {
      const message = decodeToViewer(bytes);
      if (!message.ok) throw new Error(message.fault);
      const { value } = message;
      got.push(value.type === 'catalog' ? `gone ${value.gone.join(' ')}` : `${lane} frame`);
      if (value.type === 'frames') queuedBytes += bytes.length;
    },
    backlog: (lane) => ({ queuedBytes: lane === 'history' ? queuedBytes : 0, unackedBytes: 0 }),
  };
  const reader = { link, has: new Set<DocumentId>() };
  return {
    asked,
    got,
    reader,
    wish: (n: number) => deliveries.wish(reader, id(n), []),
    /** The link takes all of it. */
    async take() {
      queuedBytes = 0;
      deliveries.goOn(reader);
      await settled();
    },
    leave: () => deliveries.forget(reader),
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) await Promise.resolve();
}

test('[CT7] Bob gets what he asked for one after the other, each once however often he asks', async () => {
  const bob = stage();
  for (const n of [3, 1, 2, 1, 3, 2, 1]) bob.wish(n);
  expect(bob.asked).toEqual([id(3)]);
  await settled();
  expect(bob.asked).toEqual([3, 1, 2, 3].map(id));
  expect(bob.got).toEqual(bob.asked.map(() => 'history frame'));
});

test('[CT7] Mallory asks for a thousand documents and takes none: a few are read, and none once she is gone', async () => {
  const mallory = stage(() =>
    Promise.resolve({ frames: [1, 2, 3].map(() => frame(40_000)), isLive: false }),
  );
  for (let n = 0; n < 1000; n++) mallory.wish(n);
  await settled();
  const read = Math.ceil(DELIVERY_BACKLOG_BYTES_MAX / 120_000);
  expect(mallory.asked).toHaveLength(read);
  await mallory.take();
  expect(mallory.asked).toHaveLength(2 * read);
  mallory.leave();
  await mallory.take();
  expect(mallory.asked).toHaveLength(2 * read);
});

test('[CT7] what is being read when Bob goes is not sent any more', async () => {
  const bob = stage();
  bob.wish(1);
  bob.leave();
  await settled();
  expect(bob.got).toEqual([]);
});

test('[CT8] a document that cannot be sent or read is said to be gone, and the next one comes', async () => {
  const bob = stage((wanted) => {
    if (wanted === id(1)) return Promise.resolve('gone');
    if (wanted === id(2)) return Promise.reject(new Error('a disk that fails'));
    return Promise.resolve({ frames: [frame(1)], isLive: true });
  });
  for (const n of [1, 2, 3]) bob.wish(n);
  await settled();
  expect(bob.got).toEqual([`gone ${id(1)}`, `gone ${id(2)}`, 'replica frame']);
  expect([...bob.reader.has]).toEqual([id(3)]);
});

test.each([
  { what: 'small ones go together', sizes: [10, 20, 30], messages: [3] },
  { what: 'no more than a message takes', sizes: Array(200).fill(1), messages: [64, 64, 64, 8] },
  { what: 'large ones go alone', sizes: [65_536, 65_536, 100], messages: [1, 1, 1] },
  { what: 'a small one waits for no large one', sizes: [100, 65_536, 100], messages: [1, 1, 1] },
  { what: 'half and half', sizes: [30_000, 30_000, 30_000], messages: [2, 1] },
])('[FR1] frames to one link: $what', ({ sizes, messages }) => {
  const sent: Frame[][] = [];
  const link = {
    send(lane: string, bytes: Uint8Array): void {
      const message = decodeToViewer(bytes);
      if (!message.ok || message.value.type !== 'frames') throw new Error('no frames');
      expect(lane).toBe('replica');
      sent.push(message.value.frames);
    },
  };
  sendFrames(link, sizes.map(frame), true);
  expect(sent.map((all) => all.length)).toEqual(messages);
  expect(sent.flat().map(({ body }) => body.length)).toEqual(sizes);
  expect(Math.max(...messages)).toBeLessThanOrEqual(MESSAGE_FRAMES_MAX);
});
