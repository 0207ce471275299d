// How what an agent writes is read: a stream of words at shared moments, anything else at once.
import { PassThrough } from 'node:stream';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readLines } from '../../../src/agent/agent-lines.ts';
import { MOMENT_MS_MIN, openSharedMoments } from '../../../src/agent/shared-moments.ts';
import { fakeClock } from '../../fake-clock.ts';

function stage() {
  const stdout = new PassThrough();
  const clock = fakeClock();
  const heard: string[] = [];
  /** How many lines had been heard each time when all that was read had been. */
  const rests: number[] = [];
  const over = readLines(stdout, clock, openSharedMoments(clock), {
    line: (line) => void heard.push(line),
    rest: () => void rests.push(heard.length),
    flood: () => void heard.push('flood'),
  });
  return {
    clock,
    heard,
    over,
    rests,
    stdout,
    say: async (text: string): Promise<void> => {
      stdout.write(text);
      await turnOfTheLoop();
    },
  };
}

test('[AG20] words that stream are heard together, at a moment of the clock', async () => {
  const { clock, heard, rests, say } = stage();
  await clock.pass(210);
  await say('one\n');
  await clock.pass(13);
  await say('two\n');
  expect(heard).toEqual(['one', 'two']);
  for (const word of ['three', 'four', 'five']) {
    await clock.pass(13);
    await say(`${word}\n`);
  }
  expect(heard).toEqual(['one', 'two']);
  await clock.pass(223 + MOMENT_MS_MIN - clock.monotonic() - 1);
  await turnOfTheLoop();
  expect(heard).toHaveLength(2);
  await clock.pass(1);
  await turnOfTheLoop();
  expect(heard).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(rests).toEqual([1, 2, 5]);
});

test('[AG20] answers one by one, and files as fast as they come, are heard at once', async () => {
  const { clock, heard, say } = stage();
  for (const answer of ['hello', 'session', 'done']) {
    await clock.pass(60);
    await say(`${answer}\n`);
    expect(heard.at(-1)).toBe(answer);
  }
  const file = 'x'.repeat(20_000);
  await say(`${file}\n`);
  await say(`${file}y\n`);
  expect(heard.slice(3)).toEqual([file, `${file}y`]);
});

test('[AG20] what was said last is heard, also where it ends in the middle of a stream', async () => {
  const { clock, heard, over, say, stdout } = stage();
  await say('one\ntwo\n');
  stdout.end('three');
  await clock.pass(100);
  await over;
  expect(heard).toEqual(['one', 'two', 'three']);
});
