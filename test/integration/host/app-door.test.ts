// The app's token opens a session on the app's own sockets and nowhere else.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeFolder } from '../../remove-folder.ts';
import { openMemoryStore } from '../../../src/crdt/store-memory.ts';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { nodeClock, nodeEntropy, nodeRandom } from '../../../src/host/clock-node.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { openListeners, type Listeners } from '../../../src/host/listeners.ts';
import { newSessionSecrets } from '../../../src/host/session-secrets.ts';
import type { HostedSession } from '../../../src/host/hosted-session.ts';
import { openSession } from '../../../src/host/session.ts';
import { stageAgents } from './staged-agents.ts';
import { openAutomerge } from '../../../src/crdt/automerge-node.ts';
import { memoryWires } from '../../../src/peer/memory.ts';
import { reach } from '../../../src/peer/reach.ts';
import type { BinarySocket } from '../../../src/peer/socket.ts';
import type { Wire } from '../../../src/peer/wire.ts';

const token = nodeEntropy(32);
let home: string;
let listeners: Listeners;
let session: HostedSession;
/** The way in for guests: a socket on the listener of the share. */
let takeGuest: (socket: BinarySocket) => void;

beforeEach(async () => {
  await openAutomerge();
  home = mkdtempSync(join(tmpdir(), 'meshell-door-'));
  const ports = { clock: nodeClock, entropy: nodeEntropy, verify: nodeVerifier };
  const real = openListeners({ ...ports, pageFolder: home });
  listeners = {
    ...real,
    serve(id, take) {
      takeGuest = take;
      real.serve(id, take);
    },
  };
  const opened = await openSession({
    secrets: newSessionSecrets(nodeEntropy),
    store: openMemoryStore(),
    command: { kind: 'command', file: '/bin/cat', args: [] },
    env: { PATH: process.env['PATH'] },
    cwd: home,
    size: { cols: 80, rows: 24 },
    sharer: { name: 'Alice', hue: 210 },
    token,
    listeners,
    signal: null,
    rtc: null,
    reach: 'local',
    start: { from: 'none' },
    autoAdmit: null,
    agents: stageAgents().agents,
    clock: nodeClock,
    random: nodeRandom,
    entropy: nodeEntropy,
  });
  if (!opened.ok) throw new Error(opened.fault);
  session = opened.value;
  await session.order({ type: 'invite.make' });
});
afterEach(async () => {
  await session.close();
  await listeners.close();
  await removeFolder(home);
});

function socketOf(wire: Wire): BinarySocket {
  return {
    send: wire.send,
    buffered: wire.buffered,
    onBytes: wire.onMessage,
    onClosed: wire.onClosed,
    close: wire.close,
  };
}

async function enter(by: Uint8Array, take: (socket: BinarySocket) => void) {
  const reaching = reach(
    { door: 'app', session: session.id, token: by },
    [{ by: 'socket', url: 'ws://sharer/', signal: null }],
    {
      clock: nodeClock,
      entropy: nodeEntropy,
      identity: newIdentity(nodeEntropy),
      textSocket: () => Promise.resolve({ ok: false, fault: 'signal.unreachable' }),
      binarySocket() {
        const [mine, theirs] = memoryWires({ clock: nodeClock });
        take(socketOf(theirs));
        return Promise.resolve({ ok: true, value: socketOf(mine) });
      },
      rtc: null,
      iceServers: [],
    },
    () => {},
  );
  const reached = await reaching.reached;
  if (reached.ok) reached.value.link.close();
  return reached.ok ? 'in' : reached.fault;
}

test('[AP3] the token opens the app’s own socket', async () => {
  expect(await enter(token, session.takeOwner)).toBe('in');
});

test('[AP3] on the way in for guests it is worth nothing, nor is another one anywhere', async () => {
  expect(await enter(token, takeGuest)).toBe('invite.unavailable');
  expect(await enter(nodeEntropy(32), session.takeOwner)).toBe('invite.unavailable');
});
