// What every wire promises a link, on each kind of wire.
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { nodeRtc } from '../../../src/peer/webrtc-node.ts';
import { PIECE_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { WIRES, type Pair } from './wires.ts';

afterAll(async () => {
  const rtc = await nodeRtc(nodeClock);
  if (rtc.ok) rtc.value.cleanup();
});

describe.each(WIRES)('a %s wire', (kind, open) => {
  let pair: Pair;
  afterEach(() => pair.close());

  test('[LK20] what Alice sends arrives at Bob whole and in order, whatever its size', async () => {
    pair = await open();
    const sizes = [1, 2, 255, 1199, 1200, 1201, 8191, 8192, PIECE_BYTES_MAX - 1, PIECE_BYTES_MAX];
    const sent = sizes.map((size, n) => new Uint8Array(size).fill(n + 1));
    const got: Uint8Array[] = [];
    const all = new Promise<void>((resolve) => {
      pair.viewer.onMessage((bytes) => {
        got.push(new Uint8Array(bytes));
        if (got.length === sent.length) resolve();
      });
    });
    for (const bytes of sent) pair.sharer.send(bytes);
    await all;
    expect(got.map((bytes) => bytes.length)).toEqual(sizes);
    expect(got.every((bytes, n) => Buffer.compare(bytes, sent[n] ?? bytes.subarray(1)) === 0)).toBe(
      true,
    );
  });

  test('[LK20] what came before Bob listened is kept for him', async () => {
    pair = await open();
    pair.sharer.send(new Uint8Array([1]));
    pair.sharer.send(new Uint8Array([2]));
    const answered = new Promise<void>((resolve) => pair.sharer.onMessage(() => resolve()));
    pair.viewer.send(new Uint8Array([3]));
    await answered;
    const got: number[] = [];
    const both = new Promise<void>((resolve) => {
      pair.viewer.onMessage((bytes) => {
        got.push(...bytes);
        if (got.length === 2) resolve();
      });
    });
    await both;
    expect(got).toEqual([1, 2]);
  });

  test('[LK20] a wire that nobody listens to keeps 64, and ends', { timeout: 10_000 }, async () => {
    pair = await open();
    const { sharer, viewer } = pair;
    const ended = new Promise<void>((resolve) => viewer.onClosed(resolve));
    for (let n = 0; n < 65; n++) sharer.send(new Uint8Array([n]));
    await ended;
  });

  test.each(['sharer', 'viewer'] as const)(
    '[LK21] when the %s closes, both ends are told once, and sending does nothing',
    async (closer) => {
      pair = await open();
      const { sharer, viewer } = pair;
      let told = 0;
      const ends = [sharer, viewer].map(
        (wire) =>
          new Promise<void>((resolve) => {
            wire.onClosed(() => {
              told++;
              resolve();
            });
          }),
      );
      pair[closer].close();
      pair[closer].close();
      await Promise.all(ends);
      expect(told).toBe(2);
      sharer.send(new Uint8Array(1));
      viewer.send(new Uint8Array(1));
      const late = new Promise<void>((resolve) => viewer.onClosed(resolve));
      await late;
    },
  );

  test('[LK22] both ends name the same two fingerprints, or none', async () => {
    pair = await open();
    expect(pair.sharer.kind).toBe(kind);
    expect(pair.sharer.binding).toEqual(pair.viewer.binding);
    if (kind !== 'webrtc') expect(pair.sharer.binding).toBeNull();
    else {
      const { sharer, viewer } = pair.sharer.binding ?? { sharer: '', viewer: '' };
      expect(sharer).toMatch(/^sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}$/);
      expect(viewer).toMatch(/^sha-256 [0-9A-F]{2}(:[0-9A-F]{2}){31}$/);
      expect(sharer).not.toBe(viewer);
    }
  });
});
