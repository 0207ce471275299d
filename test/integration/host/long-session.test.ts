// What happens again and again in a long session. A few times in a test run, all day in a soak.
import { afterEach, expect, test } from 'vitest';
import { emptyCells } from '../../../src/crdt/store-memory.ts';
import { nodeEntropy } from '../../../src/host/clock-node.ts';
import { newSessionSecrets } from '../../../src/host/session-secrets.ts';
import { loops } from '../../soak/loops.ts';
import { openSessionRig, type SessionRig } from './session-rig.ts';

let rig: SessionRig | undefined;
afterEach(async () => {
  await rig?.close();
  rig = undefined;
});

const present = (alice: SessionRig): readonly string[] =>
  (alice.owner.viewer.state().document?.roster ?? [])
    .filter((one) => one.present)
    .map((one) => one.name);

test('[KN4] guests come and go all day: each is let in, and nobody’s place is lost', async () => {
  rig = await openSessionRig();
  const alice = rig;
  for (let n = 0; n < loops(3, 120); n++) {
    const name = `Guest ${n}`;
    const guest = await alice.join(name, { from: 'all' });
    await alice.until('her to see it', () => present(alice).includes(name));
    guest.viewer.leave();
    await alice.until('its leave', () => !present(alice).includes(name));
  }
  expect(present(alice)).toEqual(['Alice']);
});

test('[RD1] [SF2] Bob’s link is lost over and over under output: he ends with what Alice has', async () => {
  rig = await openSessionRig();
  const alice = rig;
  const bob = await alice.join('Bob', { from: 'all' });
  // One process: between two of a loop's own a shell may lose a Ctrl-C.
  const writer = 'let n = 0; setInterval(() => console.log(`line ${n++} ${Math.random()}`), 1)';
  await alice.run(`'${process.execPath}' -e '${writer}'`);
  await bob.shows('line');
  for (let n = 0; n < loops(4, 250); n++) await bob.lose();
  alice.type('\u0003');
  await alice.until('the prompt', () => alice.owner.viewer.state().place?.shell === 'prompt');
  const block = await alice.done('echo the-$((1+1))nd');
  await bob.shows('the-2nd');
  await alice.until('the same screen', () => bob.shown() === alice.owner.shown());
  expect((await bob.block(block.number)).command).toBe('echo the-$((1+1))nd');
});

test('[FR9] [TR3] Alice’s process begins anew each time: every block is there, once', async () => {
  const cells = emptyCells();
  const secrets = newSessionSecrets(nodeEntropy);
  const rounds = loops(3, 60);
  for (let n = 1; n <= rounds; n++) {
    rig = await openSessionRig({ cells, secrets });
    expect((await rig.done(`echo round ${n}`)).number).toBe(n);
    const { owner } = rig;
    await rig.until('all blocks', () => owner.viewer.state().blocks.length >= Math.min(n, 50));
    const numbers = owner.viewer.state().blocks.map((block) => block.number);
    expect(numbers).toEqual(numbers.map((_, at) => n - numbers.length + 1 + at));
    await rig.close();
  }
  rig = undefined;
});
