// One who was let in and speaks nonsense: it loses its link, the sharer is told, nobody else
// notices.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newIdentity } from '../../../src/crypto/identity.ts';
import { nodeSigner } from '../../../src/crypto/signer-node.ts';
import { signAction } from '../../../src/crypto/action.ts';
import { nodeEntropy } from '../../../src/host/clock-node.ts';
import { encodeAction } from '../../../src/protocol/action.ts';
import { encodeCbor } from '../../../src/protocol/codec.ts';
import { DeviceId, idOf, PublicKey, SessionId } from '../../../src/protocol/ids.ts';
import { encodeMessage } from '../../../src/protocol/message.ts';
import { loops } from '../../soak/loops.ts';
import { openSessionRig, type Guest, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
let eve: Guest;
let bob: Guest;
beforeEach(async () => {
  rig = await openSessionRig();
  bob = await rig.join('Bob', { from: 'all' });
  eve = await rig.join('Eve', { from: 'all' });
});
afterEach(() => rig.close());

function faults(): string[] {
  return rig.events.flatMap((event) => (event.event === 'fault' ? [event.fault] : []));
}

async function expectBobUntouched(): Promise<void> {
  await rig.done('echo still-$((6*7))');
  await bob.shows('still-42');
  expect(bob.links()).toBe(1);
}

/** Her link was closed; her client, which is honest again, comes back by its key. */
async function expectEveThrownOut(links: number): Promise<void> {
  await rig.until('Eve to be thrown out', () => eve.links() > links);
  await rig.until('Eve to be back', () => eve.viewer.state().connection.phase === 'live');
}

/** Every id there is in what a viewer says, written in another way than its bytes are. */
function oddIds(): [string, Uint8Array][] {
  const odd = { 8: `${'A'.repeat(10)}B`, 16: `${'A'.repeat(21)}B`, 32: `${'A'.repeat(42)}B` };
  const device = idOf(DeviceId, new Uint8Array(8));
  const signed = {
    session: idOf(SessionId, new Uint8Array(16)),
    author: idOf(PublicKey, new Uint8Array(32)),
    device,
    n: 1,
    body: encodeAction({ type: 'terminal.restart' }),
    signature: new Uint8Array(64),
  };
  const said = [
    { type: 'knock', name: 'Eve', hue: 1, device: odd[8] },
    { type: 'back', device: odd[8], have: [] },
    { type: 'back', device, have: [{ id: odd[16], heads: [] }] },
    { type: 'want', ids: [odd[16]] },
    { type: 'snapshot', id: odd[16] },
    { type: 'action', signed: { ...signed, session: odd[16] } },
    { type: 'action', signed: { ...signed, author: odd[32] } },
    { type: 'action', signed: { ...signed, device: odd[8] } },
  ];
  return said.map((message, at) => [`odd id ${at} in a ${message.type}`, encodeCbor(message)]);
}

test('[MS5] an action on the lane that is sealed least is none', async () => {
  const links = eve.links();
  eve.sayBytes('screen', encodeMessage({ type: 'redraw' }));
  await expectEveThrownOut(links);
  expect(faults()).toContain('message.malformed');
  await expectBobUntouched();
});

test.each<[string, Uint8Array]>([
  ['an empty message', new Uint8Array(0)],
  ['no CBOR', new Uint8Array(2000).fill(0xff)],
  ['CBOR that ends early', new Uint8Array([0xbf, 0x64, 0x74, 0x79])],
  ['a map a thousand deep', new Uint8Array(1000).fill(0xa1)],
  ['a type nobody knows', encodeCbor({ type: 'rm', everything: true })],
  ['a field of the wrong kind', encodeCbor({ type: 'want', ids: [7] })],
  ['what only a sharer says', encodeCbor({ type: 'ended', fault: 'share.ended' })],
  [
    'more ids than one may ask for',
    encodeCbor({ type: 'want', ids: Array.from({ length: 201 }, () => 'A'.repeat(22)) }),
  ],
  ...oddIds(),
])('[AC1] [ID6] %s on her link: closed, told, and Bob looks on', async (_, bytes) => {
  const links = eve.links();
  eve.sayBytes('control', bytes);
  await expectEveThrownOut(links);
  expect(faults()).toContain('message.malformed');
  await expectBobUntouched();
});

test.each<[string, Uint8Array]>([
  ['noise', nodeEntropy(900)],
  ['a piece too large', nodeEntropy(20_000)],
  ['nothing', new Uint8Array(0)],
])('[LK8] %s on the wire under her link ends it', async (_, bytes) => {
  const links = eve.links();
  eve.wireBytes(bytes);
  await expectEveThrownOut(links);
  await expectBobUntouched();
});

test('[AC1] a second knock, or coming back twice on one link, breaks the protocol', async () => {
  const links = eve.links();
  eve.say({ type: 'knock', name: 'Alice', hue: 1, device: idOf(DeviceId, nodeEntropy(8)) });
  await rig.until(
    'her end',
    () => eve.viewer.state().connection.phase === 'over' || eve.links() > links,
  );
  await expectBobUntouched();
});

test('[AC1] an action in another’s name ends her link', async () => {
  const other = newIdentity(nodeEntropy);
  const device = idOf(DeviceId, nodeEntropy(8));
  const action = { type: 'command.run' as const, text: 'echo stolen' };
  const signed = await signAction(
    { session: rig.session.id, device, n: 1, action },
    nodeSigner(other.seed),
  );
  eve.say({ type: 'action', signed });
  await rig.until('her end', () => eve.viewer.state().connection.phase === 'over');
  await expectBobUntouched();
  expect(rig.owner.viewer.state().blocks.map((block) => block.command)).not.toContain(
    'echo stolen',
  );
});

test('[SF5] ten thousand wishes for a screen get a few, and slow nobody', async () => {
  const screens = eve.tap.screens();
  const begun = performance.now();
  for (let i = 0; i < loops(10_000, 500_000); i++) {
    eve.say({ type: 'redraw' });
    // As fast as a link takes them.
    if (i % 100 === 0) await new Promise((next) => setImmediate(next));
  }
  await expectBobUntouched();
  // One in 50 ms, and at most thirty a second that were due without her.
  const due = (performance.now() - begun) / 20;
  expect(eve.tap.screens() - screens).toBeLessThan(100 + due);
});
