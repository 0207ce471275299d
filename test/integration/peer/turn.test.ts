// A relay of the sharer's own, with passwords as relays hand them out: a time and a name, and a
// digest with signs that mean something in an address.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { nodeRtc } from '../../../src/peer/webrtc-node.ts';
import { dialRtc } from '../../../src/peer/webrtc.ts';
import { lacks } from '../../e2e/stage/needs.ts';

const SECRET = 'north';
/** Said by coturn once its sockets are open. */
const LISTENS = 'Total General servers';

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

/** coturn, on loopback only, with passwords made of its secret. Resolves when it listens. */
async function openRelay(): Promise<string> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'meshell-turn-'));
  const here = ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--allow-loopback-peers'];
  const quiet = ['--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout'];
  const auth = ['--use-auth-secret', `--static-auth-secret=${SECRET}`, '--realm=harbor'];
  const files = [`--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'db')}`];
  const relay = spawn(
    'turnserver',
    ['-n', `--listening-port=${port}`, ...here, ...quiet, ...auth, ...files],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  onTestFinished(async () => {
    relay.kill('SIGKILL');
    await once(relay, 'close');
    rmSync(folder, { recursive: true });
  });
  await new Promise<void>((resolve) => {
    let said = '';
    relay.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(LISTENS)) resolve();
    });
  });
  return `turn:127.0.0.1:${port}?transport=udp`;
}

/** What a dial tells of its addresses, until one of them is the relay's or the time is up. */
async function told(urls: string, username: string, credential: string): Promise<string> {
  const rtc = await nodeRtc(nodeClock);
  if (!rtc.ok) throw new Error(rtc.fault);
  let all = '';
  const dial = await new Promise<ReturnType<typeof dialRtc>>((resolve) => {
    const opened = dialRtc({
      wrtc: rtc.value.wrtc,
      iceServers: [{ urls, username, credential }],
      clock: nodeClock,
      initiator: true,
      timeoutMs: 5000,
      send(data) {
        all += data;
        if (all.includes('typ relay')) resolve(opened);
      },
    });
    void opened.wire.then(() => resolve(opened));
  });
  dial.close();
  return all;
}

test.skipIf(lacks('turnserver'))(
  '[LK28] a relay takes a name with a colon and a password of any signs; a wrong one it does not',
  async () => {
    const urls = await openRelay();
    const name = `${Math.floor(Date.now() / 1000) + 3600}:bob@harbor/quay`;
    const password = createHmac('sha1', SECRET).update(name).digest('base64');
    expect(await told(urls, name, password)).toContain('typ relay');
    expect(await told(urls, name, `${password}%3D`)).not.toContain('typ relay');
  },
);
