// The handshake as it should go, by every door.
import { describe, expect, test } from 'vitest';
import { linkKeys, openNegotiation, sealNegotiation } from '../../../src/crypto/handshake.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import { LANES } from '../../../src/protocol/message.ts';
import { err } from '../../../src/protocol/result.ts';
import {
  alice,
  aliceSecrets,
  bob,
  DOORS,
  entropyOf,
  faultOf,
  first,
  Host,
  meet,
  nameplate,
  redial,
  session,
  untilJudging,
  Visitor,
} from './people.ts';

const BINDING = { sharer: 'sha-256 AA:BB', viewer: 'sha-256 CC:DD' };

describe.each(Object.values(DOORS))('Bob comes by the $door', (door) => {
  test('[HS1] hello, reply, confirm, welcome: each learns who the other is', () => {
    const visitor = new Visitor(door);
    const host = new Host();
    untilJudging(visitor, host);
    expect(host.said.map((m) => m.type)).toEqual(['reply']);
    const welcome = host.feed({ on: 'accept' });
    expect(welcome.map((m) => m.type)).toEqual(['welcome']);
    visitor.hear(first(welcome));
    expect(visitor.said.map((m) => m.type)).toEqual(['hello', 'confirm']);
    const met = meet(door);
    for (const side of [met.viewer, met.sharer]) {
      expect(side.sessionKey).toBe(alice.publicKey);
      expect(side.viewer).toBe(bob.publicKey);
      expect(side.session).toBe(sessionIdOf(alice.publicBytes));
      expect(side.redialKey).toEqual(redial.publicKey);
      expect(side.door).toBe(door.door);
    }
    expect([met.viewer.role, met.sharer.role]).toEqual(['viewer', 'sharer']);
  });

  test('[HS1] Alice is asked before anything made from the secret leaves her', () => {
    const visitor = new Visitor(door);
    const host = new Host();
    untilJudging(visitor, host);
    expect(host.state.phase).toBe('judging');
    expect(host.deeds.at(-1)).toBe('proven');
    expect(host.did.at(-1)).toMatchObject({ do: 'proven', viewer: bob.publicKey });
    expect(host.said.map((m) => m.type)).not.toContain('welcome');
  });

  test('[HS10] both get the same keys, one per direction and lane, and the same check words', () => {
    const { viewer, sharer } = meet(door);
    const atBob = linkKeys(viewer, BINDING);
    const atAlice = linkKeys(sharer, BINDING);
    expect(atBob.send).toEqual(atAlice.receive);
    expect(atBob.receive).toEqual(atAlice.send);
    expect(atBob.words).toBe(atAlice.words);
    expect(atBob.words).toMatch(/^[a-z]+ [a-z]+ [a-z]+ [a-z]+$/);
    const all = LANES.flatMap((lane) => [atBob.send[lane], atBob.receive[lane]]);
    expect(new Set(all.map((key) => Buffer.from(key).toString('hex'))).size).toBe(10);
    for (const key of all) expect(key.length).toBe(32);
  });

  test('[HS10] another channel than the one that was negotiated gives other keys', () => {
    const { viewer, sharer } = meet(door);
    const honest = linkKeys(viewer, BINDING);
    const others = [
      null,
      { ...BINDING, viewer: 'sha-256 EE:FF' },
      { ...BINDING, sharer: 'sha-256 EE:FF' },
      { sharer: BINDING.viewer, viewer: BINDING.sharer },
    ];
    for (const other of others) {
      const keys = linkKeys(sharer, other);
      for (const lane of LANES) expect(keys.receive[lane]).not.toEqual(honest.send[lane]);
      expect(keys.words).not.toBe(honest.words);
    }
  });

  test('[HS3] two meetings by the same door share no key', () => {
    const one = linkKeys(meet(door).viewer, null);
    const other = linkKeys(
      meet(door, aliceSecrets(), { viewer: 'bob again', sharer: 'alice again' }).viewer,
      null,
    );
    for (const lane of LANES) expect(one.send[lane]).not.toEqual(other.send[lane]);
  });

  test('[HS7] a no is sealed, and only Bob reads why', () => {
    const visitor = new Visitor(door);
    const host = new Host();
    untilJudging(visitor, host);
    const said = host.feed({ on: 'refuse', fault: 'invite.used' });
    expect(said.map((m) => m.type)).toEqual(['sealed']);
    expect(visitor.hear(first(said))).toEqual([]);
    expect(faultOf(visitor.state)).toBe('invite.used');
    expect(faultOf(host.state)).toBe('invite.used');
  });
});

test('[HS9] offers and answers go sealed, in order, each way with its own key', () => {
  const { viewer, sharer } = meet(DOORS.link);
  const offer = { type: 'signal', attempt: 1, data: 'v=0 offer' } as const;
  const answer = { type: 'signal', attempt: 1, data: 'v=0 answer' } as const;
  const [m1, sharer1] = sealNegotiation(sharer, offer);
  const [m2, sharer2] = sealNegotiation(sharer1, answer);
  const opened = openNegotiation(viewer, m1);
  expect(opened.ok && opened.value[0]).toEqual(offer);
  expect(Buffer.from(m1.type === 'sealed' ? m1.box : []).toString()).not.toContain('v=0');
  if (!opened.ok) throw new Error('unopened');
  const viewer1 = opened.value[1];
  // again, too early, reflected, of another kind
  expect(openNegotiation(viewer1, m1)).toEqual(err('link.protocol'));
  expect(openNegotiation(viewer, m2)).toEqual(err('link.protocol'));
  expect(openNegotiation(sharer2, m2)).toEqual(err('link.protocol'));
  expect(openNegotiation(viewer1, { type: 'refused', fault: 'join.busy' })).toEqual(
    err('link.protocol'),
  );
  const second = openNegotiation(viewer1, m2);
  expect(second.ok && second.value[0]).toEqual(answer);
  const [back] = sealNegotiation(viewer1, { type: 'again', attempt: 1 });
  const heard = openNegotiation(sharer2, back);
  expect(heard.ok && heard.value[0]).toEqual({ type: 'again', attempt: 1 });
});

test('[HS9] what was sealed in one meeting means nothing in another', () => {
  const one = meet(DOORS.link);
  const other = meet(DOORS.link, aliceSecrets(), { viewer: 'bob again', sharer: 'alice again' });
  const [message] = sealNegotiation(one.sharer, { type: 'again', attempt: 1 });
  expect(openNegotiation(other.viewer, message)).toEqual(err('link.protocol'));
});

test('[HS6] a code that is not open is refused before Yb leaves, and a busy one says so', () => {
  for (const fault of ['invite.unavailable', 'join.busy'] as const) {
    const host = new Host(aliceSecrets({ code: () => err(fault) }));
    const visitor = new Visitor(DOORS.code);
    const said = host.hear(visitor.hello);
    expect(said).toEqual([{ type: 'refused', fault }]);
    expect(host.deeds).toEqual([]);
    visitor.hear(first(said));
    expect(faultOf(visitor.state)).toBe(fault);
  }
});

test('[HS11] a try is taken when Yb leaves and given back by a right confirmation alone', () => {
  const visitor = new Visitor(DOORS.code);
  const host = new Host();
  const reply = host.hear(visitor.hello);
  expect(host.did[0]).toEqual({ do: 'tryTaken', nameplate });
  expect(host.did[1]).toMatchObject({ do: 'send', message: { type: 'reply' } });
  host.hear(first(visitor.hear(first(reply))));
  expect(host.deeds).toEqual(['tryTaken', 'tryReturned', 'proven']);
});

test('[HS11] Mallory guesses wrong: the try stays taken and she is told no more than that', () => {
  const visitor = new Visitor({ ...DOORS.code, words: 'apple-zebra' });
  const host = new Host();
  untilJudging(visitor, host);
  expect(host.deeds).toEqual(['tryTaken', 'wrong']);
  expect(host.said.at(-1)).toEqual({ type: 'refused', fault: 'code.wrong' });
  expect(faultOf(host.state)).toBe('code.wrong');
  visitor.hear({ type: 'refused', fault: 'code.wrong' });
  expect(faultOf(visitor.state)).toBe('code.wrong');
});

test('[HS11] Mallory hangs up when she has seen Yb: silence is a wrong guess', () => {
  const host = new Host();
  host.hear(new Visitor(DOORS.code).hello);
  expect(host.feed({ on: 'lost' })).toEqual([]);
  expect(host.deeds).toEqual(['tryTaken', 'wrong']);
});

test('[HS6] an unknown link and a wrong secret cannot be told apart', () => {
  const unknown = new Host(aliceSecrets({ link: () => null }));
  const wrong = new Host(aliceSecrets({ link: () => entropyOf('another secret')(16) }));
  for (const host of [unknown, wrong]) {
    untilJudging(new Visitor(DOORS.link), host);
    expect(host.said.map((m) => m.type)).toEqual(['reply', 'refused']);
    expect(host.said.at(-1)).toEqual({ type: 'refused', fault: 'invite.unavailable' });
    expect(host.deeds).toEqual(['wrong']);
  }
});

test('[HS6] a wrong token, no token at all and a foreign redial key are refused alike', () => {
  const cases = [
    [DOORS.app, aliceSecrets({ app: () => entropyOf('another token')(32) })],
    [DOORS.app, aliceSecrets({ app: () => null })],
    [{ ...DOORS.redial, redialKey: new Uint8Array(32).fill(9) }, aliceSecrets()],
  ] as const;
  for (const [door, secrets] of cases) {
    const host = new Host(secrets);
    untilJudging(new Visitor(door), host);
    expect(host.said.at(-1)).toEqual({ type: 'refused', fault: 'invite.unavailable' });
  }
});

test('[HS1] a newer version is told so, and nothing else', () => {
  const host = new Host();
  const { hello } = new Visitor(DOORS.code);
  if (hello.type !== 'hello') throw new Error('no hello');
  expect(host.hear({ ...hello, version: 2 })).toEqual([{ type: 'refused', fault: 'peer.version' }]);
  expect(faultOf(host.state)).toBe('peer.version');
  expect(host.deeds).toEqual([]);
});

test('[HS2] Bob expects another session than the one that answers: nobody proves anything', () => {
  const elsewhere = sessionIdOf(bob.publicBytes);
  for (const door of Object.values(DOORS)) {
    const host = new Host();
    untilJudging(new Visitor({ ...door, session: elsewhere }), host);
    expect(host.state.phase).toBe('failed');
    expect(host.said.map((m) => m.type)).toEqual(['reply', 'refused']);
  }
  expect(session).not.toBe(elsewhere);
});
