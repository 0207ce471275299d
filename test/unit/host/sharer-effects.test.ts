// What the sharer's machine asks for, carried out: who waits for whom, and what a failure costs.
import { expect, test } from 'vitest';
import type { Action } from '../../../src/protocol/action.ts';
import { lasting } from '../../../src/protocol/capability.ts';
import { DeviceId, idOf, PublicKey, SessionId } from '../../../src/protocol/ids.ts';
import type { ToViewer } from '../../../src/protocol/message.ts';
import { err } from '../../../src/protocol/result.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openSharerEffects, type SharerEffectsOptions } from '../../../src/host/sharer-effects.ts';
import {
  newSharerState,
  type SharerEffect,
  type SharerInput,
} from '../../../src/session/sharer-state.ts';
import { NO_AGENTS } from '../../../src/session/agent-rights.ts';
import { fakeClock } from '../../fake-clock.ts';

const key = (n: number): PublicKey => idOf(PublicKey, new Uint8Array(32).fill(n));
const BOB = 10;
const EVE = 11;
const NOTHING: ToViewer = { type: 'desk', knocks: [], requests: [], invites: [], notices: [] };

/** Something that is done when the test says so. */
function later<T>(): { readonly promise: Promise<T>; readonly done: (value: T) => void } {
  let done: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => (done = resolve));
  return { promise, done };
}

const WAYS: SharerEffectsOptions['waysIn'] = {
  invite: () => Promise.resolve(err('signal.unreachable')),
  stopMaking: () => {},
  dropNameplate: () => {},
};

function stage(own: Partial<SharerEffectsOptions> = {}) {
  const did: string[] = [];
  const fed: SharerInput[] = [];
  const clock = fakeClock();
  const effects = openSharerEffects({
    clock,
    feed: (input) => void fed.push(input),
    state: () => newSharerState(idOf(SessionId, new Uint8Array(16)), key(1)),
    keep: () => {},
    grants: { sign: () => Promise.resolve() },
    links: {
      send: (link, message) => void did.push(`${message.type} to ${link}`),
      end: (link) => void did.push(`end of ${link}`),
    },
    admit: () => Promise.resolve(),
    doorkeeper: { verdict: () => {} },
    waysIn: { ...WAYS, stopMaking: () => void did.push('stop making') },
    work: {
      act: (_, action) => {
        did.push(action.type);
        return { ok: true };
      },
    },
    agents: { act: () => {}, lateAdmission: () => {}, facts: NO_AGENTS },
    roster: () => void did.push('roster'),
    answer: () => {},
    tell: () => {},
    closed: () => {},
    ...own,
  });
  return { effects, did, fed, clock };
}

const keys: Action = { type: 'keys.type', keys: utf8('x') };
const asked = (action: Action, order = 1): SharerEffect => ({
  do: 'perform',
  actor: { kind: 'process', order },
  author: key(1),
  action,
});
const toLink = (link: number): SharerEffect => ({ do: 'send', link, message: NOTHING });
const admitBob: SharerEffect = {
  do: 'admit',
  link: BOB,
  device: idOf(DeviceId, new Uint8Array(8)),
  start: null,
  grant: {
    session: idOf(SessionId, new Uint8Array(16)),
    number: 1,
    to: key(BOB),
    start: 0,
    capabilities: lasting(['view'], null),
    at: 0,
  },
};

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('[AC12] Alice types and shows Eve out while a service takes its time over her invite', async () => {
  const made = later<ReturnType<typeof err<'signal.unreachable'>>>();
  const { effects, did, fed } = stage({ waysIn: { ...WAYS, invite: () => made.promise } });
  effects.perform(asked({ type: 'invite.make' }));
  effects.perform(asked(keys, 2));
  effects.perform({ do: 'close', link: EVE, fault: 'grant.removed' });
  await settle();
  expect(did).toEqual(['keys.type', `end of ${EVE}`]);
  made.done(err('signal.unreachable'));
  await effects.settled();
  expect(fed).toEqual([
    {
      on: 'outcome',
      actor: { kind: 'process', order: 1 },
      outcome: { ok: false, fault: 'signal.unreachable' },
    },
  ]);
});

test('[AC12] what fails is said once and answered, and those after it have their turn', async () => {
  const { effects, did, fed } = stage({
    work: {
      act: () => {
        throw new Error('a bug');
      },
    },
  });
  effects.perform(asked({ type: 'command.run', text: 'ls' }));
  effects.perform(asked({ type: 'command.run', text: 'ls' }, 2));
  effects.perform({ do: 'roster' });
  await effects.settled();
  expect(did).toEqual(['roster']);
  expect(fed.filter((input) => input.on === 'notice')).toMatchObject([{ fault: 'app.failed' }]);
  expect(fed.filter((input) => input.on === 'outcome')).toMatchObject([
    { actor: { order: 1 }, outcome: { fault: 'app.failed' } },
    { actor: { order: 2 }, outcome: { fault: 'app.failed' } },
  ]);
});

test('[KN8] while Bob’s documents are written Eve gets hers; his messages come after, his end at once', async () => {
  const written = later<undefined>();
  const { effects, did } = stage({ admit: () => written.promise });
  effects.perform(admitBob);
  effects.perform(toLink(BOB));
  effects.perform(toLink(EVE));
  effects.perform(asked(keys));
  await settle();
  expect(did).toEqual([`desk to ${EVE}`, 'keys.type']);
  effects.perform({ do: 'close', link: BOB, fault: 'grant.removed' });
  await settle();
  expect(did.at(-1)).toBe(`end of ${BOB}`);
  written.done(undefined);
  await effects.settled();
  expect(did.at(-1)).toBe(`desk to ${BOB}`);
});

test('[CP9] an invite that a guest makes says so, whatever reach it names', async () => {
  const by: string[] = [];
  const invite = (_: unknown, who: string): Promise<ReturnType<typeof err<'share.ended'>>> => {
    by.push(who);
    return Promise.resolve(err('share.ended'));
  };
  const { effects } = stage({ waysIn: { ...WAYS, invite } });
  const device = idOf(DeviceId, new Uint8Array(8));
  for (const owner of [false, true]) {
    const actor = { kind: 'signed', key: key(2), owner, device, n: 1 } as const;
    effects.perform({
      do: 'perform',
      actor,
      author: key(2),
      action: { type: 'invite.make', reach: 'lan' },
    });
  }
  await effects.settled();
  expect(by).toEqual(['guest', 'sharer']);
});

test('[CP7] what is being made when the share ends is given up', async () => {
  const { effects, did } = stage();
  effects.perform({ do: 'tell', event: { event: 'ended', reason: 'share.ended' } });
  await effects.settled();
  expect(did).toEqual(['stop making']);
});
