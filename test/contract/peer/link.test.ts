// What a link promises a session, on each kind of wire.
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { openLink, type Link, type LinkFault } from '../../../src/peer/link.ts';
import { LANE_NUMBER } from '../../../src/peer/pieces.ts';
import { nodeRtc } from '../../../src/peer/webrtc-node.ts';
import { WINDOW_BYTES_MAX } from '../../../src/peer/window.ts';
import type { Wire } from '../../../src/peer/wire.ts';
import {
  BULK_PIECE_BYTES,
  PIECE_BYTES_MAX,
  SHARER_MESSAGE_BYTES_MAX,
  VIEWER_MESSAGE_BYTES_MAX,
} from '../../../src/protocol/limits.ts';
import { LANES, type Lane } from '../../../src/protocol/message.ts';
import { linkKeysFor } from './keys.ts';
import { meddled, WIRES, type Pair } from './wires.ts';

afterAll(async () => {
  const rtc = await nodeRtc(nodeClock);
  if (rtc.ok) rtc.value.cleanup();
});

describe.each(WIRES)('a link over a %s wire', (kind, open) => {
  let pair: Pair;
  const links: Link[] = [];
  afterEach(() => {
    for (const link of links.splice(0)) link.close();
    pair.close();
  });

  /** Alice shares, Bob views; either wire may be meddled with. */
  async function connect(meddle: Partial<Record<'sharer' | 'viewer', (wire: Wire) => Wire>> = {}) {
    pair = await open();
    const keys = linkKeysFor(1);
    const end = (role: 'sharer' | 'viewer'): Link => {
      const wire = meddle[role]?.(pair[role]) ?? pair[role];
      const link = openLink({ wire, keys: keys[role], clock: nodeClock, role });
      links.push(link);
      return link;
    };
    return { alice: end('sharer'), bob: end('viewer') };
  }

  test('[LK8] messages of every size around the limits arrive whole, each lane in order', async () => {
    const { alice, bob } = await connect();
    const sizes = [0, 1, 2];
    for (const edge of [BULK_PIECE_BYTES, PIECE_BYTES_MAX, 2 * PIECE_BYTES_MAX]) {
      // Around the edge with and without sealing (16), a first piece's head (5) and a kind (1).
      for (const near of [-23, -22, -21, -20, -17, -16, -6, -5, -4, -1, 0, 1]) {
        sizes.push(edge + near);
      }
    }
    sizes.push(SHARER_MESSAGE_BYTES_MAX - 1, SHARER_MESSAGE_BYTES_MAX);
    const got = gather(bob, sizes.length * LANES.length);
    for (const size of sizes) {
      for (const lane of LANES) alice.send(lane, patterned(size));
      await until(() => LANES.every((lane) => alice.backlog(lane).queuedBytes < 96 * 1024));
    }
    const messages = await got;
    for (const lane of LANES) {
      const mine = messages.filter((message) => message.lane === lane);
      expect(mine.map((message) => message.bytes.length)).toEqual(sizes);
      expect(mine.every(({ bytes }) => sameBytes(bytes, patterned(bytes.length)))).toBe(true);
    }
  });

  test('[LK9] a key overtakes a mebibyte of history that waits', async () => {
    const { alice, bob } = await connect();
    let history = 0;
    let atKey = -1;
    const done = new Promise<void>((resolve) => {
      bob.onMessage((lane, message) => {
        if (lane === 'control') atKey = history;
        else history += message.length;
        if (history === 1024 * 1024) resolve();
      });
    });
    for (let n = 0; n < 16; n++) alice.send('history', new Uint8Array(64 * 1024));
    alice.send('control', new Uint8Array([1]));
    await done;
    expect(atKey).toBeGreaterThanOrEqual(0);
    expect(atKey).toBeLessThanOrEqual(256 * 1024);
  });

  test('[LK10] bulk under way never exceeds the window, and all of it arrives', async () => {
    let alice: Link | 'not yet' = 'not yet';
    let most = 0;
    const watch = (wire: Wire): Wire =>
      meddled(wire, (piece) => {
        if (alice !== 'not yet') most = Math.max(most, alice.backlog('history').unackedBytes);
        return [piece];
      });
    const ends = await connect({ sharer: watch });
    ({ alice } = ends);
    const got = gather(ends.bob, 64);
    for (let n = 0; n < 64; n++) alice.send('history', patterned(40_000 + n));
    const messages = await got;
    expect(messages.map((message) => message.bytes.length)).toEqual(
      Array.from({ length: 64 }, (_, n) => 40_000 + n),
    );
    expect(most).toBeGreaterThan(32 * 1024);
    expect(most).toBeLessThanOrEqual(WINDOW_BYTES_MAX);
  });

  test('[LK12] Bob acknowledges what he has processed, and his keys do not wait for it', async () => {
    const { alice, bob } = await connect();
    let finish: () => void = () => {};
    const processing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const taken: string[] = [];
    bob.onMessage((lane) => {
      taken.push(lane);
      if (lane !== 'replica') bob.send('control', new Uint8Array(1));
      return lane === 'replica' ? processing : undefined;
    });
    let acked = 0;
    const all = new Promise<void>((resolve) => {
      alice.onAcked((report) => {
        acked += report.bytes;
        if (alice.backlog('replica').unackedBytes === 0) resolve();
      });
    });
    const answered = gather(alice, 1);
    alice.send('replica', new Uint8Array(5_000));
    alice.send('control', new Uint8Array(1));
    await answered;
    expect(taken).toContain('control');
    expect(acked).toBe(0);
    expect(alice.backlog('replica').unackedBytes).toBeGreaterThan(5_000);
    finish();
    await all;
    expect(acked).toBeGreaterThan(5_000);
  });

  test('[LK11] what is dropped before it began leaves no gap', async () => {
    const { alice, bob } = await connect();
    let finish: () => void = () => {};
    const processing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const got: number[] = [];
    const last = new Promise<void>((resolve) => {
      bob.onMessage(async (lane, message) => {
        if (lane !== 'screen') return;
        await processing;
        got.push(message[0] ?? -1);
        if (message[0] === 99) resolve();
      });
    });
    for (let n = 0; n < 20; n++) alice.send('screen', new Uint8Array(30_000).fill(n));
    await until(() => alice.backlog('screen').unackedBytes > 32 * 1024);
    const { queuedBytes } = alice.backlog('screen');
    const dropped = alice.dropQueued('screen');
    expect(dropped % 30_000).toBe(0);
    expect(dropped).toBeGreaterThan(30_000 * 10);
    expect(alice.backlog('screen').queuedBytes).toBe(queuedBytes - dropped);
    alice.send('screen', new Uint8Array([99]));
    finish();
    await last;
    expect(got.slice(0, -1)).toEqual([...Array(got.length - 1).keys()]);
    expect(got.length - 1).toBe(20 - dropped / 30_000);
  });

  test('[LK5] a byte changed on its way ends the link', async () => {
    const { alice, bob } = await connect({
      sharer: (wire) => meddled(wire, (piece) => [isLane(piece, 'replica') ? flip(piece) : piece]),
    });
    const fault = faultOf(bob);
    const other = faultOf(alice);
    let got = 0;
    bob.onMessage(() => void got++);
    alice.send('replica', patterned(100));
    expect(await fault).toBe('link.binding');
    expect(await other).toBe('link.broken');
    expect(got).toBe(0);
  });

  test('[LK5] a piece that comes a second time ends the link', async () => {
    const { alice, bob } = await connect({
      sharer: (wire) =>
        meddled(wire, (piece) => (isLane(piece, 'presence') ? [piece, piece] : [piece])),
    });
    const fault = faultOf(bob);
    let got = 0;
    bob.onMessage(() => void got++);
    alice.send('presence', patterned(100));
    expect(await fault).toBe('link.binding');
    expect(got).toBe(1);
  });

  test('[LK8] a message announced larger than Bob may send ends the link at once', async () => {
    const { alice, bob } = await connect();
    await proven(alice, bob);
    const fault = faultOf(alice);
    const announced = new Uint8Array(64);
    announced[0] = 0x80 | LANE_NUMBER.presence;
    new DataView(announced.buffer).setUint32(1, VIEWER_MESSAGE_BYTES_MAX + 18);
    pair.viewer.send(announced);
    expect(await fault).toBe('link.protocol');
  });

  test('[LK8] a message larger than Alice would take ends Bob’s link, and nothing else', async () => {
    const { alice, bob } = await connect();
    await proven(alice, bob);
    const fault = faultOf(bob);
    bob.send('control', new Uint8Array(VIEWER_MESSAGE_BYTES_MAX + 1));
    expect(await fault).toBe('link.broken');
  });

  test('[LK2] Mallory, with a handshake of her own, is not Bob', async () => {
    pair = await open();
    const alice = openLink({
      wire: pair.sharer,
      keys: linkKeysFor(1).sharer,
      clock: nodeClock,
      role: 'sharer',
    });
    const mallory = openLink({
      wire: pair.viewer,
      keys: linkKeysFor(2).viewer,
      clock: nodeClock,
      role: 'viewer',
    });
    links.push(alice, mallory);
    let seen = 0;
    mallory.onMessage(() => void seen++);
    alice.send('screen', patterned(100));
    // Whoever finds out first closes; nothing of the session has left before.
    const faults = await Promise.all([faultOf(alice), faultOf(mallory)]);
    expect(faults).toContain('link.binding');
    expect(seen).toBe(0);
    expect(alice.backlog('screen').unackedBytes).toBe(0);
  });

  test.each(['alice', 'bob'] as const)(
    '[LK18] when %s closes, what was said before arrives and the other is told',
    async (closer) => {
      const ends = await connect();
      const { alice, bob } = ends;
      await proven(alice, bob);
      const other = closer === 'alice' ? bob : alice;
      const farewell = gather(other, 1);
      const fault = faultOf(other);
      const wires = Promise.all([
        new Promise<void>((resolve) => pair.sharer.onClosed(resolve)),
        new Promise<void>((resolve) => pair.viewer.onClosed(resolve)),
      ]);
      ends[closer].send('control', new Uint8Array([7]));
      ends[closer].close();
      const [message] = await farewell;
      expect(message?.bytes).toEqual(new Uint8Array([7]));
      expect(await fault).toBe('link.broken');
      await wires;
      other.send('control', new Uint8Array(1)); // after the end: nothing
    },
  );

  test('[LK4] only the screen of a bound wire travels bare', async () => {
    const text = new TextEncoder().encode('a secret of nineteen');
    const sent: Uint8Array[] = [];
    const { alice, bob } = await connect({
      sharer: (wire) =>
        meddled(wire, (piece) => {
          sent.push(piece);
          return [piece];
        }),
    });
    const got = gather(bob, LANES.length);
    for (const lane of LANES) alice.send(lane, text);
    await got;
    const bare = sent
      .filter((piece) => Buffer.from(piece).includes(Buffer.from(text)))
      .map((piece) => piece[0]);
    expect(bare).toEqual(kind === 'webrtc' ? [0x80 | LANE_NUMBER.screen] : []);
  });
});

interface Got {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
}

function gather(link: Link, count: number): Promise<Got[]> {
  const got: Got[] = [];
  return new Promise((resolve, reject) => {
    link.onClosed((fault) => reject(new Error(fault)));
    link.onMessage((lane, bytes) => {
      got.push({ lane, bytes });
      if (got.length === count) resolve(got);
    });
  });
}

function faultOf(link: Link): Promise<LinkFault> {
  return new Promise((resolve) => link.onClosed(resolve));
}

/** Both ends have heard from each other. */
async function proven(alice: Link, bob: Link): Promise<void> {
  const atBob = gather(bob, 1);
  const atAlice = gather(alice, 1);
  alice.send('control', new Uint8Array(1));
  bob.send('control', new Uint8Array(1));
  await Promise.all([atAlice, atBob]);
}

function patterned(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let n = 0; n < size; n++) bytes[n] = n * 31 + size;
  return bytes;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function isLane(piece: Uint8Array, lane: Lane): boolean {
  return ((piece[0] ?? 0) & 0x7f) === LANE_NUMBER[lane];
}

function flip(piece: Uint8Array): Uint8Array {
  const changed = new Uint8Array(piece);
  changed[changed.length - 1] = (changed[changed.length - 1] ?? 0) ^ 1;
  return changed;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it never came to that');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
