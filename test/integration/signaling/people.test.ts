import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SignalServer, SignalServerOptions } from '../../../signaling/http.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import { nodeSigner } from '../../../src/crypto/signer-node.ts';
import { nodeClock, nodeRandom } from '../../../src/host/clock-node.ts';
import type { Channel } from '../../../src/peer/channel.ts';
import { joinRoom, type JoinOptions } from '../../../src/peer/signal-join.ts';
import { openRoom, type Room } from '../../../src/peer/signal-room.ts';
import { openTextSocket, textSocketOf } from '../../../src/peer/socket-node.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { ok } from '../../../src/protocol/result.ts';
import { SIGNAL_TEXT_CHARS_MAX } from '../../../src/protocol/signaling.ts';
import { builtPage, openService, until } from './place.ts';

const page = builtPage();
afterAll(page.remove);
const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function service(more: Partial<SignalServerOptions> = {}): Promise<SignalServer> {
  const server = await openService(page.folder, more);
  opened.push(server.close);
  return server;
}

interface Sharer {
  readonly room: Room;
  readonly where: { readonly room: ReturnType<typeof sessionIdOf> };
  readonly url: string;
}

function sharer(port: number, echoes = false): Sharer {
  const signer = nodeSigner(new Uint8Array(randomBytes(32)));
  const url = `ws://127.0.0.1:${port}/signal`;
  const rest = { socket: openTextSocket, clock: nodeClock, random: nodeRandom };
  const room = openRoom({ url, signer, ...rest });
  opened.push(room.close);
  if (echoes) room.onVisitor((channel) => channel.onMessage((bytes) => channel.send(bytes)));
  return { room, url, where: { room: sessionIdOf(signer.publicKey) } };
}

async function visit(url: string, where: JoinOptions['where']): Promise<Channel> {
  const joined = await joinRoom({ url, where, socket: openTextSocket, clock: nodeClock });
  if (!joined.ok) throw new Error(joined.fault);
  opened.push(joined.value.channel.close);
  return joined.value.channel;
}

async function echo(channel: Channel, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    channel.onMessage((bytes) => resolve(new TextDecoder().decode(bytes)));
    channel.onClosed(() => reject(new Error('the line ended')));
    channel.send(utf8(text));
  });
}

const held = ({ room }: Sharer) => until(() => room.phase().phase === 'held');

test('[SG8] two hundred visitors behind one address, two rooms, nobody hears another', async () => {
  const { port, signaling } = await service();
  const rooms = [sharer(port, true), sharer(port, true)];
  await Promise.all(rooms.map(held));
  const visitors = Array.from({ length: 200 }, async (_, n) => {
    const { url, where } = rooms[n % 2] ?? sharer(port);
    const channel = await visit(url, where);
    return echo(channel, `visitor ${n}`);
  });
  expect(await Promise.all(visitors)).toEqual(visitors.map((_, n) => `visitor ${n}`));
  expect(signaling.health()).toMatchObject({ rooms: 2, sockets: 202, lines: 200 });
  expect(signaling.metrics()).toContain('meshell_signal_relayed_total 400\n');
});

test('[SG21] [SG22] after the service restarts Alice’s room and code are there again', async () => {
  const first = await service();
  const alice = sharer(first.port, true);
  const taken = await alice.room.takeNameplate();
  if (!taken.ok) throw new Error(taken.fault);
  const phases: string[] = [];
  alice.room.watch(({ phase }) => phases.push(phase));
  await first.close();
  await until(() => phases.includes('away'));
  await service({ port: first.port });
  await until(() => phases.includes('held'));
  const bob = await visit(alice.url, { nameplate: taken.value });
  expect(await echo(bob, 'still you?')).toBe('still you?');
});

test('[SG4] the room is never without a holder while Alice changes sockets', async () => {
  const { port, signaling } = await service();
  const seed = new Uint8Array(randomBytes(32));
  const url = `ws://127.0.0.1:${port}/signal`;
  const rest = { socket: openTextSocket, clock: nodeClock, random: nodeRandom };
  const old = openRoom({ url, signer: nodeSigner(seed), ...rest });
  opened.push(old.close);
  await until(() => old.phase().phase === 'held');
  const fresh = openRoom({ url, signer: nodeSigner(seed), ...rest });
  opened.push(fresh.close);
  const kept: number[] = [];
  await until(() => {
    kept.push(signaling.health().kept);
    return fresh.phase().phase === 'held';
  });
  expect(Math.max(...kept)).toBe(0);
  await until(() => old.phase().phase === 'away');
});

test('[SG5] a holder whose process dies leaves its room kept', async () => {
  const { port, signaling } = await service();
  const alice = sharer(port);
  await held(alice);
  alice.room.close();
  await until(() => signaling.health().kept === 1);
  const joined = await joinRoom({
    url: alice.url,
    where: alice.where,
    socket: openTextSocket,
    clock: nodeClock,
  });
  expect(joined).toEqual({ ok: false, fault: 'signal.noRoom' });
});

test('[SG10] a message that is too large, and one of bytes, do not reach the service', async () => {
  const { port, signaling } = await service();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/signal`);
  socket.on('error', () => {});
  const code = await new Promise<number>((resolve) => {
    socket.on('close', resolve);
    socket.on('open', () => socket.send('x'.repeat(SIGNAL_TEXT_CHARS_MAX + 1)));
  });
  expect(code).toBe(1009); // RFC 6455 section 7.4.1: too big
  const other = new WebSocket(`ws://127.0.0.1:${port}/signal`);
  const answer = await new Promise<string>((resolve) => {
    other.on('message', (data: Buffer) => resolve(data.toString()));
    other.on('open', () => other.send(Uint8Array.of(1, 2, 3)));
  });
  expect(answer).toBe('{"type":"refused","fault":"signal.malformed"}');
  other.terminate();
  await until(() => signaling.health().sockets === 0);
});

test('[SG14] a sharer that stops reading is closed; its visitors are told, others go on', async () => {
  const { port, signaling } = await service();
  const alice = sharer(port, true);
  await held(alice);
  const url = `ws://127.0.0.1:${port}/signal`;
  const stuck = new WebSocket(url);
  opened.push(() => stuck.terminate());
  await new Promise((done) => stuck.once('open', done));
  const signer = nodeSigner(new Uint8Array(randomBytes(32)));
  const socket = () => Promise.resolve(ok(textSocketOf(stuck)));
  const room = openRoom({ url, signer, socket, clock: nodeClock, random: nodeRandom });
  opened.push(room.close);
  await until(() => room.phase().phase === 'held');
  stuck.pause();
  // Each says no more than a line may carry; together it is more than the kernel takes.
  const where = { room: sessionIdOf(signer.publicKey) };
  const lines = await Promise.all(Array.from({ length: 100 }, () => visit(url, where)));
  let ended = 0;
  for (const line of lines) {
    line.onClosed(() => ended++);
    for (let part = 0; part < 7; part++) line.send(new Uint8Array(24 * 1024));
  }
  await until(() => signaling.health().kept === 1);
  await until(() => ended === lines.length);
  expect(signaling.metrics()).toContain('meshell_signal_closed_total 1\n');
  expect(await echo(await visit(alice.url, alice.where), 'and you?')).toBe('and you?');
});

test('a request that never finishes its headers, and half an upgrade, hold nobody up', async () => {
  const { port } = await service();
  const slow = connect(port, '127.0.0.1');
  slow.on('error', () => {});
  slow.write('GET /signal HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n');
  const half = connect(port, '127.0.0.1');
  half.on('error', () => {});
  half.write(
    'GET /signal HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  );
  const answer = await new Promise<string>((resolve) => {
    half.on('data', (data: Buffer) => resolve(data.toString()));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400/);
  const alice = sharer(port);
  await held(alice);
  slow.destroy();
});

test('a visitor that answers nothing does not hold up the end', { timeout: 5_000 }, async () => {
  const ending = await openService(page.folder);
  const stuck = new WebSocket(`ws://127.0.0.1:${ending.port}/signal`);
  await new Promise((done) => stuck.once('open', done));
  stuck.pause();
  await ending.close();
  stuck.terminate();
});
