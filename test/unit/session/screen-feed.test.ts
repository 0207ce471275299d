// Dave's link is slow, Alice's is not: what each is sent of the screen.
import { expect, test } from 'vitest';
import {
  freshFeed,
  screenFeed,
  type ScreenFeed,
  type ScreenFeedInput,
} from '../../../src/session/screen-feed.ts';

const KIB = 1024;

function openFeed() {
  let state: ScreenFeed = freshFeed;
  return {
    state: () => state,
    feed(input: ScreenFeedInput) {
      const [next, effects] = screenFeed(state, input);
      state = next;
      return effects.map((effect) => effect.do);
    },
  };
}

const output = (bytes: number, backlog: number, at = 0) =>
  ({ on: 'output', bytes, backlog, at }) as const;
const acked = (ms: number, rate: number, backlog = 0) =>
  ({ on: 'acked', ms, rate, backlog }) as const;

test('[SF1] nothing is sent before Dave is in, then one screen, then bytes', () => {
  const dave = openFeed();
  expect(dave.feed(output(100, 0))).toEqual([]);
  expect(dave.feed({ on: 'redraw' })).toEqual(['screen']);
  expect(dave.feed(output(100, 0))).toEqual(['bytes']);
});

test('[SF1] past 64 KiB of backlog the fastest gets a screen in place of what is queued', () => {
  const alice = openFeed();
  alice.feed({ on: 'redraw' });
  expect(alice.feed(output(KIB, 63 * KIB))).toEqual(['bytes']);
  expect(alice.feed(output(KIB + 1, 63 * KIB))).toEqual(['screen']);
  expect(alice.feed(output(KIB, 63 * KIB))).toEqual([]);
});

test('[SF1] of a slow link less, but never less than 16 KiB', () => {
  const dave = openFeed();
  dave.feed({ on: 'redraw' });
  for (let i = 0; i < 40; i++) dave.feed(acked(500, 80_000));
  // 300 ms at 80 KB/s.
  expect(dave.feed(output(KIB, 22 * KIB))).toEqual(['bytes']);
  expect(dave.feed(output(KIB, 23 * KIB))).toEqual(['screen']);

  const erin = openFeed();
  erin.feed({ on: 'redraw' });
  for (let i = 0; i < 40; i++) erin.feed(acked(2000, 1_000));
  expect(erin.feed(output(KIB, 15 * KIB))).toEqual(['bytes']);
  expect(erin.feed(output(KIB, 15 * KIB + 1))).toEqual(['screen']);
});

test('[SF1] over 16 KiB in a tenth of a second is a flood, however fast Alice takes it', () => {
  const alice = openFeed();
  alice.feed({ on: 'redraw' });
  expect(alice.feed(output(12 * KIB, 0, 0))).toEqual(['bytes']);
  expect(alice.feed(output(12 * KIB, 0, 101))).toEqual(['bytes']);
  expect(alice.feed(output(4 * KIB, 0, 150))).toEqual(['bytes']);
  expect(alice.feed(output(KIB, 0, 200))).toEqual(['screen']);
});

/** Dave has fallen behind: one screen is on its way. */
function behind() {
  const dave = openFeed();
  dave.feed({ on: 'redraw' });
  dave.feed(output(KIB, 256 * KIB));
  return dave;
}

test('[SF2] one screen at a time: until it has come nothing follows it', () => {
  const dave = behind();
  expect(dave.feed(output(KIB, 0))).toEqual([]);
  expect(dave.feed({ on: 'wake' })).toEqual([]);
  expect(dave.feed(acked(400, 80_000, 3 * KIB))).toEqual([]);
});

test('[SF2] whoever takes it within 100 ms gets a whole one for what came since, and bytes', () => {
  const dave = behind();
  dave.feed(output(3 * KIB, 0));
  expect(dave.feed(acked(100, 1_000_000))).toEqual(['wake']);
  expect(dave.feed({ on: 'wake' })).toEqual(['screen']);
  expect(dave.feed(output(KIB, 0))).toEqual(['bytes']);
});

test('[SF2] in a flood the quickest is sent screens: what comes between two of them is too much', () => {
  const alice = behind();
  expect(alice.feed(acked(3, 9_000_000))).toEqual(['wake']);
  alice.feed(output(32 * KIB, 0));
  expect(alice.feed({ on: 'wake' })).toEqual(['screen']);
  expect(alice.feed(output(32 * KIB, 0))).toEqual([]);
});

test('[SF2] where nothing came since, the screen he has is the truth', () => {
  const dave = behind();
  // What made it be sent may not be in it.
  expect(dave.feed(acked(200, 80_000))).toEqual(['wake']);
  expect(dave.feed({ on: 'wake' })).toEqual(['screen']);
  expect(dave.feed(acked(400, 80_000))).toEqual([]);
  expect(dave.feed(output(KIB, 0))).toEqual(['bytes']);
});

test('[SF2] whoever takes longer gets screens, 30 a second at most', () => {
  const slow = behind();
  slow.feed(output(KIB, 0));
  expect(slow.feed(acked(101, 1_000_000))).toEqual(['wake']);
  expect(slow.feed(output(4 * KIB, 0))).toEqual([]);
  expect(slow.feed({ on: 'wake' })).toEqual(['screen']);

  const [, effects] = screenFeed(
    { phase: 'screen', rate: 1_000_000, since: 5 * KIB, isOver: false },
    acked(10, 1_000_000),
  );
  expect(effects).toEqual([{ do: 'wake', afterMs: 23 }]);
});

test('[SF3] the end of a flood is shown at once, not when the next screen is due', () => {
  const alice = behind();
  alice.feed(output(32 * KIB, 0));
  expect(alice.feed(acked(10, 1_000_000))).toEqual(['wake']);
  expect(alice.feed(output(4 * KIB, 0))).toEqual([]);
  const [resting, effects] = screenFeed(alice.state(), output(40, 0));
  expect(effects).toEqual([{ do: 'wake', afterMs: 0 }]);
  expect(screenFeed(resting, { on: 'wake' })[1]).toEqual([{ do: 'screen' }]);
});

test('[SF3] nor when it came while a screen was on its way', () => {
  const alice = behind();
  alice.feed(output(32 * KIB, 0));
  alice.feed(output(40, 0));
  expect(screenFeed(alice.state(), acked(10, 1_000_000))[1]).toEqual([{ do: 'wake', afterMs: 0 }]);
});
