// Everything that takes a stranger's bytes or texts: it answers, never throws, and lets nobody in.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifyAction } from '../../../src/crypto/action.ts';
import { nobleVerifier, verify } from '../../../src/crypto/ed25519.ts';
import { openGrant } from '../../../src/crypto/grant.ts';
import { decodeInviteBook } from '../../../src/crypto/invite-book-record.ts';
import { parseInvite } from '../../../src/crypto/invite.ts';
import { openNegotiation } from '../../../src/crypto/handshake.ts';
import { openOpener } from '../../../src/crypto/seal.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import {
  decodeHandshake,
  decodeNegotiation,
  encodeHandshake,
  type HandshakeMessage,
} from '../../../src/protocol/handshake.ts';
import { encodeAction } from '../../../src/protocol/action.ts';
import { encodeCbor } from '../../../src/protocol/codec.ts';
import { decodeToSharer } from '../../../src/protocol/message.ts';
import { DeviceId, idOf, InviteId, SessionId } from '../../../src/protocol/ids.ts';
import {
  alice,
  bob,
  DOORS,
  first,
  Host,
  meet,
  nameplate,
  Visitor,
} from '../../unit/crypto/people.ts';
import { loops } from '../../soak/loops.ts';

const some = (max: number) => fc.uint8Array({ maxLength: max });
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

const by = fc.oneof(
  exactly(8).map((b) => ({ door: 'link' as const, invite: idOf(InviteId, b) })),
  fc.constant({ door: 'link' as const, invite: DOORS.link.invite }),
  exactly(32).map((share) => ({ door: 'code' as const, nameplate, share })),
  fc.constant({ door: 'app' as const }),
  exactly(16).map((b) => ({ door: 'redial' as const, session: idOf(SessionId, b) })),
);
const message: fc.Arbitrary<HandshakeMessage> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.constantFrom(1, 1, 1, 0, 2),
    by,
    ephemeral: exactly(32),
  }),
  fc.record({ type: fc.constant('reply' as const), ephemeral: exactly(32) }),
  fc.record({ type: fc.constant('reply' as const), ephemeral: exactly(32), share: exactly(32) }),
  fc.record({
    type: fc.constantFrom('confirm' as const, 'welcome' as const, 'sealed' as const),
    box: some(200),
  }),
  fc.record({
    type: fc.constant('refused' as const),
    fault: fc.constantFrom('invite.unavailable' as const, 'join.busy' as const),
  }),
);

describe('[HS8] strangers who say anything at all', () => {
  test('to Alice: she never proves them, and gives back no try', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), (messages) => {
        const host = new Host();
        for (const m of messages) host.hear(m);
        for (const decision of ['accept', 'lost'] as const) host.feed({ on: decision });
        expect(host.deeds).not.toContain('proven');
        expect(host.deeds).not.toContain('tryReturned');
        expect(host.said.map((m) => m.type)).not.toContain('welcome');
        expect(host.said.filter((m) => m.type === 'reply').length).toBeLessThanOrEqual(1);
        expect(host.said.filter((m) => m.type === 'refused').length).toBeLessThanOrEqual(1);
        const taken = host.deeds.filter((d) => d === 'tryTaken').length;
        expect(host.deeds.filter((d) => d === 'wrong').length).toBeGreaterThanOrEqual(taken);
      }),
      { numRuns: loops(150, 7500) },
    );
  });

  test('to Bob: he believes nobody', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(DOORS)),
        fc.array(message, { maxLength: 5 }),
        (door, messages) => {
          const visitor = new Visitor(door);
          for (const m of messages) visitor.hear(m);
          expect(visitor.state.phase).not.toBe('proven');
          expect(visitor.said.length).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: loops(150, 7500) },
    );
  });

  test('a bit flipped anywhere in Bob’s confirmation or Alice’s welcome is noticed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(DOORS.link, DOORS.code),
        fc.nat(),
        fc.nat(7),
        fc.boolean(),
        (door, at, bit, atConfirm) => {
          const flip = (m: HandshakeMessage): HandshakeMessage => {
            if (m.type !== 'confirm' && m.type !== 'welcome') throw new Error('no box');
            const where = at % m.box.length;
            return { ...m, box: m.box.map((b, i) => (i === where ? b ^ (1 << bit) : b)) };
          };
          const visitor = new Visitor(door);
          const host = new Host();
          const confirm = first(visitor.hear(first(host.hear(visitor.hello))));
          host.hear(atConfirm ? flip(confirm) : confirm);
          expect(host.state.phase).toBe(atConfirm ? 'failed' : 'judging');
          if (atConfirm) return;
          visitor.hear(flip(first(host.feed({ on: 'accept' }))));
          expect(visitor.state).toEqual({ phase: 'failed', fault: 'sharer.unproven' });
        },
      ),
      { numRuns: loops(40, 2000) },
    );
  });
});

test('[HS1] bytes become a handshake message or a fault', () => {
  const { hello } = new Visitor(DOORS.code);
  const whole = encodeHandshake(hello);
  fc.assert(
    fc.property(some(300), (bytes) => {
      expect(typeof decodeHandshake(bytes).ok).toBe('boolean');
      expect(typeof decodeNegotiation(bytes).ok).toBe('boolean');
    }),
  );
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const decoded = decodeHandshake(whole.map((b, i) => (i === at ? value : b)));
      if (decoded.ok)
        expect(encodeHandshake(decoded.value).length).toBeLessThanOrEqual(whole.length);
    }),
  );
  expect(decodeHandshake(new Uint8Array(32 * 1024 + 1)).ok).toBe(false);
});

test('[HS9] a box that Alice did not seal is no negotiation', () => {
  const { viewer } = meet(DOORS.link);
  fc.assert(
    fc.property(some(300), (box) => {
      expect(openNegotiation(viewer, { type: 'sealed', box }).ok).toBe(false);
    }),
  );
});

test('[SE2] a box that was not sealed does not open', () => {
  fc.assert(
    fc.property(exactly(32), some(100), (key, box) => {
      expect(openOpener(key)(box).ok).toBe(false);
    }),
  );
});

test('[IV1] [IV2] any text is an invite or is not', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 600 })), (text) => {
      const parsed = parseInvite(text);
      if (!parsed.ok) expect(parsed.fault).toBe('invite.malformed');
    }),
    { numRuns: loops(2000, 100_000) },
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[\dm1#@:.[\]a-z -]{0,80}$/), (text) => {
      expect(typeof parseInvite(text).ok).toBe('boolean');
    }),
    { numRuns: loops(2000, 100_000) },
  );
});

test('[IV2] a long hostile text is judged at once', () => {
  const texts = [
    `4271-${'a'.repeat(500)}`,
    `4271${'-'.repeat(500)}a`,
    `http://${'a/'.repeat(250)}#m1.`,
    `4271-apple-tiger@${'a.'.repeat(240)}`,
    `4271-apple-tiger@${'-'.repeat(490)}`,
    ' '.repeat(10_000),
  ];
  const before = performance.now();
  for (const text of texts) expect(parseInvite(text).ok).toBe(false);
  expect(performance.now() - before).toBeLessThan(1000);
});

test('[ID4] any key with any signature is refused, and nothing throws', async () => {
  await fc.assert(
    fc.asyncProperty(some(40), some(80), some(20), async (key, signature, text) => {
      expect(verify(key, text, signature)).toBe(false);
      expect(await nodeVerifier(key, text, signature)).toBe(false);
    }),
  );
  await fc.assert(
    fc.asyncProperty(exactly(32), exactly(64), some(20), async (key, signature, text) => {
      expect(await nobleVerifier(key, text, signature)).toBe(false);
      expect(await nodeVerifier(key, text, signature)).toBe(false);
    }),
  );
});

test('[GR2] [GR5] signed things that nobody signed', async () => {
  const device = idOf(DeviceId, new Uint8Array(8));
  const session = DOORS.link.session;
  await fc.assert(
    fc.asyncProperty(some(200), exactly(64), async (body, signature) => {
      const opened = await openGrant({ grant: body, signature }, alice.publicBytes, nodeVerifier);
      expect(opened.ok).toBe(false);
      // Even where every signature passed, arbitrary bytes would be no grant of Alice's.
      const believed = await openGrant({ grant: body, signature }, alice.publicBytes, () =>
        Promise.resolve(true),
      );
      expect(believed.ok).toBe(false);
      const action = { session, author: bob.publicKey, device, n: 1, body, signature };
      expect(await verifyAction(action, nodeVerifier)).toBe(false);
    }),
  );
});

test('[ID6] whatever a viewer’s message says of author, session and device can be checked', async () => {
  const text = (length: number) => fc.stringMatching(new RegExp(`^[\\w-]{${length}}$`));
  const body = encodeAction({ type: 'terminal.restart' });
  await fc.assert(
    fc.asyncProperty(text(43), text(22), text(11), async (author, session, device) => {
      const signed = { session, author, device, n: 1, body, signature: new Uint8Array(64) };
      const message = decodeToSharer(encodeCbor({ type: 'action', signed }));
      if (!message.ok || message.value.type !== 'action') return;
      expect(await verifyAction(message.value.signed, nodeVerifier)).toBe(false);
    }),
    { numRuns: loops(2000, 100_000) },
  );
});

test('[IV14] any bytes are a book or corrupt', () => {
  fc.assert(
    fc.property(some(300), (bytes) => {
      const decoded = decodeInviteBook(bytes);
      if (!decoded.ok) expect(decoded.fault).toBe('store.corrupt');
    }),
  );
});
