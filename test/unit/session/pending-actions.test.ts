import { expect, test } from 'vitest';
import { encodeAction, type Action, type SignedAction } from '../../../src/protocol/action.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openPendingActions } from '../../../src/session/pending-actions.ts';
import { ALICE, deviceOf, session } from './stage.ts';

const run: Action = { type: 'command.run', text: 'ls' };
const keys: Action = { type: 'keys.type', keys: utf8('x') };
const resize: Action = { type: 'terminal.resize', cols: 80, rows: 24 };
const look: Action = { type: 'view.look', thread: null };

function signed(n: number, action: Action): SignedAction {
  return {
    session,
    author: ALICE,
    device: deviceOf(1),
    n,
    body: encodeAction(action),
    signature: new Uint8Array(64),
  };
}

test('[AC9] after a lost link what has no result is sent again, as it was signed and in order', () => {
  const pending = openPendingActions();
  const told: string[] = [];
  for (const action of [run, keys, run, resize, run, look]) {
    const n = pending.take() ?? 0;
    pending.sent(action, signed(n, action), (outcome) => told.push(`${n} ${outcome.ok}`));
  }
  // Keys, sizes and looks are for their moment: nobody waits for their result.
  expect(told).toEqual(['2 true', '4 true', '6 true']);
  pending.result(3, { ok: false, fault: 'action.notAllowed' });
  pending.result(3, { ok: true });
  expect(told).toEqual(['2 true', '4 true', '6 true', '3 false']);
  expect(pending.again().map((one) => one.n)).toEqual([1, 5]);
});

test('[AC9] a reloaded tab goes on counting after what the sharer has', () => {
  const pending = openPendingActions();
  pending.heard(41);
  expect(pending.take()).toBe(42);
  pending.heard(7);
  expect(pending.take()).toBe(43);
});

test('[AC9] sixty-four may wait for a result', () => {
  const pending = openPendingActions();
  for (let i = 0; i < 64; i++) {
    const n = pending.take() ?? 0;
    pending.sent(run, signed(n, run), () => {});
  }
  expect(pending.take()).toBeNull();
  pending.result(1, { ok: true });
  expect(pending.take()).toBe(65);
});
