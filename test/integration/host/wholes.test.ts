// What a thread shows cut, asked for whole: who gets it, and who gets no more than of what never was.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LEFT_OUT, type Part } from '../../../src/protocol/thread.ts';
import { openSessionRig, type Guest, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
beforeEach(async () => {
  rig = await openSessionRig({ env: { MY_SECRET_TOKEN: 'hunter2-hunter2' } });
});
afterEach(() => rig.close());
afterEach(() => expect(rig.owner.tap.unreadable()).toEqual([]));

/** In the middle, which nobody is shown. */
const LONG = `${'left\n'.repeat(9000)}plantmiddle hunter2-hunter2\n${'right\n'.repeat(9000)}`;

function cardsOf(guest: Guest) {
  return guest.viewer
    .state()
    .segments.flatMap(({ number, parts }) => parts.map((part) => ({ number, part })))
    .filter(({ part }) => part.head.kind === 'tool');
}

async function cutCard(call: string): Promise<{ readonly number: number; readonly part: Part }> {
  const before = cardsOf(rig.owner).length;
  rig.agents.opened[0]?.tell({
    on: 'tool',
    call,
    patch: {
      title: call,
      contents: [
        { type: 'text', text: LONG },
        {
          type: 'diff',
          path: 'a.txt',
          oldText: LONG,
          newText: `${LONG}new`,
          added: 1,
          removed: 0,
          cut: false,
        },
      ],
    },
  });
  await rig.until('the card', () => cardsOf(rig.owner).length > before);
  const card = cardsOf(rig.owner).at(-1);
  if (card === undefined) throw new Error('no card');
  return card;
}

test('[TR13] Bob gets the whole of a cut text and of a cut diff, masked; Late not of what was before', async () => {
  const bob = await rig.join('Bob', { from: 'all' });
  await rig.session.order({ type: 'thread.start', agent: 'shy', prompt: 'go' });
  await rig.until('the prompt', () => rig.agents.opened[0]?.prompts.length === 1);
  const { number, part } = await cutCard('one');
  expect(JSON.stringify(part.contents)).not.toContain('plantmiddle');
  expect(part.contents[0]).toMatchObject({ text: expect.stringContaining(LEFT_OUT) });
  const masked = LONG.replace('hunter2-hunter2', '‹masked secret›');
  expect(await bob.viewer.whole(number, part.id, 0)).toBe(masked);
  const sides = await bob.viewer.whole(number, part.id, 1);
  expect(JSON.parse(sides ?? '')).toEqual({ oldText: masked, newText: `${masked}new` });

  const late = await rig.join('Late', { from: 'none' });
  const after = await cutCard('two');
  expect(after.number).toBeGreaterThan(number);
  // The older card by its own segment's number, and by that of the one Late may have.
  expect(await late.viewer.whole(number, part.id, 0)).toBeNull();
  expect(await late.viewer.whole(after.number, part.id, 0)).toBeNull();
  expect(await late.viewer.whole(999, part.id, 0)).toBeNull();
  expect(late.tap.findings(['plantmiddle'])).toEqual([]);
  expect(await late.viewer.whole(after.number, after.part.id, 0)).toBe(masked);
  expect(await late.viewer.whole(after.number, after.part.id, 7)).toBeNull();
  for (const guest of [bob, late, rig.owner]) {
    expect(guest.tap.findings(['hunter2-hunter2'])).toEqual([]);
  }
});
