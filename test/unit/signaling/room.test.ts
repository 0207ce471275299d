import { afterEach, expect, test } from 'vitest';
import { openSignaling, type Signaling } from '../../../signaling/server.ts';
import { joinRoom } from '../../../src/peer/signal-join.ts';
import { openRoom, type Room, type RoomPhase } from '../../../src/peer/signal-room.ts';
import type { Channel } from '../../../src/peer/channel.ts';
import type { TextSocket } from '../../../src/peer/socket.ts';
import { firstRoom, RETRY_MS_MAX, RETRY_MS_MIN, retryMs, room } from '../../../src/peer/room.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { idOf, PublicKey, type Nameplate } from '../../../src/protocol/ids.ts';
import { err, ok, type Result } from '../../../src/protocol/result.ts';
import { ChannelId, type FromService } from '../../../src/protocol/signaling.ts';
import * as v from 'valibot';
import { sha256 } from '@noble/hashes/sha2.js';
import { countingEntropy, fakeClock, settle, type FakeClock } from './stage.ts';

const signerOf = (name: string) => nodeSigner(sha256(utf8(name)));
const alice = signerOf('alice');

/** A service that can be stopped and started, and the cable to it that can be cut. */
interface Town {
  readonly clock: FakeClock;
  readonly socket: () => Promise<Result<TextSocket, 'signal.unreachable'>>;
  readonly restart: () => void;
  readonly stop: () => void;
  readonly room: (name?: string) => Room;
  readonly dials: () => number;
  readonly service: () => Signaling;
}

const opened: { close: () => void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0).toReversed()) one.close();
});

function openTown(): Town {
  const clock = fakeClock();
  const entropy = countingEntropy();
  const start = (): Signaling => {
    const service = openSignaling({ clock, entropy, verify: nodeVerifier });
    opened.push(service);
    return service;
  };
  let service = start();
  let up = true;
  let dials = 0;
  const town: Town = {
    clock,
    socket: () => {
      dials++;
      return up ? service.inside() : Promise.resolve(err('signal.unreachable'));
    },
    stop: () => {
      up = false;
      service.close();
    },
    restart: () => {
      service.close();
      service = start();
      up = true;
    },
    room: (name = 'alice') => {
      const { socket } = town;
      const signer = signerOf(name);
      const room = openRoom({ url: 'ws://x/signal', signer, socket, clock, random: () => 0.5 });
      opened.push(room);
      return room;
    },
    dials: () => dials,
    service: () => service,
  };
  return town;
}

async function nameplateOf(room: Room): Promise<Nameplate> {
  const taken = await room.takeNameplate();
  if (!taken.ok) throw new Error(taken.fault);
  return taken.value;
}

/** Time passes as it does: what it brings about happens meanwhile. */
async function slowly(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 2_000) {
    clock.passes(2_000);
    await settle();
  }
}

function joinBy(town: Town, where: Parameters<typeof joinRoom>[0]['where']) {
  return joinRoom({ url: 'ws://x/signal', where, socket: town.socket, clock: town.clock });
}

function collected(channel: Channel): string[] {
  const heard: string[] = [];
  channel.onMessage((bytes) => heard.push(new TextDecoder().decode(bytes)));
  channel.onClosed(() => heard.push('(closed)'));
  return heard;
}

test('[SG1] Alice holds the room of her key, and Bob reaches her by its name and by code', async () => {
  const town = openTown();
  const room = town.room();
  expect(room.phase()).toEqual({ phase: 'reaching' });
  const nameplate = await nameplateOf(room); // asked for before it was held
  expect(room.phase()).toEqual({ phase: 'held', room: sessionIdOf(alice.publicKey) });
  const visitors: Channel[] = [];
  room.onVisitor((channel) => visitors.push(channel));
  for (const where of [{ nameplate }, { room: sessionIdOf(alice.publicKey) }]) {
    const bob = await joinBy(town, where);
    if (!bob.ok) throw new Error(bob.fault);
    await settle();
    const [toBob] = visitors.splice(0);
    if (toBob === undefined) throw new Error('nobody came');
    const heard = { alice: collected(toBob), bob: collected(bob.value.channel) };
    bob.value.channel.send(utf8('hello'));
    await settle();
    toBob.send(utf8('hi'));
    toBob.close();
    await settle();
    expect(heard).toEqual({ alice: ['hello', '(closed)'], bob: ['hi', '(closed)'] });
  }
});

test('[SG2] Mallory, who cannot sign for the room, does not get it', async () => {
  const town = openTown();
  const signer = { publicKey: alice.publicKey, sign: signerOf('mallory').sign };
  const { socket, clock } = town;
  const room = openRoom({ url: 'ws://x/signal', signer, socket, clock, random: () => 0 });
  opened.push(room);
  await settle();
  expect(room.phase()).toEqual({ phase: 'away', because: 'signal.notProven' });
  expect(town.service().health().rooms).toBe(0);
});

test('[SG4] of two processes with one key the later has the room, the other says so', async () => {
  const town = openTown();
  const first = town.room();
  await settle();
  const second = town.room();
  await settle();
  expect(first.phase()).toEqual({ phase: 'away', because: 'signal.taken' });
  expect(second.phase().phase).toBe('held');
});

test('[SG21] the waits grow, differ, and never pass half a minute', () => {
  const waits = [0, 1, 2, 3, 20].map((n) => retryMs('signal.unreachable', n, () => 0.999));
  expect(waits.map(Math.round)).toEqual([1_000, 1_999, 3_997, 7_993, 29_971]);
  expect(retryMs('signal.unreachable', 20, () => 0)).toBe(RETRY_MS_MIN);
  expect(retryMs('signal.taken', 0, () => 1)).toBe(RETRY_MS_MAX);
});

test('[SG21] while the service is away Alice tries on, and is told how it stands', async () => {
  const town = openTown();
  const room = town.room();
  await settle();
  const seen: RoomPhase[] = [];
  room.watch((phase) => seen.push(phase));
  town.stop();
  await settle();
  expect(room.phase()).toEqual({ phase: 'away', because: 'signal.unreachable' });
  expect(await room.takeNameplate()).toEqual(err('signal.unreachable'));
  const before = town.dials();
  await slowly(town.clock, 20 * RETRY_MS_MAX);
  expect(town.dials() - before).toBeGreaterThanOrEqual(20);
  town.restart();
  await slowly(town.clock, RETRY_MS_MAX);
  expect(room.phase().phase).toBe('held');
  expect(seen.map((s) => s.phase).slice(-2)).toEqual(['reaching', 'held']);
});

test('[SG22] Alice’s codes lead to her again after the service has forgotten everything', async () => {
  const town = openTown();
  const room = town.room();
  const kept = await nameplateOf(room);
  const dropped = await nameplateOf(room);
  const lost: Nameplate[] = [];
  room.onNameplateLost((nameplate) => lost.push(nameplate));
  town.stop();
  await settle();
  room.dropNameplate(dropped);
  town.restart();
  await slowly(town.clock, RETRY_MS_MAX);
  expect((await joinBy(town, { nameplate: kept })).ok).toBe(true);
  expect(await joinBy(town, { nameplate: dropped })).toEqual(err('signal.noRoom'));
  expect(lost).toEqual([]);
  expect(await nameplateOf(room)).not.toBe(kept);
});

test('[SG22] a code that someone else has got meanwhile is reported lost', async () => {
  const town = openTown();
  const room = town.room();
  const code = await nameplateOf(room);
  const lost: Nameplate[] = [];
  room.onNameplateLost((nameplate) => lost.push(nameplate));
  town.stop();
  await settle();
  town.restart();
  const { value: bob } = await town.service().inside();
  await claimBy(bob, 'bob');
  bob.send(JSON.stringify({ type: 'takeNameplate', wanted: code }));
  await slowly(town.clock, RETRY_MS_MAX);
  expect(lost).toEqual([code]);
});

async function claimBy(socket: TextSocket, name: string): Promise<void> {
  const { roomProof } = await import('../../../src/crypto/room.ts');
  const { toText } = await import('../../../src/protocol/bytes.ts');
  const signer = signerOf(name);
  socket.onText((text) => {
    const nonce = /"nonce":"([\w-]{43})"/.exec(text)?.[1];
    if (nonce === undefined) return;
    void signer
      .sign(roomProof(nonce))
      .then((made) => socket.send(JSON.stringify({ type: 'prove', signature: toText(made) })));
  });
  socket.send(JSON.stringify({ type: 'claim', key: toText(signer.publicKey) }));
  await settle();
}

test('[SG5] a code dropped while Alice was away leads nowhere once she is back', async () => {
  const town = openTown();
  const sockets: TextSocket[] = [];
  const socket: Town['socket'] = async () => {
    const one = await town.socket();
    if (one.ok) sockets.push(one.value);
    return one;
  };
  const { clock } = town;
  const room = openRoom({ url: 'ws://x/', signer: alice, socket, clock, random: () => 0 });
  opened.push(room);
  const code = await nameplateOf(room);
  sockets[0]?.close(); // the cable, not the service: the room is kept
  await settle();
  expect(town.service().health()).toMatchObject({ kept: 1, nameplates: 1 });
  room.dropNameplate(code);
  town.clock.passes(RETRY_MS_MIN);
  await settle();
  expect(town.service().health()).toMatchObject({ kept: 0, nameplates: 0 });
});

test('[SG21] a service that takes the socket and says nothing is given up and tried again', async () => {
  const clock = fakeClock();
  let dials = 0;
  let closes = 0;
  const mute: TextSocket = {
    send: () => {},
    onText: () => {},
    onClosed: () => {},
    close: () => void closes++,
  };
  const socket = () => {
    dials++;
    return Promise.resolve(ok(mute));
  };
  const room = openRoom({ url: 'ws://x/', signer: alice, socket, clock, random: () => 0 });
  opened.push(room);
  await settle();
  clock.passes(10_000);
  expect(room.phase()).toEqual({ phase: 'away', because: 'signal.unreachable' });
  clock.passes(RETRY_MS_MIN);
  await settle();
  expect([dials, closes]).toEqual([2, 1]);
});

test('a room that is closed ends its channels, answers what was asked, and dials no more', async () => {
  const town = openTown();
  const room = town.room();
  await settle();
  const bob = await joinBy(town, { room: sessionIdOf(alice.publicKey) });
  if (!bob.ok) throw new Error(bob.fault);
  const heard = collected(bob.value.channel);
  const asked = room.takeNameplate();
  room.close();
  expect(await asked).toEqual(err('share.ended'));
  expect(await room.takeNameplate()).toEqual(err('share.ended'));
  await settle();
  expect(heard).toEqual(['(closed)']);
  const before = town.dials();
  town.clock.passes(RETRY_MS_MAX * 10);
  await settle();
  expect(town.dials()).toBe(before);
  expect(room.phase()).toEqual({ phase: 'over' });
});

test('[SG23] sixteen messages wait for Alice to listen; one more ends the line', async () => {
  const town = openTown();
  const room = town.room();
  await settle();
  const visitors: Channel[] = [];
  room.onVisitor((channel) => visitors.push(channel));
  const heard: string[][] = [];
  for (const count of [16, 17]) {
    const bob = await joinBy(town, { room: sessionIdOf(alice.publicKey) });
    if (!bob.ok) throw new Error(bob.fault);
    for (let n = 0; n < count; n++) bob.value.channel.send(utf8('x'));
    await settle();
    const channel = visitors.pop();
    if (channel !== undefined) heard.push(collected(channel));
  }
  expect(heard.map((texts) => texts.length)).toEqual([16, 17]);
  expect(heard[1]?.at(-1)).toBe('(closed)');
});

test('[SG23] a service that opens lines without end gets those past 256 back', () => {
  const world = { key: idOf(PublicKey, alice.publicKey), random: () => 0.5 };
  let [state] = firstRoom();
  const feed = (input: Parameters<typeof room>[1]) => {
    const [next, effects] = room(state, input, world);
    state = next;
    return effects;
  };
  const hear = (message: FromService) => feed({ on: 'message', dial: 1, message });
  feed({ on: 'opened', dial: 1 });
  hear({ type: 'challenge', nonce: 'A'.repeat(43) });
  hear({ type: 'held', room: sessionIdOf(alice.publicKey) });
  const visit = (n: number) =>
    hear({ type: 'visitor', channel: v.parse(ChannelId, `line-${n}`.padEnd(22, '-')) });
  for (let n = 0; n < 256; n++) expect(visit(n)).toMatchObject([{ do: 'visitor' }]);
  expect(visit(256)).toMatchObject([{ do: 'send', message: { type: 'hangUp' } }]);
});

test('[SG20] Bob is told after eight seconds that the service does not answer', async () => {
  const clock = fakeClock();
  const never = () => new Promise<never>(() => {});
  const where = { room: sessionIdOf(alice.publicKey) };
  const joined = joinRoom({ url: 'ws://x/', where, socket: never, clock });
  clock.passes(8_000);
  expect(await joined).toEqual(err('signal.unreachable'));
  expect(clock.waiting()).toBe(0);
});

test('[SG20] Bob is told at once that nobody is there', async () => {
  const town = openTown();
  const answer = await joinBy(town, { room: sessionIdOf(alice.publicKey) });
  expect(answer).toEqual(err('signal.noRoom'));
});

test('[SG25] a service that is silent about nameplates holds Alice up for five seconds, and keeps none', async () => {
  const town = openTown();
  const room = town.room();
  await settle();
  const deaf = town.service();
  let isDeaf = false;
  const heard: string[] = [];
  const { clock } = town;
  const slow = openRoom({
    url: 'ws://x/signal',
    signer: signerOf('carol'),
    clock,
    random: () => 0.5,
    async socket() {
      const inside = await deaf.inside();
      const held: string[] = [];
      let take: (text: string) => void = () => {};
      release = () => {
        for (const text of held.splice(0)) take(text);
      };
      return ok({
        ...inside.value,
        send(text: string) {
          heard.push(text);
          inside.value.send(text);
        },
        onText(run: (text: string) => void) {
          take = run;
          inside.value.onText((text) => (isDeaf ? void held.push(text) : run(text)));
        },
      });
    },
  });
  let release = (): void => {};
  opened.push(slow);
  await settle();
  isDeaf = true;
  const asked = slow.takeNameplate();
  await slowly(clock, 6_000);
  expect(await asked).toEqual(err('signal.unreachable'));
  isDeaf = false;
  release();
  await settle();
  expect(heard.at(-1)).toContain('dropNameplate');
  expect((await nameplateOf(slow)).length).toBe(4);
  expect(room.phase()).toMatchObject({ phase: 'held' });
});

test('[SG22] a process that begins asks for the nameplates of the one before', async () => {
  const town = openTown();
  const before = town.room();
  const nameplate = await nameplateOf(before);
  before.close();
  town.restart();
  const { socket, clock } = town;
  const room = openRoom({
    url: 'ws://x/signal',
    signer: alice,
    nameplates: [nameplate],
    socket,
    clock,
    random: () => 0,
  });
  opened.push(room);
  await settle();
  const bob = joinBy(town, { nameplate });
  await settle();
  expect(await bob).toMatchObject({ ok: true });
});
