import { expect, test } from 'vitest';
import {
  CHANNEL_CHARS,
  CHANNEL_IDLE_MS,
  CHANNEL_MESSAGES,
  JOINS,
  MESSAGES,
  OFFENCES_MAX,
  PING_AFTER_MS,
  PURPOSELESS_MS,
  REQUESTS,
  SHARER_BUFFERED_BYTES_MAX,
  SILENT_MS,
  VISITOR_BUFFERED_BYTES_MAX,
} from '../../../signaling/limits.ts';
import { channelOf, keyOf, last, openStage, roomOf, SIGNATURE } from './stage.ts';

const refused = (fault: string) => ({ type: 'refused', fault });

test('[SG10] Mallory is told that it is not understood, and closed at the fifth time', () => {
  const stage = openStage();
  const mallory = stage.arrives();
  for (let n = 1; n < OFFENCES_MAX; n++) stage.feed({ on: 'malformed', socket: mallory.socket });
  expect(mallory.isClosed()).toBe(false);
  stage.feed({ on: 'malformed', socket: mallory.socket });
  expect(mallory.isClosed()).toBe(true);
  expect(mallory.heard).toEqual(Array.from({ length: 5 }, () => refused('signal.malformed')));
  expect(stage.register().sockets.size).toBe(0);
});

test('[SG11] a class behind one address joins at once; who comes after it waits a second', () => {
  const stage = openStage();
  const alice = stage.arrives('203.0.113.1');
  const room = stage.holds(alice, 'alice');
  for (let n = 0; n < JOINS.burst; n++) {
    const viewer = stage.arrives();
    viewer.says({ type: 'join', room });
    expect(last(viewer)?.type).toBe('open');
    viewer.leaves();
  }
  const late = stage.arrives();
  late.says({ type: 'join', room });
  expect(last(late)).toEqual(refused('signal.busy'));
  const elsewhere = stage.arrives('192.0.2.99');
  elsewhere.says({ type: 'join', room });
  expect(last(elsewhere)?.type).toBe('open');
  stage.passes(1_000);
  late.says({ type: 'join', room });
  expect(last(late)?.type).toBe('open');
});

test('[SG11] at least sixty joins a minute stay possible for one address, for ever', () => {
  expect(JOINS.perSecond * 60).toBeGreaterThanOrEqual(60);
});

test('[SG11] on a LAN one visitor’s joins are not counted to another', () => {
  const stage = openStage({ joins: { burst: 2, perSecond: 1 }, joinsBy: 'socket' });
  const one = stage.arrives();
  for (let n = 0; n < 3; n++) one.says({ type: 'join', room: roomOf('nobody') });
  expect(last(one)).toEqual(refused('signal.busy'));
  const other = stage.arrives();
  other.says({ type: 'join', room: roomOf('nobody') });
  expect(last(other)).toEqual(refused('signal.noRoom'));
});

test('[SG11] claims are counted by address, since each costs a signature check', () => {
  const stage = openStage({ claims: { burst: 1, perSecond: 1 } });
  stage.holds(stage.arrives(), 'alice');
  const bob = stage.arrives();
  bob.says({ type: 'claim', key: keyOf('bob') });
  expect(last(bob)).toEqual(refused('signal.busy'));
  stage.passes(1_000);
  bob.says({ type: 'claim', key: keyOf('bob') });
  expect(last(bob)?.type).toBe('challenge');
});

test('[SG12] past the sockets of one address, or of all, one more is told and closed', () => {
  const stage = openStage({ socketsPerAddress: 2, sockets: 3 });
  const first = stage.arrives();
  stage.arrives();
  const third = stage.arrives();
  expect([third.heard, third.isClosed()]).toEqual([[refused('signal.full')], true]);
  stage.arrives('192.0.2.2');
  expect(stage.arrives('192.0.2.3').isClosed()).toBe(true);
  first.leaves();
  expect(stage.arrives().isClosed()).toBe(false);
});

test('[SG12] past the rooms of one address, or of all, a proven key is told full', () => {
  const stage = openStage({ roomsPerAddress: 1, rooms: 2 });
  stage.holds(stage.arrives(), 'alice');
  const second = stage.arrives();
  stage.holds(second, 'second');
  expect(last(second)).toEqual(refused('signal.full'));
  stage.holds(stage.arrives('192.0.2.2'), 'bob');
  const third = stage.arrives('192.0.2.3');
  stage.holds(third, 'carol');
  expect(last(third)).toEqual(refused('signal.full'));
  const back = stage.arrives();
  stage.holds(back, 'alice'); // her own room is never one too many
  expect(last(back)?.type).toBe('held');
});

test('[SG12] past the lines of a room, or of all, a visitor is told full', () => {
  const stage = openStage({ channelsPerRoom: 1, channels: 2 });
  const alice = stage.holds(stage.arrives(), 'alice');
  const bob = stage.holds(stage.arrives(), 'bob');
  const carol = stage.holds(stage.arrives(), 'carol');
  const answers = [alice, alice, bob, carol].map((room) => {
    const visitor = stage.arrives();
    visitor.says({ type: 'join', room });
    return last(visitor);
  });
  expect(answers.map((answer) => answer?.type)).toEqual(['open', 'refused', 'open', 'refused']);
});

test('[SG12] addresses that hold nothing and used nothing lately are forgotten', () => {
  const stage = openStage({ addresses: 2 });
  const people = ['192.0.2.1', '192.0.2.2'].map((address) => stage.arrives(address));
  expect(stage.arrives('192.0.2.3').isClosed()).toBe(true);
  for (const person of people) {
    person.says({ type: 'join', room: roomOf('nobody') });
    person.leaves();
  }
  stage.feed({ on: 'tick' });
  expect(stage.register().addresses.size).toBe(2); // their joins still count
  stage.passes(1_000);
  expect(stage.register().addresses.size).toBe(0);
});

test('[SG13] a line that carries more than a handshake does is ended for both', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const room = stage.holds(alice, 'alice');
  const flood = (body: string, times: number) => {
    const bob = stage.arrives();
    bob.says({ type: 'join', room });
    for (let n = 0; n < times; n++) bob.says({ type: 'relay', channel: channelOf(bob), body });
    return last(bob)?.type;
  };
  const body = 'A'.repeat(32 * 1024);
  expect(flood(body, CHANNEL_CHARS.burst / body.length)).not.toBe('hungUp');
  expect(flood(body, CHANNEL_CHARS.burst / body.length + 1)).toBe('hungUp');
  expect(flood('A', CHANNEL_MESSAGES.burst + 1)).toBe('hungUp');
  expect(alice.isClosed()).toBe(false);
  expect(stage.register().lines.size).toBe(1);
});

test('[SG13] requests past a person’s pace are refused, and insisting closes', () => {
  const stage = openStage();
  const mallory = stage.arrives();
  for (let n = 0; n < REQUESTS.burst; n++) {
    mallory.says({ type: 'join', room: roomOf('nobody') });
  }
  expect(last(mallory)).toEqual(refused('signal.noRoom'));
  for (let n = 0; n < OFFENCES_MAX; n++) mallory.says({ type: 'join', room: roomOf('nobody') });
  expect(last(mallory)).toEqual(refused('signal.busy'));
  expect(mallory.isClosed()).toBe(true);
});

test('[SG13] a socket that only floods is closed', () => {
  const stage = openStage();
  const { sockets } = stage.register();
  const mallory = stage.arrives();
  const alice = stage.arrives();
  stage.holds(alice, 'alice');
  mallory.says({ type: 'join', room: roomOf('alice') });
  const channel = channelOf(mallory);
  for (let n = 0; n < MESSAGES.burst; n++) mallory.says({ type: 'relay', channel, body: '' });
  expect(mallory.isClosed()).toBe(true);
  expect([...sockets.keys()]).toEqual([alice.socket]);
});

test('[SG14] a receiver that does not take what it is sent is closed, a sharer later', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const bob = stage.arrives();
  stage.holds(alice, 'alice');
  const backsUp = (socket: number, bytes: number) => stage.feed({ on: 'buffered', socket, bytes });
  backsUp(bob.socket, VISITOR_BUFFERED_BYTES_MAX);
  backsUp(alice.socket, SHARER_BUFFERED_BYTES_MAX);
  expect([alice.isClosed(), bob.isClosed()]).toEqual([false, false]);
  backsUp(bob.socket, VISITOR_BUFFERED_BYTES_MAX + 1);
  backsUp(alice.socket, SHARER_BUFFERED_BYTES_MAX + 1);
  expect([alice.isClosed(), bob.isClosed()]).toEqual([true, true]);
});

test('[SG15] a socket that is here for nothing is closed after half a minute', () => {
  const stage = openStage();
  const idle = stage.arrives();
  const half = stage.arrives();
  const checked = stage.arrives();
  const alice = stage.arrives();
  half.says({ type: 'claim', key: keyOf('half') });
  checked.says({ type: 'claim', key: keyOf('checked') });
  checked.says({ type: 'prove', signature: SIGNATURE });
  stage.holds(alice, 'alice');
  stage.passes(PURPOSELESS_MS);
  const closed = [idle, half, checked, alice].map((person) => person.isClosed());
  expect(closed).toEqual([true, true, true, false]);
});

test('[SG15] a silent sharer is pinged and closed; one that answers stays', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const bob = stage.arrives();
  stage.holds(alice, 'alice');
  stage.holds(bob, 'bob');
  stage.passes(PING_AFTER_MS);
  expect([alice.pings(), bob.pings()]).toEqual([1, 1]);
  stage.feed({ on: 'heard', socket: bob.socket });
  stage.passes(SILENT_MS - PING_AFTER_MS);
  expect([alice.isClosed(), bob.isClosed()]).toEqual([true, false]);
});

test('[SG15] a line without a word for two minutes ends, and the sharer stays', () => {
  const stage = openStage();
  const alice = stage.arrives();
  const bob = stage.arrives();
  bob.says({ type: 'join', room: stage.holds(alice, 'alice') });
  const channel = channelOf(bob);
  for (let passed = 0; passed < CHANNEL_IDLE_MS; passed += 10_000) {
    for (const { socket } of [alice, bob]) stage.feed({ on: 'heard', socket });
    stage.passes(10_000);
  }
  expect(last(bob)).toEqual({ type: 'hungUp', channel });
  expect(last(alice)).toEqual({ type: 'hungUp', channel });
  expect(alice.isClosed()).toBe(false);
});
