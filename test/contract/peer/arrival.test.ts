// A whole arrival over a real socket: the sharer says its welcome and the link's first piece in
// one breath, and the viewer takes each for what it is.
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { nodeClock, nodeEntropy } from '../../../src/host/clock-node.ts';
import { receiveDirect, type Arrived } from '../../../src/peer/arrival.ts';
import { reach } from '../../../src/peer/reach.ts';
import { binarySocketOf, openBinarySocket } from '../../../src/peer/socket-node.ts';
import { aliceSecrets, bob, DOORS } from '../../unit/crypto/people.ts';

let server: WebSocketServer;
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
});
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

test('[LK29] Bob comes straight to Alice, and hears her also where all of it comes at once', async () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const arrival = new Promise<Arrived>((arrived) => {
    server.once('connection', (socket) =>
      receiveDirect(binarySocketOf(socket), {
        clock: nodeClock,
        entropy: nodeEntropy,
        secrets: aliceSecrets(),
        judge: () => 'accept',
        tried: () => {},
        arrived,
      }),
    );
  });
  const { reached } = reach(
    DOORS.link,
    [{ by: 'socket', url: `ws://127.0.0.1:${address.port}/`, signal: null }],
    {
      clock: nodeClock,
      entropy: nodeEntropy,
      identity: bob,
      textSocket: () => Promise.resolve({ ok: false, fault: 'signal.unreachable' }),
      binarySocket: openBinarySocket,
      rtc: null,
      iceServers: [],
    },
    () => {},
  );
  const { link } = await arrival;
  link.send('control', new Uint8Array([42]));
  const got = await reached;
  if (!got.ok) throw new Error(got.fault);
  const heard = await new Promise<number>((resolve) => {
    got.value.link.onClosed((fault) => {
      throw new Error(fault);
    });
    got.value.link.onMessage((_, message) => resolve(message[0] ?? -1));
  });
  expect(heard).toBe(42);
  link.close();
  got.value.link.close();
});
