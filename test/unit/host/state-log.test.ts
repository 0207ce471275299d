// Alice's disk is full for a while: what her session's log holds then, and after.
import { describe, expect, test } from 'vitest';
import { emptyCells, openMemoryStore } from '../../../src/crdt/store-memory.ts';
import { compacted, restore, type StateRecord } from '../../../src/host/session-records.ts';
import { openStateLog } from '../../../src/host/state-log.ts';
import { openStoreGuard } from '../../../src/host/store-guard.ts';
import { encodeAction, type Action } from '../../../src/protocol/action.ts';
import { lasting, type Capability } from '../../../src/protocol/capability.ts';
import type { Outcome, ToViewer } from '../../../src/protocol/message.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { turnOf } from '../../../src/session/action-log.ts';
import { NO_AGENTS } from '../../../src/session/agent-rights.ts';
import { mayGoUnkept } from '../../../src/session/taking-back.ts';
import type { SharerInput } from '../../../src/session/sharer-state.ts';
import { ALICE, BOB, deviceOf, EVE, openStage, session, SHARER } from '../session/stage.ts';

function grantOf(number: number, capabilities: readonly Capability[]): StateRecord {
  return {
    type: 'grant',
    grant: { session, number, to: BOB, start: 1, capabilities: lasting(capabilities, null), at: 0 },
  };
}
const action = (n: number): StateRecord => ({
  type: 'action',
  author: BOB,
  device: deviceOf(1),
  n,
});

function openDisk() {
  const store = openMemoryStore(emptyCells());
  let room = true;
  let told = 0;
  const log = openStateLog({
    store: {
      ...store,
      append: (record) => (room ? store.append(record) : { ok: false, fault: 'store.full' }),
    },
    compact: (records) => compacted(restore(session, SHARER, records)),
    full: () => told++,
  });
  return {
    log,
    told: () => told,
    fill: () => {
      room = false;
    },
    free: () => {
      room = true;
    },
    records: () => store.state().records,
    restored: () => restore(session, SHARER, store.state().records).state,
  };
}

describe('the log', () => {
  test('[AC11] [CP2] what found no room is written first, in order, when there is some', () => {
    const disk = openDisk();
    disk.log.keep(grantOf(1, ['view', 'run']));
    disk.fill();
    disk.log.keep(action(1));
    disk.log.keep(grantOf(2, []));
    disk.log.keep(action(2));
    expect(disk.told()).toBe(1);
    expect(disk.log.isWhole()).toBe(false);
    expect(disk.records()).toHaveLength(1);
    disk.free();
    disk.log.keep(grantOf(3, ['view']));
    expect(disk.records().slice(1)).toEqual([grantOf(2, []), action(2), grantOf(3, ['view'])]);
    expect(disk.log.isWhole()).toBe(true);
  });

  test('[AC11] [CP2] Bob, removed while the disk was full, is removed after the next start as well', () => {
    const disk = openDisk();
    disk.log.keep(grantOf(1, ['view', 'run']));
    disk.fill();
    disk.log.keep(grantOf(2, []));
    disk.free();
    disk.log.tend();
    expect(disk.restored().grants.get(BOB)?.capabilities).toEqual({});
  });

  test('[AC11] however long it is full, what waits is bounded', () => {
    const disk = openDisk();
    disk.fill();
    for (let n = 1; n <= 5000; n++) disk.log.keep(action(n));
    disk.free();
    disk.log.tend();
    expect(disk.records()).toEqual([action(5000)]);
  });

  test('[ST7] a day of keys is a few records, and says the same', () => {
    const disk = openDisk();
    disk.log.keep({ type: 'epoch', epoch: 3 });
    disk.log.keep(grantOf(1, ['view', 'type']));
    let most = 0;
    for (let n = 1; n <= 20_000; n++) {
      disk.log.keep(action(n));
      disk.log.tend();
      most = Math.max(most, n % 1000 === 0 ? disk.records().length : 0);
    }
    expect(most).toBeLessThan(5000);
    const restored = disk.restored();
    expect(turnOf(restored.log, BOB, deviceOf(1), 20_001).turn).toBe('new');
    expect(turnOf(restored.log, BOB, deviceOf(1), 20_000).turn).toBe('repeat');
    expect(restored.grants.get(BOB)).toMatchObject({ number: 1 });
  });
});

test('[AC3] Bob’s number was kept and its result died with the process: he hears that nobody knows', () => {
  const { log } = restore(session, SHARER, [action(4)]).state;
  expect(turnOf(log, BOB, deviceOf(1), 4)).toEqual({
    turn: 'repeat',
    outcome: { ok: false, fault: 'action.unsure' },
  });
  expect(turnOf(log, BOB, deviceOf(1), 5)).toEqual({ turn: 'new' });
});

describe('while the disk is full', () => {
  function openFull() {
    const stage = openStage();
    stage.bring(ALICE, 10, ['view', 'run']);
    const answers: [number, Outcome][] = [];
    const sent: ToViewer[] = [];
    let whole = false;
    const mayTake = openStoreGuard({
      log: { isWhole: () => whole },
      state: stage.state,
      answer: (order, outcome) => answers.push([order, outcome]),
      send: (_, message) => sent.push(message),
    });
    const acts = (asked: Action, n: number): SharerInput => ({
      on: 'action',
      link: 10,
      signed: {
        session,
        author: ALICE,
        device: deviceOf(10),
        n,
        body: encodeAction(asked),
        signature: new Uint8Array(64),
      },
      verified: true,
      at: stage.now(),
      monotonic: 0,
      atPrompt: true,
      agents: NO_AGENTS,
    });
    return {
      stage,
      answers,
      sent,
      mayTake,
      acts,
      free: () => {
        whole = true;
      },
    };
  }
  const run: Action = { type: 'command.run', text: 'ls' };

  test('[AC11] an action is refused with a word and may come again; keys go on', () => {
    const full = openFull();
    expect(full.mayTake(full.acts(run, 1))).toBe(false);
    const outcome = { ok: false, fault: 'store.full' };
    expect(full.sent).toEqual([{ type: 'result', device: deviceOf(10), n: 1, outcome }]);
    expect(full.mayTake(full.acts({ type: 'keys.type', keys: utf8('rm') }, 2))).toBe(true);
    full.free();
    expect(full.mayTake(full.acts(run, 1))).toBe(true);
  });

  test('[AC11] what was done before is answered as before', () => {
    const full = openFull();
    full.stage.feed(full.acts(run, 1));
    expect(full.mayTake(full.acts(run, 1))).toBe(true);
  });

  test('[AC11] the sharer lets nobody in, and shows everyone out', () => {
    const full = openFull();
    const order = (asked: Action): SharerInput => ({ on: 'order', order: 7, action: asked, at: 0 });
    expect(full.mayTake(order({ type: 'invite.make' }))).toBe(false);
    expect(full.answers).toEqual([[7, { ok: false, fault: 'store.full' }]]);
    expect(full.mayTake(order({ type: 'participant.remove', key: ALICE }))).toBe(true);
    expect(full.mayTake(order({ type: 'share.end' }))).toBe(true);
  });

  test('[AC11] a grant that only takes is no grant that gives', () => {
    const { grants } = openFull().stage.state();
    const set = (
      to: typeof ALICE,
      capabilities: Extract<Action, { type: 'grant.set' }>['capabilities'],
    ) => mayGoUnkept(grants, { type: 'grant.set', to, capabilities });
    expect(set(ALICE, lasting(['view'], null))).toBe(true);
    expect(set(ALICE, lasting(['view', 'run'], 5000))).toBe(true);
    expect(set(ALICE, lasting(['view', 'type'], null))).toBe(false);
    expect(set(EVE, lasting(['view'], null))).toBe(false);
  });
});
