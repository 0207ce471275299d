import { expect, test } from 'vitest';
import { ROOM_KEPT_MS } from '../../../signaling/limits.ts';
import { signalingMetrics } from '../../../signaling/metrics.ts';
import { nameplateDigits } from '../../../signaling/register.ts';
import type { Nameplate } from '../../../src/protocol/ids.ts';
import {
  channelOf,
  keyOf,
  last,
  openStage,
  roomOf,
  SIGNATURE,
  type Person,
  type Stage,
} from './stage.ts';

function takes(person: Person): Nameplate {
  person.says({ type: 'takeNameplate' });
  const answer = last(person);
  if (answer?.type !== 'nameplate') throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.nameplate;
}

function meet(stage: Stage, name: string): { sharer: Person; visitor: Person } {
  const sharer = stage.arrives();
  const visitor = stage.arrives();
  visitor.says({ type: 'join', room: stage.holds(sharer, name) });
  return { sharer, visitor };
}

const refused = (fault: string) => ({ type: 'refused', fault });

test('[SG1] Alice takes the room named by her key when her proof is right', () => {
  const stage = openStage();
  const alice = stage.arrives();
  alice.says({ type: 'claim', key: keyOf('alice') });
  expect(last(alice)).toMatchObject({ type: 'challenge' });
  alice.says({ type: 'prove', signature: SIGNATURE });
  expect(stage.register().rooms.size).toBe(0); // not before the proof was looked at
  stage.feed({ on: 'proved', socket: alice.socket });
  expect(last(alice)).toEqual({ type: 'held', room: roomOf('alice') });
});

test('[SG2] Mallory does not get Alice’s room by claiming her key', () => {
  const stage = openStage();
  const mallory = stage.arrives();
  mallory.says({ type: 'claim', key: keyOf('alice') });
  mallory.says({ type: 'prove', signature: SIGNATURE });
  stage.feed({ on: 'notProven', socket: mallory.socket });
  expect(last(mallory)).toEqual(refused('signal.notProven'));
  expect(stage.register().rooms.size).toBe(0);
  mallory.says({ type: 'takeNameplate' });
  expect(last(mallory)).toEqual(refused('signal.malformed'));
});

test('[SG2] Mallory cannot throw Alice out with a wrong proof, and is closed for trying', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const mallory = stage.arrives();
  stage.holds(alice, 'alice');
  for (let attempt = 0; attempt < 5; attempt++) {
    mallory.says({ type: 'claim', key: keyOf('alice') });
    mallory.says({ type: 'prove', signature: SIGNATURE });
    stage.feed({ on: 'notProven', socket: mallory.socket });
  }
  expect(mallory.isClosed()).toBe(true);
  expect(alice.isClosed()).toBe(false);
  const bob = stage.arrives();
  bob.says({ type: 'join', room: roomOf('alice') });
  expect(channelOf(bob)).toBe(channelOf(alice));
});

test('[SG2] a nonce serves once: a second proof for it is refused, each claim has its own', () => {
  const stage = openStage();
  const mallory = stage.arrives();
  mallory.says({ type: 'claim', key: keyOf('alice') });
  mallory.says({ type: 'prove', signature: SIGNATURE });
  mallory.says({ type: 'prove', signature: SIGNATURE });
  expect(last(mallory)).toEqual(refused('signal.malformed'));
  stage.feed({ on: 'notProven', socket: mallory.socket });
  mallory.says({ type: 'claim', key: keyOf('alice') });
  const nonces = mallory.heard.flatMap((m) => (m.type === 'challenge' ? [m.nonce] : []));
  expect(new Set(nonces).size).toBe(2);
});

test('[SG2] a verdict that comes after its socket has left changes nothing', () => {
  const stage = openStage();
  const alice = stage.arrives();
  alice.says({ type: 'claim', key: keyOf('alice') });
  alice.says({ type: 'prove', signature: SIGNATURE });
  alice.leaves();
  stage.feed({ on: 'proved', socket: alice.socket });
  expect(stage.register().rooms.size).toBe(0);
});

test('[SG3] a visitor may not take nameplates, a holder may not visit, nobody claims twice', () => {
  const stage = openStage();
  const { sharer, visitor } = meet(stage, 'alice');
  visitor.says({ type: 'takeNameplate' });
  expect(last(visitor)).toEqual(refused('signal.malformed'));
  sharer.says({ type: 'join', room: roomOf('alice') });
  expect(last(sharer)).toEqual(refused('signal.malformed'));
  sharer.says({ type: 'claim', key: keyOf('other') });
  expect(last(sharer)).toEqual(refused('signal.malformed'));
  visitor.says({ type: 'join', room: roomOf('alice') });
  expect(last(visitor)).toEqual(refused('signal.malformed'));
});

test('[SG4] Alice back on a new socket has her room before the old one is closed', () => {
  const stage = openStage();
  const { sharer: old, visitor: bob } = meet(stage, 'alice');
  const code = takes(old);
  const fresh = stage.arrives('198.51.100.7');
  stage.holds(fresh, 'alice');
  expect(last(fresh)).toEqual({ type: 'held', room: roomOf('alice') });
  expect(old.heard).toContainEqual(refused('signal.taken'));
  expect(old.isClosed()).toBe(true);
  expect(last(bob)).toEqual({ type: 'hungUp', channel: channelOf(bob) });
  old.leaves(); // the old socket's own end comes late
  bob.says({ type: 'joinNameplate', nameplate: code });
  expect(channelOf(fresh)).toBe(channelOf(bob));
  expect(stage.register().addresses.get('192.0.2.1')?.rooms).toBe(0);
  expect(stage.register().addresses.get('198.51.100.7')?.rooms).toBe(1);
});

test('[SG5] a room is kept ten minutes for its key, with its nameplates, and no longer', () => {
  const stage = openStage();
  const alice = stage.arrives();
  stage.holds(alice, 'alice');
  const code = takes(alice);
  alice.leaves();
  stage.passes(ROOM_KEPT_MS - 1);
  const back = stage.arrives();
  stage.holds(back, 'alice');
  const bob = stage.arrives();
  bob.says({ type: 'joinNameplate', nameplate: code });
  expect(last(bob)).toMatchObject({ type: 'open', room: roomOf('alice') });
  back.leaves();
  stage.passes(ROOM_KEPT_MS);
  expect(stage.register().rooms.size).toBe(0);
  expect(stage.register().nameplates.size).toBe(0);
});

test('[SG6] a room that never was, one whose sharer is away and a free code look the same', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const away = stage.holds(alice, 'alice');
  const code = takes(alice);
  alice.leaves();
  const visitor = stage.arrives();
  const free = stage.arrives();
  stage.holds(free, 'carol');
  const dropped = takes(free);
  free.says({ type: 'dropNameplate', nameplate: dropped });
  visitor.says({ type: 'join', room: away });
  visitor.says({ type: 'join', room: roomOf('nobody') });
  visitor.says({ type: 'joinNameplate', nameplate: code });
  visitor.says({ type: 'joinNameplate', nameplate: dropped });
  expect(visitor.heard).toEqual(Array.from({ length: 4 }, () => refused('signal.noRoom')));
});

test('[SG7] codes have four digits, five when a tenth of those are taken', () => {
  expect([0, 999, 1_000, 9_999, 10_000].map(nameplateDigits)).toEqual([4, 4, 5, 5, 6]);
  expect(nameplateDigits(10 ** 9)).toBe(8);
});

test('[SG7] the thousand-and-first code has five digits', () => {
  const stage = openStage({ nameplatesPerRoom: 2_000 });
  const alice = stage.arrives();
  stage.holds(alice, 'alice');
  for (let n = 0; n < 1_000; n++) {
    expect(takes(alice)).toHaveLength(4);
    stage.passes(1_000);
  }
  expect(takes(alice)).toHaveLength(5);
});

test('[SG7] when no free code is found, or a room has too many, the answer is full', () => {
  const stuck = openStage({}, (count) => new Uint8Array(count));
  const alice = stuck.arrives();
  stuck.holds(alice, 'alice');
  expect(takes(alice)).toBe('0000');
  alice.says({ type: 'takeNameplate' });
  expect(last(alice)).toEqual(refused('signal.full'));
  const stage = openStage({ nameplatesPerRoom: 2 });
  const bob = stage.arrives();
  stage.holds(bob, 'bob');
  takes(bob);
  takes(bob);
  bob.says({ type: 'takeNameplate' });
  expect(last(bob)).toEqual(refused('signal.full'));
});

test('[SG7] Alice gets the code back that she asks for, unless someone has it', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const bob = stage.arrives();
  stage.holds(alice, 'alice');
  stage.holds(bob, 'bob');
  const code = takes(alice);
  alice.says({ type: 'takeNameplate', wanted: code });
  expect(last(alice)).toEqual({ type: 'nameplate', nameplate: code });
  bob.says({ type: 'takeNameplate', wanted: code });
  expect(last(bob)).toEqual(refused('signal.taken'));
  alice.says({ type: 'dropNameplate', nameplate: code });
  bob.says({ type: 'takeNameplate', wanted: code });
  expect(last(bob)).toEqual({ type: 'nameplate', nameplate: code });
  alice.says({ type: 'dropNameplate', nameplate: code }); // no longer hers to drop
  const visitor = stage.arrives();
  visitor.says({ type: 'joinNameplate', nameplate: code });
  expect(last(visitor)).toMatchObject({ type: 'open', room: roomOf('bob') });
});

test('[SG8] what Bob says reaches Alice alone, and hers reaches him alone', () => {
  const stage = openStage();
  const { sharer: alice, visitor: bob } = meet(stage, 'alice');
  const { sharer: carol, visitor: dave } = meet(stage, 'carol');
  const channel = channelOf(bob);
  bob.says({ type: 'relay', channel, body: 'aGVsbG8' });
  alice.says({ type: 'relay', channel, body: 'aGk' });
  expect(last(alice)).toEqual({ type: 'relay', channel, body: 'aGVsbG8' });
  expect(last(bob)).toEqual({ type: 'relay', channel, body: 'aGk' });
  for (const person of [carol, dave]) {
    expect(person.heard.some((m) => m.type === 'relay')).toBe(false);
  }
});

test('[SG8] another room’s people can neither speak on a line nor end it', () => {
  const stage = openStage();
  const { sharer: alice, visitor: bob } = meet(stage, 'alice');
  const { sharer: carol, visitor: dave } = meet(stage, 'carol');
  const channel = channelOf(bob);
  const before = [alice.heard.length, bob.heard.length];
  for (const stranger of [carol, dave]) {
    stranger.says({ type: 'relay', channel, body: 'aGVsbG8' });
    expect(last(stranger)).toEqual({ type: 'hungUp', channel });
    stranger.says({ type: 'hangUp', channel });
  }
  expect([alice.heard.length, bob.heard.length]).toEqual(before);
  expect(stage.register().lines.has(channel)).toBe(true);
});

test('[SG8] either end may hang up, both are told, and Bob may join again', () => {
  const stage = openStage();
  const { sharer: alice, visitor: bob } = meet(stage, 'alice');
  const channel = channelOf(bob);
  alice.says({ type: 'hangUp', channel });
  expect(last(alice)).toEqual({ type: 'hungUp', channel });
  expect(last(bob)).toEqual({ type: 'hungUp', channel });
  bob.says({ type: 'join', room: roomOf('alice') });
  bob.leaves();
  expect(last(alice)).toEqual({ type: 'hungUp', channel: channelOf(alice) });
  expect(stage.register().lines.size).toBe(0);
  expect(stage.register().rooms.get(roomOf('alice'))?.channels.size).toBe(0);
});

test('[SG9] nothing of what was relayed is in the state', () => {
  const stage = openStage();
  const { sharer: alice, visitor: bob } = meet(stage, 'alice');
  const channel = channelOf(bob);
  const secret = 'c2VjcmV0LXNlY3JldA';
  bob.says({ type: 'relay', channel, body: secret });
  alice.says({ type: 'relay', channel, body: secret });
  expect(last(bob)).toMatchObject({ body: secret });
  expect(everythingIn(stage.register())).not.toContain(secret);
  expect(stage.register().counts).toMatchObject({ relayed: 2, relayedChars: 2 * secret.length });
});

test('[SG19] what is counted names no room, code, line or address', () => {
  const stage = openStage();
  const { sharer: alice, visitor: bob } = meet(stage, 'alice');
  const code = takes(alice);
  const counted = signalingMetrics(stage.register());
  expect(counted).toContain('meshell_signal_rooms_held 1\n');
  for (const named of [roomOf('alice'), keyOf('alice'), channelOf(bob), code, '192.0.2.1']) {
    expect(counted).not.toContain(named);
  }
});

/** A state as one text, maps and sets included. */
function everythingIn(state: unknown): string {
  return JSON.stringify(state, (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...value] : value,
  );
}
