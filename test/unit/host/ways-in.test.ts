// How others reach Alice: her ways in with a service that comes and goes, over restarts and ends.
import { afterEach, expect, test } from 'vitest';
import { openSignaling, type Signaling } from '../../../signaling/server.ts';
import { inviteBook, newInviteBook, type InviteBook } from '../../../src/crypto/invite-book.ts';
import { liveInvites, nameplatesAt } from '../../../src/crypto/invite-state.ts';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { nodeEntropy } from '../../../src/host/clock-node.ts';
import type { ListenerReach, Listeners } from '../../../src/host/listeners.ts';
import { openReachability, type ReachabilityOptions } from '../../../src/host/reachability.ts';
import { newSessionSecrets } from '../../../src/host/session-secrets.ts';
import type { StateRecord } from '../../../src/host/session-records.ts';
import { openWaysIn, type WaysIn } from '../../../src/host/ways-in.ts';
import { joinRoom } from '../../../src/peer/signal-join.ts';
import type { TextSocket } from '../../../src/peer/socket.ts';
import type { Reach } from '../../../src/protocol/action.ts';
import type { Nameplate } from '../../../src/protocol/ids.ts';
import { idOf, SessionId } from '../../../src/protocol/ids.ts';
import type { InviteCard } from '../../../src/protocol/message.ts';
import { err, ok, type Result } from '../../../src/protocol/result.ts';
import { countingEntropy, fakeClock, settle } from '../signaling/stage.ts';

const session = idOf(SessionId, new Uint8Array(16).fill(7));
const identity = newIdentity(nodeEntropy);
const SIGNAL = 'wss://meet.example.org';
const RTC = (): never => {
  throw new Error('nobody comes');
};
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).toReversed()) close();
});

/** A service that is up or not, and may be deaf; the book that outlives Alice’s process. */
function openWorld() {
  const clock = fakeClock();
  const start = (): Signaling => {
    const service = openSignaling({ clock, entropy: countingEntropy(), verify: nodeVerifier });
    closers.push(service.close);
    return service;
  };
  const own = start();
  let service = start();
  let isUp = true;
  let isSlow = false;
  const waiting: (() => void)[] = [];
  let book: InviteBook = newInviteBook();
  const used = new Set<ListenerReach>();
  const addresses = ['192.168.1.5', '10.0.0.9'];
  let gate: Promise<void> = Promise.resolve();
  const listeners: Listeners = {
    async open(_, wanted) {
      await gate;
      return ok({ port: wanted ?? 4271, signaling: own, close: () => Promise.resolve() });
    },
    serve: () => {},
    release: () => used.clear(),
    use: (_, reach) => void used.add(reach),
    close: () => Promise.resolve(),
  };

  const socket = (): Promise<Result<TextSocket, 'signal.unreachable'>> =>
    isUp ? slowed(service) : Promise.resolve(err('signal.unreachable'));

  /** What the service says waits while it is slow. */
  async function slowed(service: Signaling): Promise<Result<TextSocket, 'signal.unreachable'>> {
    const { value } = await service.inside();
    return ok({
      ...value,
      onText: (take) =>
        value.onText((text) => (isSlow ? waiting.push(() => take(text)) : take(text))),
    });
  }

  /** A life of Alice’s process. */
  function alice(
    restored: ReadonlyMap<Reach, number | null> = new Map(),
    options: Partial<ReachabilityOptions> = {},
  ) {
    const secrets = newSessionSecrets(nodeEntropy);
    const reachability = openReachability({
      session,
      signer: nodeSigner(identity.seed),
      clock,
      random: () => 0.5,
      listeners,
      signal: SIGNAL,
      socket,
      rtc: RTC,
      iceServers: null,
      addresses: () => addresses,
      nameplates: (reach) => nameplatesAt(book, reach),
      arrival: {
        clock,
        entropy: nodeEntropy,
        secrets: {
          session: secrets.identity,
          redial: secrets.redial,
          link: () => null,
          code: () => err('invite.unavailable'),
          app: () => null,
        },
        judge: () => 'accept',
        tried: () => {},
        arrived: () => {},
      },
      ...options,
    });
    const kept: StateRecord[] = [];
    const notices: string[] = [];
    const shown: InviteCard[] = [];
    const ways = openWaysIn({
      session,
      restored,
      reachability,
      reach: 'lan',
      start: { from: 'none' },
      open: () => liveInvites(book),
      keep: (record) => void kept.push(record),
      notice: (fault) => void notices.push(fault),
      shown: (cards) => void shown.push(...cards),
      clock,
      entropy: nodeEntropy,
    });
    closers.push(ways.close);
    return { ways, kept, notices, shown, reachability };
  }

  async function invited(ways: WaysIn, reach: Reach, by: 'sharer' | 'guest' = 'sharer') {
    const making = ways.invite({ type: 'invite.make', reach }, by);
    await settle();
    const made = await making;
    if (!made.ok) return made;
    [book] = inviteBook(book, made.value.input);
    const { card, nameplate } = made.value;
    if (nameplate !== null)
      [book] = inviteBook(book, { on: 'nameplate', invite: card.id, nameplate });
    return ok({ ...card, nameplate });
  }

  return {
    clock,
    alice,
    invited,
    used,
    addresses,
    joins: (nameplate: Nameplate) => joinRoom({ url: SIGNAL, where: { nameplate }, socket, clock }),
    holdListeners(): () => void {
      let open = (): void => {};
      gate = new Promise((resolve) => (open = resolve));
      return open;
    },
    slow(next: boolean) {
      isSlow = next;
      if (!next) for (const say of waiting.splice(0)) say();
    },
    stop() {
      isUp = false;
      service.close();
    },
    restart() {
      service.close();
      service = start();
      isUp = true;
    },
    async passes(ms: number) {
      for (let passed = 0; passed < ms; passed += 500) {
        clock.passes(500);
        await settle();
      }
    },
  };
}

function cardOf<T>(made: Result<T>): T {
  if (!made.ok) throw new Error(made.fault);
  return made.value;
}

test('[IV4] through a service Alice reads out its name alone', async () => {
  const world = openWorld();
  const card = cardOf(await world.invited(world.alice().ways, 'signal'));
  expect(card.typed).toBe(`${card.code}@meet.example.org`);
  expect(card.place).toBe('https://meet.example.org');
});

test('[LK26] each invite names the address of its moment, and the others beside it', async () => {
  const world = openWorld();
  const { ways } = world.alice();
  const first = cardOf(await world.invited(ways, 'lan'));
  expect(first).toMatchObject({ place: 'http://192.168.1.5:4271', others: ['10.0.0.9:4271'] });
  world.addresses.splice(0, 2, '172.16.0.3');
  const second = cardOf(await world.invited(ways, 'lan'));
  expect(second).toMatchObject({ place: 'http://172.16.0.3:4271', reach: 'lan' });
  expect(second.others).toBeUndefined();
});

test('[LK26] without a network an invite says that it works only on this computer', async () => {
  const world = openWorld();
  world.addresses.splice(0);
  const card = cardOf(await world.invited(world.alice().ways, 'lan'));
  expect(card).toMatchObject({ place: 'http://127.0.0.1:4271', reach: 'local' });
});

test('an invite through no service, or without WebRTC, is refused for what is missing', async () => {
  const world = openWorld();
  const none = world.alice(new Map(), { signal: null });
  expect(await world.invited(none.ways, 'signal')).toEqual(err('signal.none'));
  const bare = world.alice(new Map(), { rtc: null });
  expect(await world.invited(bare.ways, 'signal')).toEqual(err('link.noWebrtc'));
});

test('[SG26] after a restart with the service away Alice is told once, and found when it is back', async () => {
  const world = openWorld();
  const before = world.alice();
  const card = cardOf(await world.invited(before.ways, 'signal'));
  before.ways.close();
  await settle();
  world.stop();
  const after = world.alice(new Map([['signal', null]]));
  after.ways.reopen();
  await settle();
  await world.passes(20_000);
  expect(after.notices).toEqual(['signal.away']);
  world.restart();
  await world.passes(40_000);
  // [SG22] Her code leads to her at a service that has forgotten everything.
  const joined = world.joins(card.nameplate ?? bad());
  await settle();
  expect(await joined).toMatchObject({ ok: true });
});

test('[SG26] her open invites are shown again, by the addresses and the port of now', async () => {
  const world = openWorld();
  const before = world.alice();
  const card = cardOf(await world.invited(before.ways, 'lan'));
  before.ways.close();
  world.addresses.splice(0, 2, '172.16.0.3');
  const after = world.alice(new Map([['lan', 4280]]));
  after.ways.reopen();
  await settle();
  expect(after.shown).toMatchObject([
    { id: card.id, code: card.code, typed: `${card.code}@172.16.0.3:4280` },
  ]);
});

test('[SG26] a port that another program has taken meanwhile gives way to one that is kept', async () => {
  const world = openWorld();
  const listeners = {
    open: () => Promise.resolve(err('app.portTaken' as const)),
    serve: () => {},
    use: () => {},
    release: () => {},
    close: () => Promise.resolve(),
  };
  const refused = world.alice(new Map([['lan', 4271]]), { listeners });
  refused.ways.reopen();
  await settle();
  expect(refused.notices).toEqual(['app.portTaken']);
  const moved = world.alice(new Map([['lan', null]]));
  moved.ways.reopen();
  await settle();
  expect(moved.kept).toEqual([{ type: 'reach', reach: 'lan', port: 4271 }]);
});

test('ways stay while Alice’s first invite is being made, and close when it came to nothing', async () => {
  const world = openWorld();
  world.stop();
  const { ways, kept } = world.alice();
  const making = ways.invite({ type: 'invite.make', reach: 'signal' }, 'sharer');
  await settle();
  expect(ways.areIdle()).toBe(false);
  await world.passes(8_000);
  expect(await making).toEqual(err('signal.unreachable'));
  expect(ways.areIdle()).toBe(true);
  expect(kept).toEqual([]);
});

test('[CP7] what is opened while all is shut closes again, and lets nobody in', async () => {
  const world = openWorld();
  const open = world.holdListeners();
  const { ways, reachability } = world.alice();
  const making = ways.invite({ type: 'invite.make', reach: 'lan' }, 'sharer');
  await settle();
  ways.close();
  open();
  expect(await making).toEqual(err('share.ended'));
  expect(reachability.places()).toEqual([]);
  expect(world.used.size).toBe(0);
});

test('[CP7] an invite that is finished after the end gives its number back', async () => {
  const world = openWorld();
  const { ways } = world.alice();
  cardOf(await world.invited(ways, 'signal'));
  world.slow(true);
  const making = ways.invite({ type: 'invite.make', reach: 'signal' }, 'sharer');
  await settle();
  ways.stopMaking();
  world.slow(false);
  await settle();
  expect(await making).toEqual(err('share.ended'));
});

test('[CP9] Bob, who may invite, does so by the way Alice has chosen, and opens no other', async () => {
  const world = openWorld();
  const { ways, reachability } = world.alice();
  cardOf(await world.invited(ways, 'local'));
  const bobs = cardOf(await world.invited(ways, 'lan', 'guest'));
  expect(bobs.reach).toBe('local');
  expect(reachability.places().map((place) => place.reach)).toEqual(['local']);
});

function bad(): never {
  throw new Error('no nameplate');
}
