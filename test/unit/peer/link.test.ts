// A link under a clock that the test turns: silence, slowness, and what is left when it ends.
import { expect, test } from 'vitest';
import { claimOf, encodeControl } from '../../../src/peer/control.ts';
import { openLink, type Link } from '../../../src/peer/link.ts';
import { memoryWires, type MemoryOptions } from '../../../src/peer/memory.ts';
import { cutPiece } from '../../../src/peer/pieces.ts';
import { openSeals } from '../../../src/peer/seals.ts';
import type { Binding } from '../../../src/peer/wire.ts';
import { SHARER_MESSAGE_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { linkKeysFor } from '../../contract/peer/keys.ts';
import { fakeClock } from '../../fake-clock.ts';

function connect(options: MemoryOptions = {}) {
  const clock = fakeClock();
  const [sharer, viewer] = memoryWires({ clock, ...options });
  const keys = linkKeysFor(1);
  const faults: string[] = [];
  const alice = openLink({ wire: sharer, keys: keys.sharer, clock, role: 'sharer' });
  const bob = openLink({ wire: viewer, keys: keys.viewer, clock, role: 'viewer' });
  alice.onClosed((fault) => faults.push(`alice ${fault}`));
  bob.onClosed((fault) => faults.push(`bob ${fault}`));
  return { clock, sharer, viewer, alice, bob, faults };
}

test('[LK16] the cable is cut: both know within four seconds, suspect it a second before, and free everything', async () => {
  const { clock, sharer, alice, bob, faults } = connect({ latencyMs: 20 });
  await clock.pass(60_000);
  expect(faults).toEqual([]);
  expect(alice.stats().rttMs).toBe(40);
  alice.onSuspect(() => faults.push('alice suspects'));
  bob.onSuspect(() => faults.push('bob suspects'));
  sharer.cut();
  await clock.pass(2_400);
  expect(faults).toEqual([]);
  await clock.pass(700);
  expect(faults.sort()).toEqual(['alice suspects', 'bob suspects']);
  await clock.pass(900);
  expect(faults).toContain('alice link.silent');
  expect(faults).toContain('bob link.silent');
  expect(faults).toHaveLength(4);
  await clock.pass(1_000);
  expect(clock.timers()).toBe(0);
});

test('[LK1] a peer that never proves itself is given up, and gets nothing', async () => {
  const clock = fakeClock();
  const [sharer, viewer] = memoryWires({ clock });
  let pieces = 0;
  viewer.onMessage(() => void pieces++);
  const alice = openLink({ wire: sharer, keys: linkKeysFor(1).sharer, clock, role: 'sharer' });
  let fault = '';
  alice.onClosed((f) => {
    fault = f;
  });
  alice.send('screen', new Uint8Array(100));
  alice.send('control', new Uint8Array(100));
  await clock.pass(4_000);
  expect(fault).toBe('link.silent');
  expect(pieces).toBe(1); // its own proof
});

const one: Binding = { sharer: 'sha-256 AA', viewer: 'sha-256 BB' };
const other: Binding = { sharer: 'sha-256 AA', viewer: 'sha-256 CC' };

test.each([
  ['another viewer at the other end of the channel', [one, other]],
  ['a channel without keys at one end', [one, null]],
] as const)('[LK2] right keys over %s', async (_, bindings) => {
  const { clock, alice, faults } = connect({ bindings });
  alice.send('screen', new Uint8Array(100));
  await clock.pass(10);
  expect(faults.some((fault) => fault.endsWith('link.binding'))).toBe(true);
  expect(alice.stats().messagesSent).toBe(1);
});

test('[LK2] its own proof sent back proves nothing', async () => {
  const clock = fakeClock();
  const [sharer, viewer] = memoryWires({ clock });
  viewer.onMessage((piece) => viewer.send(piece));
  const alice = openLink({ wire: sharer, keys: linkKeysFor(1).sharer, clock, role: 'sharer' });
  let fault = '';
  alice.onClosed((f) => {
    fault = f;
  });
  await clock.pass(10);
  expect(fault).toBe('link.binding');
});

/** Says what a viewer with the right keys may say, and what it may not. */
function speaker() {
  const clock = fakeClock();
  const [sharer, viewer] = memoryWires({ clock });
  const keys = linkKeysFor(1);
  const seals = openSeals(keys.viewer, false);
  const alice = openLink({ wire: sharer, keys: keys.sharer, clock, role: 'sharer' });
  const faults: string[] = [];
  alice.onClosed((fault) => faults.push(fault));
  const say = async (lane: 'control' | 'history', plain: Uint8Array): Promise<void> => {
    viewer.send(cutPiece(lane, seals.seal(lane, plain), 0, 16_384).piece);
    await clock.pass(1);
  };
  const prove = () =>
    say('control', encodeControl({ kind: 'bound', claim: claimOf('viewer', null) }));
  return { alice, faults, say, prove };
}

test.each([
  ['a second proof', encodeControl({ kind: 'bound', claim: claimOf('viewer', null) })],
  ['a kind that is none', new Uint8Array([9])],
  ['nothing', new Uint8Array(0)],
  ['half a ping', new Uint8Array([2, 0, 0])],
  ['half a receipt', new Uint8Array([4, 1, 0])],
  ['a receipt for keys', new Uint8Array([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ['a receipt beyond counting', new Uint8Array([4, 1, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  [
    'a receipt for what was not sent',
    encodeControl({ kind: 'receipts', receipts: [{ lane: 'screen', position: 1, heldMs: 0 }] }),
  ],
  ['a farewell with an afterthought', new Uint8Array([5, 5])],
])('[LK8] %s ends the link', async (_, plain) => {
  const { faults, say, prove } = speaker();
  await prove();
  expect(faults).toEqual([]);
  await say('control', plain);
  expect(faults).toEqual(['link.protocol']);
});

test('[LK3] whoever speaks before having proven itself is not heard', async () => {
  const { alice, faults, say } = speaker();
  let heard = 0;
  alice.onMessage(() => void heard++);
  await say('control', encodeControl({ kind: 'message', message: new Uint8Array(1) }));
  expect(faults).toEqual(['link.binding']);
  const second = speaker();
  await second.say('history', new Uint8Array(1));
  expect(second.faults).toEqual(['link.binding']);
  expect(heard).toBe(0);
});

test('[LK17] a viewer that floods faster than the sharer takes is cut off', async () => {
  const { alice, faults, say, prove } = speaker();
  await prove();
  alice.onMessage(() => new Promise<void>(() => {}));
  const message = encodeControl({ kind: 'message', message: new Uint8Array(16_000) });
  for (let n = 0; n < 130; n++) await say('control', message);
  expect(faults).toEqual([]);
  for (let n = 0; n < 2; n++) await say('control', message);
  expect(faults).toEqual(['link.protocol']);
});

test('[LK17] who queues without looking at the backlog loses the link', async () => {
  const { clock, alice, bob, faults } = connect();
  bob.onMessage(() => new Promise<void>(() => {}));
  await clock.pass(1);
  const most = 10 * 1024 * 1024;
  const message = new Uint8Array(SHARER_MESSAGE_BYTES_MAX);
  for (let bytes = 0; bytes < most; bytes += message.length) alice.send('screen', message);
  expect(faults).toEqual([]);
  // What is under way does not wait: a window of 64 KiB, in messages that were begun.
  for (let n = 0; n < 2; n++) alice.send('screen', message);
  expect(faults).toEqual(['alice link.broken']);
  alice.send('screen', new Uint8Array(1));
  await clock.pass(5_000);
  expect(clock.timers()).toBe(0);
});

test('[LK17] a message too large for Bob costs Alice his link, and nothing else', async () => {
  const { clock, alice, faults } = connect();
  await clock.pass(1);
  alice.send('screen', new Uint8Array(SHARER_MESSAGE_BYTES_MAX + 1));
  expect(faults).toEqual(['alice link.broken']);
});

test.each([
  [
    'at once',
    () => {
      throw new Error('a bug');
    },
  ],
  ['later', () => Promise.reject(new Error('a bug'))],
])(
  '[LK25] what Alice’s side fails on, %s, costs Bob his link and nothing else',
  async (_, take) => {
    const { clock, alice, bob, faults } = connect();
    let taken = 0;
    alice.onMessage(() => {
      taken++;
      return take();
    });
    await clock.pass(1);
    bob.send('control', new Uint8Array([1]));
    bob.send('control', new Uint8Array([2]));
    await clock.pass(5_000);
    expect([taken, faults]).toEqual([1, ['alice link.broken', 'bob link.broken']]);
    expect(clock.timers()).toBe(0);
  },
);

test('[LK18] a farewell waits until Bob has dealt with what was said before it', async () => {
  const { clock, alice, bob, faults } = connect();
  let finish: () => void = () => {};
  const got: number[] = [];
  bob.onMessage(async (_, message) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    got.push(message[0] ?? -1);
  });
  await clock.pass(1);
  alice.send('control', new Uint8Array([1]));
  alice.send('control', new Uint8Array([2]));
  alice.close();
  await clock.pass(100);
  expect(got).toEqual([]);
  finish();
  await clock.pass(100);
  expect([got, faults]).toEqual([[1], []]);
  finish();
  await clock.pass(1);
  expect([got, faults]).toEqual([[1, 2], ['bob link.broken']]);
  await clock.pass(600);
  expect(clock.timers()).toBe(0);
});

test('[LK18] a closing link waits half a second for the other end and no longer', async () => {
  const { clock, sharer, alice, bob } = connect();
  await clock.pass(1);
  sharer.cut();
  alice.close();
  bob.close();
  let closed = false;
  sharer.onClosed(() => {
    closed = true;
  });
  await clock.pass(499);
  expect(closed).toBe(false);
  await clock.pass(1);
  expect(closed).toBe(true);
  expect(clock.timers()).toBe(0);
});

test('[LK18] after she has closed, Alice is told of nothing any more', async () => {
  const { clock, alice, bob, faults } = connect({ latencyMs: 5 });
  let told = 0;
  bob.onMessage((_, message) => bob.send('control', message));
  await clock.pass(20);
  alice.onMessage(() => void told++);
  alice.onAcked(() => void told++);
  alice.send('screen', new Uint8Array(100));
  alice.close();
  await clock.pass(1_000);
  expect([told, faults]).toEqual([0, ['bob link.broken']]);
});

/** Alice keeps the history lane full; how long do her keys take to come back? */
async function keysUnderBulk(
  options: MemoryOptions,
): Promise<{ roundTrips: number[]; alice: Link; bytes: number }> {
  const { clock, alice, bob, faults } = connect(options);
  let bytes = 0;
  bob.onMessage((lane, message) => {
    if (lane === 'control') bob.send('control', message);
    else bytes += message.length;
  });
  const sentAt: number[] = [];
  const roundTrips: number[] = [];
  alice.onMessage((_, message) => {
    roundTrips.push(clock.monotonic() - (sentAt[message[0] ?? 0] ?? 0));
  });
  const feed = (): void => {
    while (alice.backlog('history').queuedBytes < 200_000)
      alice.send('history', new Uint8Array(48_000));
  };
  alice.onAcked(feed);
  feed();
  await clock.pass(2_000);
  for (let n = 0; n < 100; n++) {
    sentAt.push(clock.monotonic());
    alice.send('control', new Uint8Array([n]));
    await clock.pass(37);
  }
  await clock.pass(1_000);
  expect(faults).toEqual([]);
  return { roundTrips: roundTrips.sort((a, b) => a - b), alice, bytes };
}

test('[LK10][LK14] at 20 Mbit/s and 40 ms a key comes back within 80 ms while bulk fills the link', async () => {
  const { roundTrips, bytes } = await keysUnderBulk({ latencyMs: 20, rate: 2_500_000 });
  expect(roundTrips).toHaveLength(100);
  expect(roundTrips[98]).toBeLessThanOrEqual(80);
  expect(bytes).toBeGreaterThan(0.7 * 2_500_000 * 6);
});

test('[LK14] on a link of 80 KB/s the window gives way, and keys stay under half a second', async () => {
  const { roundTrips, alice, bytes } = await keysUnderBulk({ latencyMs: 50, rate: 80_000 });
  expect(roundTrips).toHaveLength(100);
  expect(roundTrips[98]).toBeLessThanOrEqual(500);
  expect(alice.backlog('history').unackedBytes).toBeLessThanOrEqual(32 * 1024);
  expect(bytes).toBeGreaterThan(0.6 * 80_000 * 6);
});

test('[LK13] a held key is acknowledged, but not with a message each', async () => {
  const { clock, alice, bob } = connect({ latencyMs: 1 });
  bob.onMessage(() => {});
  await clock.pass(10);
  const before = bob.stats().messagesSent;
  for (let n = 0; n < 200; n++) {
    alice.send('screen', new Uint8Array(20));
    await clock.pass(5);
  }
  await clock.pass(100);
  expect(alice.backlog('screen').unackedBytes).toBe(0);
  const answers = bob.stats().messagesSent - before;
  expect(answers).toBeLessThanOrEqual(200 / 5 + 5);
  expect(answers).toBeGreaterThan(20);
});

test('[LK13] the time an answer was held back does not count', async () => {
  const { clock, alice, bob } = connect({ latencyMs: 10 });
  bob.onMessage(() => {});
  await clock.pass(100);
  const times: number[] = [];
  alice.onAcked((report) => times.push(report.ms));
  for (let n = 0; n < 50; n++) {
    alice.send('screen', new Uint8Array(20));
    await clock.pass(3);
  }
  await clock.pass(100);
  expect(times.length).toBeGreaterThan(4);
  expect(Math.max(...times)).toBeLessThanOrEqual(21);
});

test('[LK15] replica that takes long to process does not hold up the screen', async () => {
  const { clock, alice, bob } = connect({ latencyMs: 5 });
  let screens = 0;
  bob.onMessage((lane) => {
    if (lane === 'screen') screens++;
    return lane === 'replica' ? new Promise<void>(() => {}) : undefined;
  });
  await clock.pass(20);
  for (let n = 0; n < 40; n++) alice.send('replica', new Uint8Array(8_000));
  await clock.pass(100);
  for (let n = 0; n < 40; n++) alice.send('screen', new Uint8Array(8_000));
  await clock.pass(300);
  expect(screens).toBe(40);
  expect(alice.backlog('replica').queuedBytes).toBeGreaterThan(100_000);
});
