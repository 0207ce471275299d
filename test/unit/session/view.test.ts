import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { signGrant } from '../../../src/crypto/grant.ts';
import { identityOf, sessionIdOf } from '../../../src/crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { lasting } from '../../../src/protocol/capability.ts';
import type { Fault } from '../../../src/protocol/faults.ts';
import type { Grant, SignedGrant } from '../../../src/protocol/grant.ts';
import { encodeMessage, type ToSharer } from '../../../src/protocol/message.ts';
import { openInbox } from '../../../src/session/viewer-inbox.ts';
import type { ViewerPorts } from '../../../src/session/viewer-ports.ts';
import { startView, view, type ViewInput } from '../../../src/session/view.ts';
import { fakeLink } from '../../fake-link.ts';
import { fakeClock } from '../../fake-clock.ts';
import { BOB, deviceOf } from './stage.ts';

const sharer = identityOf(new Uint8Array(32).fill(1));
const mallory = identityOf(new Uint8Array(32).fill(2));
const bob = identityOf(new Uint8Array(32).fill(3));
const session = sessionIdOf(sharer.publicBytes);
const grant: Grant = {
  session,
  number: 1,
  to: bob.publicKey,
  start: 0,
  capabilities: lasting(['view'], null),
  at: 0,
};

test('[VW1] whatever is still on its way, the reason shown stays', () => {
  const me = { key: BOB, name: 'Bob', hue: 1, owner: false };
  const over = view(startView(me), { on: 'over', fault: 'grant.removed' });
  const late: ViewInput[] = [
    { on: 'live', path: 'webrtc', session, grant },
    { on: 'lost', fault: 'link.broken', attempt: 1 },
    { on: 'over', fault: 'share.ended' },
    { on: 'dialing', attempt: 2 },
    { on: 'granted', grant },
  ];
  for (const input of late) expect(view(over, input)).toBe(over);
});

test('[CP1] of Bob’s grants the one with the highest number holds, in whatever order they come', () => {
  const me = { key: BOB, name: 'Bob', hue: 1, owner: false };
  const more = { ...grant, number: 3, capabilities: lasting(['view', 'run'], null) };
  const less = { ...grant, number: 4 };
  let state = view(startView(me), { on: 'live', path: 'webrtc', session, grant });
  for (const next of [less, more, grant]) state = view(state, { on: 'granted', grant: next });
  expect(state.grant).toEqual(less);
});

/** Bob's inbox on a link that says what it is told to. */
function openDesk() {
  const ended: Fault[] = [];
  const shown: ViewInput[] = [];
  const sent: ToSharer[] = [];
  let deliver: (bytes: Uint8Array) => void | Promise<void> = () => {};
  let closed = false;
  let engines = 0;
  const link = fakeLink({
    onMessage: (take) => {
      deliver = (bytes) => take('control', bytes);
    },
    close: () => {
      closed = true;
    },
  });
  const ports: ViewerPorts = {
    clock: fakeClock(),
    random: () => 0,
    identity: bob,
    signer: nodeSigner(bob.seed),
    verify: nodeVerifier,
    device: deviceOf(1),
    reach: () => ({ reached: new Promise(() => {}), cancel: () => {} }),
    openReplica: () => {
      engines++;
      return new Promise(() => {});
    },
    inflate: (data) => ({ ok: true, value: data }),
    remember: () => {},
  };
  const inbox = openInbox(ports, {
    show: (input) => shown.push(input),
    admitted: () => {},
    result: () => {},
    waiting: () => {},
    whole: () => {},
    ended: (fault) => ended.push(fault),
    send: (message) => sent.push(message),
    state: () => startView({ key: bob.publicKey, name: 'Bob', hue: 1, owner: false }),
  });
  inbox.take({
    link,
    wire: 'memory',
    session,
    sessionKey: sharer.publicKey,
    redialKey: new Uint8Array(32),
    words: 'a b c d',
  });
  return {
    ended,
    shown,
    isClosed: () => closed,
    attach: inbox.attach,
    /** How often what reads documents was loaded. */
    engines: () => engines,
    say: async (bytes: Uint8Array) => {
      await deliver(bytes);
    },
    admit: (signed: SignedGrant) =>
      encodeMessage({
        type: 'admitted',
        grant: signed,
        redialKey: new Uint8Array(32),
        epoch: 1,
        now: 0,
        lastAction: 0,
      }),
  };
}

describe('what Bob is told', () => {
  test('[VW2] the sharer’s grant for him lets him in', async () => {
    const desk = openDesk();
    await desk.say(desk.admit(await signGrant(grant, nodeSigner(sharer.seed))));
    expect(desk.ended).toEqual([]);
    expect(desk.shown).toContainEqual(expect.objectContaining({ on: 'live', grant }));
  });

  test('[VW2] one that Mallory signed, or that is for someone else, ends it', async () => {
    const forged = await signGrant(grant, nodeSigner(mallory.seed));
    const foreign = await signGrant({ ...grant, to: BOB }, nodeSigner(sharer.seed));
    for (const signed of [forged, foreign]) {
      const desk = openDesk();
      await desk.say(desk.admit(signed));
      expect(desk.ended).toEqual(['sharer.unproven']);
      expect(desk.shown).toEqual([]);
    }
  });

  test('[MS3] bytes that are no message end the link', async () => {
    const desk = openDesk();
    await desk.say(Uint8Array.of(1, 2, 3));
    expect(desk.isClosed()).toBe(true);
  });
});

test('[VW3] a catalog waits for the engine; the end is heard meanwhile', async () => {
  const desk = openDesk();
  void desk.say(encodeMessage({ type: 'catalog', entries: [], gone: [] }));
  await desk.say(encodeMessage({ type: 'ended', fault: 'share.ended' }));
  expect(desk.ended).toEqual(['share.ended']);
  expect(desk.shown.some((input) => input.on === 'replica')).toBe(false);
});

test('[VW3] what reads documents is loaded when the first screen has been shown', async () => {
  const desk = openDesk();
  void desk.say(encodeMessage({ type: 'catalog', entries: [], gone: [] }));
  await turnOfTheLoop();
  expect(desk.engines()).toBe(0);
  const enginesAtScreen: number[] = [];
  desk.attach({
    screen: () => {
      enginesAtScreen.push(desk.engines());
      return Promise.resolve();
    },
    bytes: () => Promise.resolve(),
  });
  await desk.say(
    encodeMessage({
      type: 'screen',
      cols: 80,
      rows: 24,
      from: 0,
      data: new Uint8Array([0x61]),
      more: false,
    }),
  );
  await turnOfTheLoop();
  expect([enginesAtScreen, desk.engines()]).toEqual([[0], 1]);
});
