// What the sharer keeps of who did what: enough to show anyone that they did sign it.
import { expect, test } from 'vitest';
import { signAction, verifyStatement } from '../../../src/crypto/action.ts';
import { identityOf, sessionIdOf } from '../../../src/crypto/identity.ts';
import { nodeSigner, nodeVerifier } from '../../../src/crypto/signer-node.ts';
import {
  AUDIT_MAX,
  compacted,
  recordOf,
  restore,
  type StateRecord,
} from '../../../src/host/session-records.ts';
import type { Action } from '../../../src/protocol/action.ts';
import { decodeCbor, encodeCbor } from '../../../src/protocol/codec.ts';
import { DeviceId, idOf } from '../../../src/protocol/ids.ts';
import { NO_AGENTS } from '../../../src/session/agent-rights.ts';
import { sharer } from '../../../src/session/sharer.ts';
import { deviceOf, openStage, session, SHARER } from '../session/stage.ts';

const bob = identityOf(new Uint8Array(32).fill(7));
const signer = nodeSigner(bob.seed);

async function acts(
  action: Action,
  capabilities: Parameters<ReturnType<typeof openStage>['bring']>[2],
) {
  const stage = openStage();
  stage.bring(bob.publicKey, 11, capabilities);
  const signed = await signAction({ session, device: deviceOf(11), n: 1, action }, signer);
  const [, effects] = sharer(stage.state(), {
    on: 'action',
    link: 11,
    signed,
    verified: true,
    at: stage.now(),
    monotonic: 1,
    atPrompt: false,
    agents: NO_AGENTS,
  });
  const kept: StateRecord[] = [];
  for (const effect of effects) if (effect.do === 'persist') kept.push(recordOf(effect.record));
  return kept.filter((record) => record.type === 'audit');
}

test('[TR12] what Bob did is kept so that his signature can be checked, and no keys of his', async () => {
  const [kept] = await acts({ type: 'command.run', text: 'make' }, ['view', 'run']);
  const stored = decodeCbor(encodeCbor(kept));
  const { audit } = restore(session, SHARER, stored.ok ? [stored.value] : []);
  const [record] = audit;
  if (record === undefined) throw new Error('not kept');
  expect(record.statement).toMatchObject({ type: 'command.run', author: bob.publicKey, n: 1 });
  expect(await verifyStatement(record.statement, record.signature, nodeVerifier)).toBe(true);
  const other = { ...record.statement, n: 2 };
  expect(await verifyStatement(other, record.signature, nodeVerifier)).toBe(false);
  const keys: Action = { type: 'keys.type', keys: new Uint8Array([3]) };
  expect(await acts(keys, ['view', 'run', 'type'])).toEqual([]);
  expect(await acts({ type: 'command.run', text: 'make' }, ['view'])).toEqual([]);
});

test('[TR12] the newest thousand outlive a restart', () => {
  const record = (n: number): StateRecord => ({
    type: 'audit',
    statement: {
      session: sessionIdOf(bob.publicBytes),
      author: bob.publicKey,
      device: idOf(DeviceId, new Uint8Array(8)),
      n,
      type: 'command.run',
      target: '',
      bodyHash: new Uint8Array(32),
    },
    signature: new Uint8Array(64),
    at: n,
  });
  const many = Array.from({ length: AUDIT_MAX + 200 }, (_, n) => record(n));
  const again = compacted(restore(session, SHARER, many)).filter(({ type }) => type === 'audit');
  expect(again).toEqual(many.slice(200));
});
