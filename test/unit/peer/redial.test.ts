// When Bob's viewer dials, and when it waits.
import { expect, test } from 'vitest';
import {
  backoffMs,
  firstDial,
  redial,
  type Redial,
  type RedialEffect,
  type RedialInput,
} from '../../../src/peer/redial.ts';

const most = (): number => 0.999999;

/** The phases and what was done, from the first dial on. */
function story(...inputs: readonly RedialInput['on'][]): { phase: Redial; done: string[] } {
  let [phase] = firstDial;
  const done: string[] = [];
  const note = (effect: RedialEffect): void => {
    done.push(effect.do === 'wakeLater' ? `wakeLater ${effect.afterMs}` : effect.do);
  };
  for (const on of inputs) {
    const [next, effects] = redial(phase, { on }, most);
    phase = next;
    effects.forEach(note);
  }
  return { phase, done };
}

test('[RD1] Bob stays, so his viewer dials again however often it fails', () => {
  let phase: Redial = firstDial[0];
  for (let n = 0; n < 1_000; n++) {
    const [waiting, effects] = redial(phase, { on: 'failed' }, most);
    expect(effects).toHaveLength(1);
    [phase] = redial(waiting, { on: 'wake' }, most);
    expect(phase).toEqual({ phase: 'dialing', attempt: n + 1 });
  }
});

test('[RD2] waits grow to five seconds, anywhere between nothing and that', () => {
  const waits = [0, 1, 2, 3, 4, 5, 40, 2_000].map((attempt) => backoffMs(attempt, most));
  expect(waits).toEqual([499, 999, 1999, 3999, 4999, 4999, 4999, 4999]);
  expect(backoffMs(9, () => 0)).toBe(0);
});

test('[RD2] after a link the waits begin anew', () => {
  const { phase, done } = story('failed', 'wake', 'failed', 'wake', 'opened', 'lost');
  expect(done).toEqual(['wakeLater 499', 'dial', 'wakeLater 999', 'dial', 'wakeLater 499']);
  expect(phase).toEqual({ phase: 'waiting', attempt: 0 });
});

test('[RD3] a refusal is an answer: no more dials', () => {
  const { phase, done } = story('refused', 'nudge', 'wake', 'lost', 'opened', 'suspect', 'leave');
  expect(phase).toEqual({ phase: 'over', because: 'refused' });
  expect(done).toEqual(['stop']);
});

test('[RD4] a doubtful link is kept until the second one stands', () => {
  expect(story('opened', 'suspect').done).toEqual(['dial']);
  const switched = story('opened', 'suspect', 'suspect', 'opened');
  expect(switched.done).toEqual(['dial', 'switch']);
  expect(switched.phase).toEqual({ phase: 'live' });
});

test('[RD4] when the second dial fails the link is as before, and may be doubted again', () => {
  const { phase, done } = story('opened', 'suspect', 'failed', 'suspect');
  expect(done).toEqual(['dial', 'dial']);
  expect(phase).toEqual({ phase: 'doubting' });
});

test('[RD4] when the doubtful link dies first, the dial under way is the one that counts', () => {
  const { phase, done } = story('opened', 'suspect', 'lost');
  expect(phase).toEqual({ phase: 'dialing', attempt: 0 });
  expect(done).toEqual(['dial']);
  expect(story('opened', 'suspect', 'lost', 'opened').done).toEqual(['dial']);
});

test('[RD5] Bob opens his laptop: the wait is cut short', () => {
  const { phase, done } = story('failed', 'nudge', 'nudge');
  expect(done).toEqual(['wakeLater 499', 'dontWake', 'dial']);
  expect(phase).toEqual({ phase: 'dialing', attempt: 1 });
});

test('[RD6] Bob leaves: whatever runs is stopped', () => {
  expect(story('leave').done).toEqual(['stop']);
  expect(story('failed', 'leave').done).toEqual(['wakeLater 499', 'dontWake', 'stop']);
  expect(story('opened', 'suspect', 'leave').done).toEqual(['dial', 'stop']);
});

test('inputs that belong to another phase change nothing', () => {
  expect(story('opened', 'opened', 'wake', 'nudge', 'failed').done).toEqual([]);
  expect(story('suspect', 'lost', 'wake').done).toEqual([]);
  expect(story('failed', 'opened', 'lost', 'failed', 'suspect').done).toEqual(['wakeLater 499']);
});
