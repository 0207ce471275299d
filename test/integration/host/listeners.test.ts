// The listener through which others come to a share, as a household, a class and somebody with
// nothing but time find it: real sockets on real ports.
import { connect } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { JOINS, OFFENCES_MAX, REQUESTS } from '../../../signaling/limits.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { nodeClock, nodeEntropy } from '../../../src/host/clock-node.ts';
import { openListeners, type Listeners } from '../../../src/host/listeners.ts';
import { STRANGERS_PER_ADDRESS_MAX } from '../../../src/host/strangers.ts';
import { decodeFromService, encodeSignaling } from '../../../src/protocol/signaling.ts';
import { session } from '../../unit/crypto/people.ts';
import { until } from './session-rig.ts';

let folder: string;
let listeners: Listeners;
const sockets: WebSocket[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshell-listeners-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>meshell</title>');
  const ports = { clock: nodeClock, entropy: nodeEntropy, verify: nodeVerifier };
  listeners = openListeners({ pageFolder: folder, ...ports });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await listeners.close();
  rmSync(folder, { recursive: true });
});

async function portOf(reach: 'local' | 'lan'): Promise<number> {
  const opened = await listeners.open(reach, null);
  if (!opened.ok) throw new Error(opened.fault);
  return opened.value.port;
}

/** Resolves when it is open or was turned away. */
async function socketTo(port: number, path: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  sockets.push(socket);
  socket.on('error', () => {});
  await new Promise<void>((settled) => {
    socket.on('open', () => settled());
    socket.on('close', () => settled());
  });
  return socket;
}

test('[SG11] on a LAN a class behind one address joins as it comes, on a socket each', async () => {
  const port = await portOf('lan');
  const answers: string[] = [];
  const join = encodeSignaling({ type: 'join', room: session });
  // Together more than one address may have at once, none of them more than a socket may.
  const each = Math.floor(REQUESTS.burst / 2);
  const wanted = JOINS.burst + 2 * each;
  for (let asked = 0; asked < wanted; asked += each) {
    const socket = await socketTo(port, '/signal');
    socket.on('message', (data) => {
      const said = decodeFromService(Buffer.isBuffer(data) ? data.toString('utf8') : '');
      answers.push(said.ok && said.value.type === 'refused' ? said.value.fault : 'else');
    });
    for (let n = 0; n < each; n++) socket.send(join);
  }
  await until('an answer to each', () => answers.length === wanted);
  expect(new Set(answers)).toEqual(new Set(['signal.noRoom']));
});

test('[LK30] of one address so many prove themselves at once; the next waits until one has', async () => {
  const port = await portOf('local');
  const prove: (() => void)[] = [];
  listeners.serve(session, (_, proven) => prove.push(proven));
  const path = `/direct/${session}`;
  const first = await socketTo(port, path);
  for (let n = 1; n < STRANGERS_PER_ADDRESS_MAX; n++) await socketTo(port, path);
  const turnedAway = async (): Promise<boolean> => {
    const before = prove.length;
    const socket = await socketTo(port, path);
    await until('a verdict', () => prove.length > before || socket.readyState === socket.CLOSED);
    return prove.length === before;
  };
  expect(await turnedAway()).toBe(true);
  prove[3]?.();
  prove[3]?.();
  expect(await turnedAway()).toBe(false);
  expect(await turnedAway()).toBe(true);
  first.terminate();
  // The listener hears of it a moment later than she does.
  await vi.waitFor(async () => expect(await turnedAway()).toBe(false), { timeout: 15_000 });
});

test('[SG10] Mallory is heard no more after her fifth offence, and cut off though she does not go', async () => {
  const port = await portOf('local');
  const mallory = connect(port, '127.0.0.1');
  const over = new Promise<void>((resolve) => mallory.on('close', () => resolve()));
  mallory.on('error', () => {});
  mallory.write(
    `GET /signal HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  // A masked text of one character that is no message.
  const nonsense = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x78]);
  let heard = '';
  mallory.on('data', (data) => {
    heard += data.toString('latin1');
    mallory.write(nonsense);
  });
  const since = performance.now();
  await over;
  expect(performance.now() - since).toBeLessThan(15_000);
  expect(heard.match(/signal\.malformed/g)).toHaveLength(OFFENCES_MAX);
});
