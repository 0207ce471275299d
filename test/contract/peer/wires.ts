// The three kinds of wire, each opened as a pair: the sharer's end and the viewer's.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { memoryWires } from '../../../src/peer/memory.ts';
import { binarySocketOf, openBinarySocket } from '../../../src/peer/socket-node.ts';
import { nodeRtc } from '../../../src/peer/webrtc-node.ts';
import { dialRtc } from '../../../src/peer/webrtc.ts';
import { websocketWire } from '../../../src/peer/websocket.ts';
import type { Wire } from '../../../src/peer/wire.ts';

export interface Pair {
  readonly sharer: Wire;
  readonly viewer: Wire;
  readonly close: () => void;
}

export const WIRES: readonly (readonly [kind: Wire['kind'], open: () => Promise<Pair>])[] = [
  ['memory', openMemory],
  ['websocket', openWebsocket],
  ['webrtc', openWebrtc],
];

async function openMemory(): Promise<Pair> {
  const [sharer, viewer] = memoryWires();
  return { sharer, viewer, close: () => sharer.close() };
}

async function openWebsocket(): Promise<Pair> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const accepted = new Promise<WebSocket>((resolve) => {
    server.once('connection', (socket) => resolve(socket));
  });
  const opening = openBinarySocket(`ws://127.0.0.1:${portOf(server)}`);
  const sharer = websocketWire(binarySocketOf(await accepted));
  const opened = await opening;
  if (!opened.ok) throw new Error(opened.fault);
  const close = (): void => {
    for (const client of server.clients) client.terminate();
    server.close();
  };
  return { sharer, viewer: websocketWire(opened.value), close };
}

function portOf(server: WebSocketServer): number {
  const isPlace = (address: AddressInfo | string | null): address is AddressInfo =>
    address !== null && typeof address === 'object';
  const address = server.address();
  if (!isPlace(address)) throw new Error('not listening');
  return address.port;
}

/** Two dials in this process that hand their texts to each other. A rare stuck one is tried again. */
export async function openWebrtc(): Promise<Pair> {
  const rtc = await nodeRtc(nodeClock);
  if (!rtc.ok) throw new Error(rtc.fault);
  for (let attempt = 0; attempt < 3; attempt++) {
    const common = { wrtc: rtc.value.wrtc, iceServers: [], clock: nodeClock };
    const sharer = dialRtc({ ...common, initiator: true, send: (data) => viewer.take(data) });
    const viewer = dialRtc({ ...common, initiator: false, send: (data) => sharer.take(data) });
    const [first, second] = await Promise.all([sharer.wire, viewer.wire]);
    if (first.ok && second.ok) {
      const close = (): void => {
        first.value.close();
        second.value.close();
      };
      return { sharer: first.value, viewer: second.value, close };
    }
    if (first.ok) first.value.close();
    if (second.ok) second.value.close();
  }
  throw new Error('no WebRTC connection within this computer');
}

/** A wire whose outgoing pieces a test may change, repeat or take away. */
export function meddled(wire: Wire, change: (piece: Uint8Array) => readonly Uint8Array[]): Wire {
  return {
    ...wire,
    send: (piece) => {
      for (const changed of change(piece)) wire.send(changed);
    },
  };
}
