// Grants and actions: what a signature covers, and what is refused.
import { describe, expect, test } from 'vitest';
import {
  signAction,
  statementOf,
  verifyAction,
  verifyStatement,
} from '../../../src/crypto/action.ts';
import { nobleSigner, nobleVerifier, sign, verify } from '../../../src/crypto/ed25519.ts';
import { openGrant, signGrant } from '../../../src/crypto/grant.ts';
import { identityOf, newIdentity, sessionIdOf } from '../../../src/crypto/identity.ts';
import { roomProof } from '../../../src/crypto/room.ts';
import { TAGS, tagged } from '../../../src/crypto/tags.ts';
import { encodeAction, type Action } from '../../../src/protocol/action.ts';
import { fromText, utf8 } from '../../../src/protocol/bytes.ts';
import { lasting, PRESETS } from '../../../src/protocol/capability.ts';
import { encodeCbor } from '../../../src/protocol/codec.ts';
import type { Grant } from '../../../src/protocol/grant.ts';
import { DeviceId, idOf, InviteId, KnockId } from '../../../src/protocol/ids.ts';
import { err, ok } from '../../../src/protocol/result.ts';
import { alice, bob, entropyOf, mallory, session } from './people.ts';

const grant: Grant = {
  session,
  number: 3,
  to: bob.publicKey,
  start: 7,
  capabilities: lasting(PRESETS.editor, 1_700_000_000_000),
  at: 1_690_000_000_000,
};
const device = idOf(DeviceId, entropyOf('device')(8));

test('[ID1] a session is named by the hash of its key', () => {
  expect(session).toHaveLength(22);
  expect(sessionIdOf(alice.publicBytes)).toBe(session);
  expect(sessionIdOf(bob.publicBytes)).not.toBe(session);
  expect(fromText(alice.publicKey)).toEqual(ok(alice.publicBytes));
  expect(identityOf(alice.seed)).toEqual(alice);
  expect(newIdentity(entropyOf('alice'))).toEqual(alice);
  expect(() => identityOf(new Uint8Array(31))).toThrow('32 bytes');
});

test('[ID2] no tag begins another, and each ends with a 0 byte', () => {
  const tags = Object.values(TAGS);
  expect(new Set(tags).size).toBe(tags.length);
  for (const tag of tags) expect(tagged(tag, Uint8Array.of(1)).at(-2)).toBe(0);
  expect(tagged(TAGS.room, utf8('x'))).toEqual(utf8('meshell/room/1\u0000x'));
  expect(roomProof('nonce')).toEqual(utf8('meshell/room/1\u0000nonce'));
});

describe('[GR1] Alice grants, Bob and everyone can check it', () => {
  test('the grant comes back as it was signed', async () => {
    const signed = await signGrant(grant, nobleSigner(alice.seed));
    expect(await openGrant(signed, alice.publicBytes, nobleVerifier)).toEqual(ok(grant));
  });

  test('[GR2] another’s signature, an altered grant, a signature over the bytes alone', async () => {
    const bad = err('frame.badSignature');
    const signed = await signGrant(grant, nobleSigner(mallory.seed));
    expect(await openGrant(signed, alice.publicBytes, nobleVerifier)).toEqual(bad);
    const good = await signGrant(grant, nobleSigner(alice.seed));
    const altered = encodeCbor({ ...grant, start: 0 });
    expect(await openGrant({ ...good, grant: altered }, alice.publicBytes, nobleVerifier)).toEqual(
      bad,
    );
    const untagged = { grant: good.grant, signature: sign(alice.seed, good.grant) };
    expect(await openGrant(untagged, alice.publicBytes, nobleVerifier)).toEqual(bad);
  });

  test('[GR3] a grant for another session, and signed bytes that are no grant', async () => {
    const elsewhere = { ...grant, session: sessionIdOf(bob.publicBytes) };
    const foreign = await signGrant(elsewhere, nobleSigner(alice.seed));
    const malformed = err('frame.malformed');
    expect(await openGrant(foreign, alice.publicBytes, nobleVerifier)).toEqual(malformed);
    for (const bytes of [encodeCbor({ ...grant, number: 0 }), Uint8Array.of(0xff)]) {
      const signature = sign(alice.seed, tagged(TAGS.grant, bytes));
      expect(
        await openGrant({ grant: bytes, signature }, alice.publicBytes, nobleVerifier),
      ).toEqual(malformed);
    }
  });
});

describe('[GR4] Bob acts, and it is his alone', () => {
  const knock = idOf(KnockId, entropyOf('knock')(8));
  const invite = 'AAAAAAAAAAA';
  const ACTIONS: readonly (readonly [Action, string])[] = [
    [{ type: 'command.run', text: 'make test' }, ''],
    [{ type: 'keys.type', keys: Uint8Array.of(3) }, ''],
    [{ type: 'command.cancel', id: 4 }, '4'],
    [{ type: 'knock.deny', knock }, knock],
    [{ type: 'knock.admit', knock, capabilities: { view: null } }, knock],
    [{ type: 'grant.set', to: bob.publicKey, capabilities: {} }, bob.publicKey],
    [{ type: 'request.deny', from: bob.publicKey }, bob.publicKey],
    [{ type: 'participant.remove', key: bob.publicKey }, bob.publicKey],
    [{ type: 'invite.close', invite: idOf(InviteId, new Uint8Array(8)) }, invite],
  ];

  test.each(ACTIONS)('%o', async (action, target) => {
    const signed = await signAction({ session, device, n: 1, action }, nobleSigner(bob.seed));
    expect(signed.author).toBe(bob.publicKey);
    expect(signed.body).toEqual(encodeAction(action));
    expect(await verifyAction(signed, nobleVerifier)).toBe(true);
    const statement = statementOf(signed, action);
    expect(statement.target).toBe(target);
    expect(await verifyStatement(statement, signed.signature, nobleVerifier)).toBe(true);
  });

  test('every field is covered', async () => {
    const action: Action = { type: 'command.run', text: 'make test' };
    const signed = await signAction({ session, device, n: 1, action }, nobleSigner(bob.seed));
    const changed = [
      { session: sessionIdOf(bob.publicBytes) },
      { author: mallory.publicKey },
      { device: idOf(DeviceId, new Uint8Array(8)) },
      { n: 2 },
      { body: encodeAction({ type: 'command.run', text: 'rm -rf /' }) },
      { signature: new Uint8Array(64) },
      { signature: sign(mallory.seed, signed.body) },
    ];
    for (const change of changed) {
      expect(await verifyAction({ ...signed, ...change }, nobleVerifier)).toBe(false);
    }
    const statement = statementOf(signed, action);
    for (const change of [{ type: 'keys.type' as const }, { target: 'x' }]) {
      const other = { ...statement, ...change };
      expect(await verifyStatement(other, signed.signature, nobleVerifier)).toBe(false);
    }
  });

  test('[GR5] a body that is no action is nobody’s', async () => {
    const action: Action = { type: 'access.withdraw' };
    const signed = await signAction({ session, device, n: 1, action }, nobleSigner(bob.seed));
    const body = encodeCbor({ type: 'no.such' });
    expect(await verifyAction({ ...signed, body }, () => Promise.resolve(true))).toBe(false);
  });
});

test('[ID2] a signature for one purpose is none for another', () => {
  const message = encodeCbor('anything');
  const signature = sign(alice.seed, tagged(TAGS.grant, message));
  for (const tag of Object.values(TAGS)) {
    expect(verify(alice.publicBytes, tagged(tag, message), signature)).toBe(tag === TAGS.grant);
  }
});
