// The app's token opens a session on the app's own sockets and nowhere else.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { nodeClock, nodeEntropy } from '../../../src/host/clock-node.ts';
import { memoryWires } from '../../../src/peer/memory.ts';
import { reach } from '../../../src/peer/reach.ts';
import type { BinarySocket } from '../../../src/peer/socket.ts';
import { openSessionRig, socketOf, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
beforeEach(async () => {
  rig = await openSessionRig();
  await rig.session.order({ type: 'invite.make' });
});
afterEach(() => rig.close());

async function enter(by: Uint8Array, take: (socket: BinarySocket) => void) {
  const reaching = reach(
    { door: 'app', session: rig.session.id, token: by },
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
  expect(await enter(rig.token, rig.session.takeOwner)).toBe('in');
});

test('[AP3] on the way in for guests it is worth nothing, nor is another one anywhere', async () => {
  expect(await enter(rig.token, rig.takeGuest)).toBe('invite.unavailable');
  expect(await enter(nodeEntropy(32), rig.session.takeOwner)).toBe('invite.unavailable');
});
