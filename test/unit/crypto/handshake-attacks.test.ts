// Mallory at the handshake: out of turn, with the wrong secret, with others' messages, in between.
import { describe, expect, test } from 'vitest';
import { concat } from '../../../src/protocol/bytes.ts';
import type { HandshakeMessage } from '../../../src/protocol/handshake.ts';
import { idOf, InviteId } from '../../../src/protocol/ids.ts';
import { ok } from '../../../src/protocol/result.ts';
import { agree, newAgreementKey } from '../../../src/crypto/agreement.ts';
import { cpaceKey, cpaceStart } from '../../../src/crypto/cpace.ts';
import { sign } from '../../../src/crypto/ed25519.ts';
import { open, seal } from '../../../src/crypto/seal.ts';
import {
  cpaceContext,
  keyFor,
  openingHash,
  openingRoot,
  sharerStatement,
  viewerStatement,
  type Hello,
  type Reply,
} from '../../../src/crypto/transcript.ts';
import {
  alice,
  aliceSecrets,
  bob,
  DOORS,
  entropyOf,
  faultOf,
  first,
  Host,
  mallory,
  nameplate,
  redial,
  secret,
  session,
  untilJudging,
  Visitor,
  words,
} from './people.ts';

const BOX = new Uint8Array(112);
const CONFIRM: HandshakeMessage = { type: 'confirm', box: BOX };
const REPLY: HandshakeMessage = { type: 'reply', ephemeral: new Uint8Array(32).fill(9) };
const WELCOME: HandshakeMessage = { type: 'welcome', box: new Uint8Array(144) };
const SEALED: HandshakeMessage = { type: 'sealed', box: BOX };
const REFUSED: HandshakeMessage = { type: 'refused', fault: 'join.busy' };

function helloOf(visitor: Visitor): Hello {
  const { hello } = visitor;
  if (hello.type !== 'hello') throw new Error('no hello');
  return hello;
}

function replyOf(message: HandshakeMessage): Reply {
  if (message.type !== 'reply') throw new Error('no reply');
  return message;
}

/** The keys of an exchange in which Mallory is one end and knows the link's secret. */
function linkRoot(hello: Hello, reply: Reply, ephemeralSecret: Uint8Array, theirs: Uint8Array) {
  const opening = openingHash(session, hello, reply);
  const shared = agree(ephemeralSecret, theirs);
  if (!shared.ok) throw new Error('no agreement');
  return { opening, root: openingRoot(opening, secret, shared.value) };
}

describe('[HS8] out of turn: it fails, and not a byte made from a secret is said', () => {
  test.each([CONFIRM, REPLY, WELCOME, SEALED, REFUSED])('$type before hello', (message) => {
    const host = new Host();
    expect(host.hear(message)).toEqual([{ type: 'refused', fault: 'invite.unavailable' }]);
    expect(faultOf(host.state)).toBe('link.protocol');
    expect(host.deeds).toEqual([]);
  });

  test.each([REPLY, WELCOME, SEALED, REFUSED])('$type instead of confirm', (message) => {
    const host = new Host();
    host.hear(new Visitor(DOORS.code).hello);
    expect(host.hear(message)).toEqual([{ type: 'refused', fault: 'invite.unavailable' }]);
    expect(faultOf(host.state)).toBe('link.protocol');
    expect(host.deeds).toEqual(['tryTaken', 'wrong']);
  });

  test('a second hello does not begin again under the same try', () => {
    const host = new Host();
    const { hello } = new Visitor(DOORS.code);
    host.hear(hello);
    host.hear(hello);
    expect(faultOf(host.state)).toBe('link.protocol');
    expect(host.said.filter((m) => m.type === 'reply')).toHaveLength(1);
    expect(host.deeds).toEqual(['tryTaken', 'wrong']);
  });

  test('anything while Alice has not decided', () => {
    for (const message of [CONFIRM, SEALED, new Visitor(DOORS.link).hello]) {
      const host = new Host();
      untilJudging(new Visitor(DOORS.link), host);
      expect(host.hear(message)).toEqual([{ type: 'refused', fault: 'invite.unavailable' }]);
      expect(faultOf(host.state)).toBe('link.protocol');
      expect(host.feed({ on: 'accept' })).toEqual([]);
    }
  });

  test('an accept before the confirmation says nothing', () => {
    const host = new Host();
    expect(host.feed({ on: 'accept' })).toEqual([]);
    host.hear(new Visitor(DOORS.link).hello);
    expect(host.feed({ on: 'accept' })).toEqual([]);
    expect(host.feed({ on: 'refuse', fault: 'invite.used' })).toEqual([]);
    expect(host.state.phase).toBe('replied');
  });

  test.each([CONFIRM, WELCOME, SEALED])('to Bob, $type before reply', (message) => {
    const visitor = new Visitor(DOORS.link);
    expect(visitor.hear(message)).toEqual([]);
    expect(faultOf(visitor.state)).toBe('link.protocol');
  });

  test('to Bob, a second reply instead of welcome', () => {
    const visitor = new Visitor(DOORS.link);
    const reply = first(new Host().hear(visitor.hello));
    visitor.hear(reply);
    expect(visitor.hear(reply)).toEqual([]);
    expect(faultOf(visitor.state)).toBe('link.protocol');
  });

  test('when it is over, nothing changes it any more', () => {
    const visitor = new Visitor(DOORS.link);
    const host = new Host();
    untilJudging(visitor, host);
    const welcome = first(host.feed({ on: 'accept' }));
    visitor.hear(welcome);
    const atBob = visitor.state;
    const atAlice = host.state;
    for (const message of [welcome, REFUSED, SEALED, CONFIRM, visitor.hello]) {
      expect(visitor.hear(message)).toEqual([]);
      expect(host.hear(message)).toEqual([]);
    }
    expect(visitor.state).toBe(atBob);
    expect(host.state).toBe(atAlice);
  });
});

describe('[HS5] shares and ephemerals that are no keys', () => {
  test('a Ya that is no group element costs Alice nothing and Mallory the exchange', () => {
    for (const share of [new Uint8Array(32), new Uint8Array(32).fill(0xff)]) {
      const host = new Host();
      const hello = helloOf(new Visitor(DOORS.code));
      const said = host.hear({ ...hello, by: { door: 'code', nameplate, share } });
      expect(said).toEqual([{ type: 'refused', fault: 'invite.unavailable' }]);
      expect(host.deeds).toEqual([]);
    }
  });

  test('a Yb that is no group element ends it at Bob, who confirms nothing', () => {
    for (const share of [new Uint8Array(32), new Uint8Array(32).fill(0xff)]) {
      const visitor = new Visitor(DOORS.code);
      const reply = replyOf(first(new Host().hear(visitor.hello)));
      expect(visitor.hear({ ...reply, share })).toEqual([]);
      expect(faultOf(visitor.state)).toBe('link.protocol');
    }
  });

  test('a share where none belongs, and none where one does', () => {
    const byLink = new Visitor(DOORS.link);
    const reply = replyOf(first(new Host().hear(byLink.hello)));
    expect(byLink.hear({ ...reply, share: new Uint8Array(32).fill(1) })).toEqual([]);
    expect(faultOf(byLink.state)).toBe('link.protocol');
    const byCode = new Visitor(DOORS.code);
    expect(byCode.hear(REPLY)).toEqual([]);
    expect(faultOf(byCode.state)).toBe('link.protocol');
  });

  test('[HS4] an ephemeral of small order is refused by both', () => {
    const zero = new Uint8Array(32);
    const host = new Host();
    host.hear({ ...helloOf(new Visitor(DOORS.link)), ephemeral: zero });
    expect(faultOf(host.state)).toBe('link.protocol');
    const visitor = new Visitor(DOORS.link);
    expect(visitor.hear({ type: 'reply', ephemeral: zero })).toEqual([]);
    expect(faultOf(visitor.state)).toBe('link.protocol');
  });
});

describe('[HS2] Mallory carries messages from where they were said to where they were not', () => {
  test.each(Object.values(DOORS))(
    'Bob’s confirmation by the $door, in another exchange',
    (door) => {
      const visitor = new Visitor(door);
      const host = new Host();
      untilJudging(visitor, host);
      const confirm = visitor.said.at(-1);
      if (confirm === undefined) throw new Error('nothing said');
      const again = new Host(aliceSecrets(), entropyOf('alice answers again'));
      again.hear(visitor.hello);
      again.hear(confirm);
      expect(again.deeds).toContain('wrong');
      expect(again.deeds).not.toContain('proven');
      expect(again.deeds).not.toContain('tryReturned');
      expect(again.said.map((m) => m.type)).toEqual(['reply', 'refused']);
    },
  );

  test('Alice’s welcome of yesterday, to Bob today', () => {
    const yesterday = new Visitor(DOORS.link);
    const host = new Host();
    untilJudging(yesterday, host);
    const welcome = first(host.feed({ on: 'accept' }));
    const today = new Visitor(DOORS.link, bob, entropyOf('bob today'));
    today.hear(first(new Host().hear(today.hello)));
    today.hear(welcome);
    expect(faultOf(today.state)).toBe('sharer.unproven');
  });

  test('Bob’s own confirmation, reflected as the welcome', () => {
    const visitor = new Visitor(DOORS.link);
    const confirm = first(visitor.hear(first(new Host().hear(visitor.hello))));
    if (confirm.type !== 'confirm') throw new Error('no confirm');
    visitor.hear({ type: 'welcome', box: confirm.box });
    expect(faultOf(visitor.state)).toBe('sharer.unproven');
  });

  test('Bob’s own hello, reflected as the reply, proves nothing', () => {
    for (const door of Object.values(DOORS)) {
      const visitor = new Visitor(door);
      const hello = helloOf(visitor);
      const share = hello.by.door === 'code' ? { share: hello.by.share } : {};
      const confirm = first(visitor.hear({ type: 'reply', ephemeral: hello.ephemeral, ...share }));
      if (confirm.type !== 'confirm') throw new Error('no confirm');
      visitor.hear({ type: 'welcome', box: confirm.box });
      expect(faultOf(visitor.state)).toBe('sharer.unproven');
    }
  });

  test('an ephemeral of her own in the hello or the reply: both sides notice', () => {
    for (const door of Object.values(DOORS)) {
      const hers = newAgreementKey(entropyOf('mallory between')).publicKey;
      const visitor = new Visitor(door);
      const host = new Host();
      const reply = first(host.hear({ ...helloOf(visitor), ephemeral: hers }));
      const confirm = first(visitor.hear({ ...replyOf(reply), ephemeral: hers }));
      host.hear(confirm);
      expect(host.deeds).toContain('wrong');
      expect(host.deeds).not.toContain('proven');
    }
  });

  test('another invite’s name in the hello, though both had the same secret', () => {
    const other = idOf(InviteId, entropyOf('another invite')(8));
    const visitor = new Visitor(DOORS.link);
    const host = new Host(aliceSecrets({ link: () => secret }));
    const reply = first(host.hear({ ...helloOf(visitor), by: { door: 'link', invite: other } }));
    for (const confirm of visitor.hear(reply)) host.hear(confirm);
    expect(host.deeds).toEqual(['wrong']);
  });
});

describe('[HS7] Mallory holds the invite itself', () => {
  test('she cannot be Alice to Bob: a stolen link does not make a sharer', () => {
    const visitor = new Visitor(DOORS.link);
    const hello = helloOf(visitor);
    const ephemeral = newAgreementKey(entropyOf('mallory as alice'));
    const reply: Reply = { type: 'reply', ephemeral: ephemeral.publicKey };
    visitor.hear(reply);
    const { opening, root } = linkRoot(hello, reply, ephemeral.secretKey, hello.ephemeral);
    const statement = sharerStatement(opening, bob.publicBytes, redial.publicKey);
    const attempts = [
      // her own key, honestly signed; Alice's key with her signature; Alice's, unsigned
      concat(mallory.publicBytes, redial.publicKey, sign(mallory.seed, statement)),
      concat(alice.publicBytes, redial.publicKey, sign(mallory.seed, statement)),
      concat(alice.publicBytes, redial.publicKey, new Uint8Array(64)),
      concat(alice.publicBytes, redial.publicKey),
    ];
    for (const plain of attempts) {
      const victim = new Visitor(DOORS.link);
      victim.hear(reply);
      victim.hear({ type: 'welcome', box: seal(keyFor(root, 'welcome'), 0, plain) });
      expect(faultOf(victim.state)).toBe('sharer.unproven');
    }
  });

  test('the same welcome with Alice’s signature is accepted: the test above tests the signature', () => {
    const visitor = new Visitor(DOORS.link);
    const ephemeral = newAgreementKey(entropyOf('mallory as alice'));
    const reply: Reply = { type: 'reply', ephemeral: ephemeral.publicKey };
    visitor.hear(reply);
    const hello = helloOf(visitor);
    const { opening, root } = linkRoot(hello, reply, ephemeral.secretKey, hello.ephemeral);
    const statement = sharerStatement(opening, bob.publicBytes, redial.publicKey);
    const plain = concat(alice.publicBytes, redial.publicKey, sign(alice.seed, statement));
    visitor.hear({ type: 'welcome', box: seal(keyFor(root, 'welcome'), 0, plain) });
    expect(visitor.state.phase).toBe('proven');
  });

  test('she cannot be Bob to Alice, nor pass his signature on', () => {
    const atBob = new Visitor(DOORS.link);
    const between = newAgreementKey(entropyOf('mallory between'));
    const toBob: Reply = { type: 'reply', ephemeral: between.publicKey };
    atBob.hear(toBob);
    // Bob has signed his exchange with her; she shows that signature to Alice in her own.
    const bobsOpening = openingHash(session, helloOf(atBob), toBob);
    const bobsSignature = sign(bob.seed, viewerStatement(bobsOpening));
    const ephemeral = newAgreementKey(entropyOf('mallory as bob'));
    const hello: Hello = {
      type: 'hello',
      version: 1,
      by: { door: 'link', invite: DOORS.link.invite },
      ephemeral: ephemeral.publicKey,
    };
    const host = new Host();
    const reply = replyOf(first(host.hear(hello)));
    const { opening, root } = linkRoot(hello, reply, ephemeral.secretKey, reply.ephemeral);
    for (const signature of [
      bobsSignature,
      sign(mallory.seed, viewerStatement(opening)),
      // in the sharer's role: the tags keep the roles apart
      sign(bob.seed, sharerStatement(opening, bob.publicBytes, redial.publicKey)),
    ]) {
      const fresh = new Host();
      fresh.hear(hello);
      const plain = concat(bob.publicBytes, signature);
      fresh.hear({ type: 'confirm', box: seal(keyFor(root, 'confirm'), 0, plain) });
      expect(fresh.deeds).toEqual(['wrong']);
      expect(fresh.said.at(-1)).toEqual({ type: 'refused', fault: 'invite.unavailable' });
    }
  });

  test('a key of small order signs nothing: nobody can be everybody', () => {
    const ephemeral = newAgreementKey(entropyOf('mallory as bob'));
    const hello: Hello = {
      type: 'hello',
      version: 1,
      by: { door: 'link', invite: DOORS.link.invite },
      ephemeral: ephemeral.publicKey,
    };
    const host = new Host();
    const reply = replyOf(first(host.hear(hello)));
    const { root } = linkRoot(hello, reply, ephemeral.secretKey, reply.ephemeral);
    // The identity as key and R, S = 0: lenient verifiers accept it for every message.
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const plain = concat(identity, identity, new Uint8Array(32));
    host.hear({ type: 'confirm', box: seal(keyFor(root, 'confirm'), 0, plain) });
    expect(host.deeds).toEqual(['wrong']);
  });
});

describe('[HS11] Mallory guesses words', () => {
  test('as a visitor she gets nothing to check a guess with before hers is judged', () => {
    const host = new Host();
    const said = host.hear(new Visitor(DOORS.code).hello);
    // Only the ephemeral and Yb: both look the same whatever the words are.
    expect(said.map((m) => Object.keys(m).sort())).toEqual([['ephemeral', 'share', 'type']]);
    const other = new Host(aliceSecrets({ code: () => ok('zebra-zoo') }));
    const elsewhere = other.hear(new Visitor(DOORS.code).hello);
    expect(elsewhere.map((m) => m.type)).toEqual(['reply']);
  });

  test('as the sharer she has one guess a meeting; a wrong one does not even read who came', () => {
    const meeting = (guess: string) => {
      const visitor = new Visitor(DOORS.code);
      const hello = helloOf(visitor);
      if (hello.by.door !== 'code') throw new Error('not by the code');
      const { share } = hello.by;
      const ephemeral = newAgreementKey(entropyOf('mallory as alice'));
      const context = cpaceContext(session, nameplate, guess, hello.ephemeral);
      const own = cpaceStart(context, entropyOf('mallory guesses'));
      const reply: Reply = { type: 'reply', ephemeral: ephemeral.publicKey, share: own.share };
      const confirm = first(visitor.hear(reply));
      if (confirm.type !== 'confirm') throw new Error('no confirm');
      /** Whether the confirmation opens under the key of `tried`, with what she has. */
      return (tried: string) => {
        const isk = cpaceKey(
          cpaceContext(session, nameplate, tried, hello.ephemeral),
          own,
          share,
          { share, ad: hello.ephemeral },
          { share: own.share, ad: ephemeral.publicKey },
        );
        const shared = agree(ephemeral.secretKey, hello.ephemeral);
        if (!isk.ok || !shared.ok) throw new Error('no key');
        const root = openingRoot(openingHash(session, hello, reply), isk.value, shared.value);
        return open(keyFor(root, 'confirm'), 0, confirm.box).ok;
      };
    };
    const wrong = meeting('zebra-zoo');
    // Neither her guess opens it, nor, afterwards, the right words: there is nothing to search.
    expect(wrong('zebra-zoo')).toBe(false);
    expect(wrong(words)).toBe(false);
    expect(meeting(words)(words)).toBe(true);
  });
});

test('[HS8] a refusal by one who does not hold the secret is not believed', () => {
  const visitor = new Visitor(DOORS.link);
  visitor.hear(first(new Host().hear(visitor.hello)));
  visitor.hear({ type: 'sealed', box: BOX });
  expect(faultOf(visitor.state)).toBe('sharer.unproven');
});
