// One visitor's line, from the first word to a link or to its end, under a clock the test turns;
// and the viewer's end of the negotiation when its person leaves.
import { expect, test } from 'vitest';
import { sealNegotiation } from '../../../src/crypto/handshake.ts';
import { answerOffers } from '../../../src/peer/answering.ts';
import { receiveDirect, type ArrivalPorts } from '../../../src/peer/arrival.ts';
import type { RtcDial } from '../../../src/peer/dialing.ts';
import { openLine } from '../../../src/peer/handshake-line.ts';
import { memoryWires } from '../../../src/peer/memory.ts';
import { decodeHandshake, encodeHandshake } from '../../../src/protocol/handshake.ts';
import { err } from '../../../src/protocol/result.ts';
import { aliceSecrets, DOORS, entropyOf, meet, Visitor } from '../crypto/people.ts';
import { fakeClock } from '../../fake-clock.ts';

function comes(broken: Partial<ArrivalPorts> = {}) {
  const clock = fakeClock();
  const [mine, theirs] = memoryWires({ clock });
  const deeds: string[] = [];
  const ports: ArrivalPorts = {
    clock,
    entropy: entropyOf('alice answers'),
    secrets: aliceSecrets(),
    judge: () => 'accept',
    tried: (effect) => deeds.push(effect.do),
    arrived: () => deeds.push('arrived'),
    ...broken,
  };
  receiveDirect(
    {
      send: theirs.send,
      buffered: theirs.buffered,
      onBytes: theirs.onMessage,
      onClosed: theirs.onClosed,
      close: theirs.close,
    },
    ports,
  );
  const visitor = new Visitor(DOORS.code);
  let confirm = new Uint8Array(0);
  mine.onMessage((bytes) => {
    const reply = decodeHandshake(bytes);
    if (!reply.ok) return;
    const [said] = visitor.hear(reply.value);
    if (said !== undefined) confirm = new Uint8Array(encodeHandshake(said));
  });
  mine.onClosed(() => deeds.push('closed'));
  mine.send(encodeHandshake(visitor.hello));
  return { clock, deeds, say: () => mine.send(confirm) };
}

test('[IV9] Bob confirms within nine seconds and is in', async () => {
  const { clock, deeds, say } = comes();
  await clock.pass(8_900);
  say();
  await clock.pass(1);
  expect(deeds).toEqual(['tryTaken', 'tryReturned', 'arrived']);
  await clock.pass(3_000);
  expect(deeds).not.toContain('wrong');
});

test('[IV9] [HS11] who is silent for nine seconds guessed wrong, and is heard no more', async () => {
  const { clock, deeds, say } = comes();
  await clock.pass(9_000);
  expect(deeds).toEqual(['tryTaken', 'wrong', 'closed']);
  say();
  await clock.pass(30_000);
  expect(deeds).toHaveLength(3);
  expect(clock.timers()).toBe(0);
});

test.each<[string, Partial<ArrivalPorts>]>([
  [
    'judging',
    {
      judge: () => {
        throw new Error('a bug');
      },
    },
  ],
  [
    'taking in',
    {
      arrived: () => {
        throw new Error('a bug');
      },
    },
  ],
])(
  '[LK25] what Alice’s side fails on in %s Bob costs him his line and nothing else',
  async (_, bug) => {
    const { clock, deeds, say } = comes(bug);
    await clock.pass(1);
    say();
    await clock.pass(5_000);
    expect(deeds).toEqual(['tryTaken', 'tryReturned', 'closed']);
    expect(clock.timers()).toBe(0);
  },
);

test('[RD6] Bob leaves while his page connects: what is dialled ends, and nothing is dialled again', async () => {
  const clock = fakeClock();
  const [mine, theirs] = memoryWires({ clock });
  let said = 0;
  theirs.onMessage(() => void said++);
  const line = openLine(
    { send: mine.send, onMessage: mine.onMessage, onClosed: mine.onClosed, close: mine.close },
    clock,
  );
  const dialled: string[] = [];
  const dial = (): RtcDial => {
    dialled.push('dialled');
    let fail: (failed: Awaited<RtcDial['wire']>) => void = () => {};
    const wire = new Promise<Awaited<RtcDial['wire']>>((resolve) => {
      fail = resolve;
    });
    const close = (): void => {
      dialled.push('closed');
      fail(err('link.noPath'));
    };
    return { take: () => {}, wire, close };
  };
  let leave = (): void => {};
  const { viewer, sharer } = meet(DOORS.link);
  const [offer] = sealNegotiation(sharer, { type: 'signal', attempt: 1, data: 'an offer' });
  theirs.send(encodeHandshake(offer));
  const answered = answerOffers(line, viewer, {
    dial,
    iceServers: () => [],
    holds: (close) => {
      leave = close;
    },
  });
  await clock.pass(1);
  leave();
  expect(await answered).toEqual(err('link.noPath'));
  await clock.pass(1_000);
  expect([dialled, said]).toEqual([['dialled', 'closed'], 0]);
});
