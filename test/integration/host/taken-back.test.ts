// Alice takes back what she gave: while commands wait, and while her disk is full.
import { afterEach, expect, test } from 'vitest';
import { emptyCells, openMemoryStore } from '../../../src/crdt/store-memory.ts';
import { restore } from '../../../src/host/session-records.ts';
import { newSessionSecrets } from '../../../src/host/session-secrets.ts';
import { nodeEntropy } from '../../../src/host/clock-node.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import { lasting } from '../../../src/protocol/capability.ts';
import { openSessionRig, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
afterEach(async () => await rig.close());

test.each(['less', 'removed', 'ended'] as const)(
  '[RL8] what Bob let wait is not run once he may run nothing: %s',
  async (how) => {
    rig = await openSessionRig();
    const { session, owner } = rig;
    const bob = await rig.join('Bob', { from: 'all' }, ['view', 'run']);
    const { key } = bob.viewer.state().me;
    await rig.run('read -r go');
    await rig.until('the program', () => owner.viewer.state().place?.shell === 'running');
    expect(await bob.viewer.act({ type: 'command.run', text: 'echo by-bob' })).toMatchObject({
      ok: true,
    });
    await rig.run('echo by-alice');
    if (how === 'less') {
      await session.order({
        type: 'grant.set',
        to: key,
        capabilities: lasting(['view', 'type'], null),
      });
    } else if (how === 'removed') await session.order({ type: 'participant.remove', key });
    else await session.order({ type: 'share.end' });
    rig.type('\r');
    await owner.shows('by-alice');
    await rig.until('what Alice ran', () =>
      owner.viewer
        .state()
        .blocks.some(({ command, state }) => command === 'echo by-alice' && state === 'done'),
    );
    expect(owner.viewer.state().blocks.map(({ command }) => command)).toEqual([
      'read -r go',
      'echo by-alice',
    ]);
  },
);

test('[AC11] [IV14] the disk is full: Alice lets nobody in, removes Bob, and he stays removed', async () => {
  const cells = emptyCells();
  const secrets = newSessionSecrets(nodeEntropy);
  let room = true;
  rig = await openSessionRig({
    cells,
    secrets,
    disk: (store) => ({
      ...store,
      append: (record) => (room ? store.append(record) : { ok: false, fault: 'store.full' }),
    }),
  });
  const { session } = rig;
  const bob = await rig.join('Bob', { from: 'all' }, ['view', 'run']);
  const { key } = bob.viewer.state().me;
  room = false;
  await session.order({ type: 'participant.remove', key });
  await rig.until('Bob to be out', () => bob.viewer.state().connection.phase === 'over');
  expect(await session.order({ type: 'invite.make' })).toEqual({ ok: false, fault: 'store.full' });
  expect(session.desk().notices.map(({ fault }) => fault)).toContain('store.full');
  const kept = () => {
    const id = sessionIdOf(secrets.identity.publicBytes);
    const { records } = openMemoryStore(cells).state();
    return restore(id, secrets.identity.publicKey, records).state.grants.get(key)?.capabilities;
  };
  expect(kept()).toMatchObject({ run: null });
  room = true;
  await rig.until('it to be written', () => kept()?.view === undefined);
  expect(await session.order({ type: 'invite.make' })).toMatchObject({ ok: true });
});
