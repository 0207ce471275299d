// What a link costs: the round trip of a control message while nothing, history or screen fills
// the link, and how much of that gets through. Run it with `npx tsx bench/link.ts`.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocketServer, type WebSocket } from 'ws';
import { nodeClock } from '../src/host/clock-node.ts';
import type { RtcDial } from '../src/peer/dialing.ts';
import { openLink, type Link } from '../src/peer/link.ts';
import { binarySocketOf, openBinarySocket } from '../src/peer/socket-node.ts';
import { nodeRtc } from '../src/peer/webrtc-node.ts';
import { rtcDialer } from '../src/peer/webrtc.ts';
import { websocketWire } from '../src/peer/websocket.ts';
import type { Wire } from '../src/peer/wire.ts';
import type { Lane } from '../src/protocol/message.ts';
import { linkKeysFor } from '../test/contract/peer/keys.ts';

/** How long each load lasts, in ms; a control message goes each PING_MS. */
const LOAD_MS = 4_000;
const PING_MS = 5;
const MESSAGE_BYTES = 48 * 1024;
const QUEUED_BYTES = 512 * 1024;

const LOADS: readonly (Lane | 'nothing')[] = ['nothing', 'history', 'screen'];

/** Bob sends control messages back and takes the rest. */
function answer(wire: Wire): Link {
  const bob = openLink({ wire, keys: linkKeysFor(1).viewer, clock: nodeClock, role: 'viewer' });
  bob.onMessage((lane, message) => {
    if (lane === 'control') bob.send('control', message);
  });
  return bob;
}

async function measure(alice: Link, kind: string): Promise<void> {
  for (const load of LOADS) {
    const sentAt: number[] = [];
    const roundTrips: number[] = [];
    let acked = 0;
    alice.onMessage((_, message) => {
      const n = new DataView(message.buffer, message.byteOffset).getUint32(0);
      roundTrips.push(performance.now() - (sentAt[n] ?? 0));
    });
    const feed = (): void => {
      if (load === 'nothing') return;
      while (alice.backlog(load).queuedBytes < QUEUED_BYTES) {
        alice.send(load, new Uint8Array(MESSAGE_BYTES));
      }
    };
    alice.onAcked((report) => {
      acked += report.bytes;
      feed();
    });
    const cpu = process.cpuUsage();
    feed();
    await every(PING_MS, LOAD_MS, () => {
      const message = new Uint8Array(64);
      new DataView(message.buffer).setUint32(0, sentAt.length);
      sentAt.push(performance.now());
      alice.send('control', message);
    });
    const { user, system } = process.cpuUsage(cpu);
    alice.onAcked(() => {});
    if (load !== 'nothing') alice.dropQueued(load);
    await every(PING_MS, 500, () => {});
    roundTrips.sort((a, b) => a - b);
    const at = (share: number): string =>
      (roundTrips[Math.floor(roundTrips.length * share)] ?? NaN).toFixed(2);
    const bulk = load === 'nothing' ? '' : `, ${(acked / 1e3 / LOAD_MS).toFixed(1)} MB/s`;
    const cost =
      load === 'nothing' ? '' : `, ${((user + system) / (acked / 1e3)).toFixed(1)} ms CPU/MB`;
    const answered = `${roundTrips.length} of ${sentAt.length} answered`;
    say(`${kind}, ${load} under way`, `${at(0.5)} / ${at(0.99)} ms${bulk}${cost}, ${answered}`);
  }
}

async function every(everyMs: number, forMs: number, run: () => void): Promise<void> {
  const until = performance.now() + forMs;
  while (performance.now() < until) {
    run();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

function say(what: string, number: string): void {
  process.stdout.write(`${what.padEnd(36)} ${number}\n`);
}

/** Dials with the process at the other end of `port`. */
async function dialed(initiator: boolean, port: ChildProcess | NodeJS.Process): Promise<Wire> {
  const rtc = await nodeRtc(nodeClock);
  if (!rtc.ok) throw new Error(rtc.fault);
  const early: string[] = [];
  let take = (text: string): void => void early.push(text);
  port.on('message', (text: unknown) => {
    if (typeof text === 'string') take(text);
  });
  const dial: RtcDial = rtcDialer(
    nodeClock,
    rtc.value.wrtc,
  )({
    initiator,
    iceServers: [],
    send: (text) => port.send?.(text),
  });
  take = dial.take;
  for (const text of early) take(text);
  const wire = await dial.wire;
  if (!wire.ok) throw new Error(wire.fault);
  return wire.value;
}

function share(wire: Wire): Link {
  return openLink({ wire, keys: linkKeysFor(1).sharer, clock: nodeClock, role: 'sharer' });
}

const [, , role, kind, url = ''] = process.argv;
const KINDS = ['webrtc', 'websocket'];

if (role === 'viewer') {
  const wire = kind === 'webrtc' ? await dialed(false, process) : await connected(url);
  answer(wire).onClosed(() => process.exit(0));
} else {
  say('a control message there and back', 'p50 / p99');
  for (const kind of KINDS) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const accepted = new Promise<WebSocket>((resolve) => {
      server.once('connection', (socket) => resolve(socket));
    });
    const began = performance.now();
    const bob = fork(fileURLToPath(import.meta.url), ['viewer', kind, `ws://127.0.0.1:${port}`]);
    const wire =
      kind === 'webrtc' ? await dialed(true, bob) : websocketWire(binarySocketOf(await accepted));
    const link = share(wire);
    say(`${kind}, process started, connected`, `${(performance.now() - began).toFixed(0)} ms`);
    await measure(link, kind);
    const gone = once(bob, 'exit');
    link.close();
    await gone;
    server.close();
  }
  process.exit(0);
}

async function connected(url: string): Promise<Wire> {
  const socket = await openBinarySocket(url);
  if (!socket.ok) throw new Error(socket.fault);
  return websocketWire(socket.value);
}
