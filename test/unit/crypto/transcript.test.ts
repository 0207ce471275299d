// What the hash of an opening covers, and what a root is made of.
import { describe, expect, test } from 'vitest';
import { newAgreementKey } from '../../../src/crypto/agreement.ts';
import { open } from '../../../src/crypto/seal.ts';
import {
  keyFor,
  nextRoot,
  openingHash,
  openingRoot,
  provenHash,
  sharerStatement,
  viewerStatement,
  type HelloBy,
} from '../../../src/crypto/transcript.ts';
import { idOf, InviteId, Nameplate } from '../../../src/protocol/ids.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import {
  alice,
  bob,
  DOORS,
  entropyOf,
  first,
  Host,
  mallory,
  nameplate,
  secret,
  session,
  Visitor,
} from './people.ts';
import * as v from 'valibot';

const bytes = (name: string) => entropyOf(name)(32);

describe('[HS2] two openings that differ anywhere have different hashes', () => {
  const by: HelloBy = { door: 'code', nameplate, share: bytes('Ya') };
  const hello = { by, ephemeral: bytes('viewer') };
  const reply = { ephemeral: bytes('sharer'), share: bytes('Yb') };
  const hash = openingHash(session, hello, reply);
  const another = v.parse(Nameplate, '4272');
  test.each([
    ['the session', openingHash(sessionIdOf(bob.publicBytes), hello, reply)],
    ['the nameplate', openingHash(session, { ...hello, by: { ...by, nameplate: another } }, reply)],
    ['Ya', openingHash(session, { ...hello, by: { ...by, share: bytes('other') } }, reply)],
    ['Yb', openingHash(session, hello, { ...reply, share: bytes('other') })],
    ['no Yb', openingHash(session, hello, { ephemeral: reply.ephemeral })],
    ['the viewer’s ephemeral', openingHash(session, { ...hello, ephemeral: bytes('x') }, reply)],
    ['the sharer’s ephemeral', openingHash(session, hello, { ...reply, ephemeral: bytes('x') })],
    ['the door', openingHash(session, { ...hello, by: { door: 'app' } }, reply)],
  ])('%s', (_, other) => {
    expect(other).not.toEqual(hash);
  });

  test('the invite', () => {
    const [one, two] = ['one', 'two'].map((name) => {
      const invite = idOf(InviteId, entropyOf(name)(8));
      return openingHash(session, { ...hello, by: { door: 'link', invite } }, reply);
    });
    expect(one).not.toEqual(two);
  });
});

test('[HS3] a root depends on the secret, the ephemerals and the opening', () => {
  const root = openingRoot(bytes('opening'), secret, bytes('shared'));
  expect(openingRoot(bytes('opening'), bytes('x').subarray(0, 16), bytes('shared'))).not.toEqual(
    root,
  );
  expect(openingRoot(bytes('opening'), secret, bytes('x'))).not.toEqual(root);
  expect(openingRoot(bytes('x'), secret, bytes('shared'))).not.toEqual(root);
  expect(nextRoot(root, bytes('h'))).not.toEqual(nextRoot(root, bytes('x')));
  expect(nextRoot(root, bytes('h'))).not.toEqual(nextRoot(bytes('x'), bytes('h')));
  expect(keyFor(root, 'confirm')).not.toEqual(keyFor(root, 'welcome'));
});

test('[HS3] Mallory wrote it all down and finds the link later: it opens nothing', () => {
  const visitor = new Visitor(DOORS.link);
  const reply = first(new Host().hear(visitor.hello));
  const confirm = first(visitor.hear(reply));
  const { hello } = visitor;
  if (hello.type !== 'hello' || reply.type !== 'reply' || confirm.type !== 'confirm') {
    throw new Error('out of turn');
  }
  const opening = openingHash(session, hello, reply);
  const guesses = [
    new Uint8Array(0),
    new Uint8Array(32),
    hello.ephemeral,
    reply.ephemeral,
    newAgreementKey(entropyOf('mallory')).secretKey,
  ];
  for (const shared of guesses) {
    const key = keyFor(openingRoot(opening, secret, shared), 'confirm');
    expect(open(key, 0, confirm.box).ok).toBe(false);
  }
});

test('[HS7] a welcome is for one viewer, one redial key, one opening, and no confirmation', () => {
  const [opening, key] = [bytes('opening'), bytes('redial')];
  const statement = sharerStatement(opening, bob.publicBytes, key);
  expect(sharerStatement(opening, mallory.publicBytes, key)).not.toEqual(statement);
  expect(sharerStatement(opening, bob.publicBytes, bytes('x'))).not.toEqual(statement);
  expect(sharerStatement(bytes('x'), bob.publicBytes, key)).not.toEqual(statement);
  expect(viewerStatement(opening)).not.toEqual(viewerStatement(bytes('x')));
});

test('[HS9] what is proven depends on both identities and the redial key', () => {
  const hash = provenHash(bytes('o'), bob.publicKey, alice.publicKey, bytes('redial'));
  const others = [
    provenHash(bytes('x'), bob.publicKey, alice.publicKey, bytes('redial')),
    provenHash(bytes('o'), mallory.publicKey, alice.publicKey, bytes('redial')),
    provenHash(bytes('o'), bob.publicKey, mallory.publicKey, bytes('redial')),
    provenHash(bytes('o'), bob.publicKey, alice.publicKey, bytes('x')),
    provenHash(bytes('o'), alice.publicKey, bob.publicKey, bytes('redial')),
  ];
  for (const other of others) expect(other).not.toEqual(hash);
});
