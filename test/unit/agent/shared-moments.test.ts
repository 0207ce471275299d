// When what streams is read and written: together, and the less often the more of it there is.
import { describe, expect, test } from 'vitest';
import {
  HEARING_MS,
  MOMENT_EACH_MS,
  MOMENT_MS_MAX,
  MOMENT_MS_MIN,
  openSharedMoments,
} from '../../../src/agent/shared-moments.ts';
import { fakeClock, type FakeClock } from '../../fake-clock.ts';

function stage() {
  const clock = fakeClock();
  const moments = openSharedMoments(clock);
  const seen: { readonly what: string; readonly at: number }[] = [];
  const note = (what: string) => (): void => void seen.push({ what, at: clock.monotonic() });
  return { clock, moments, seen, note };
}

/** Conversations that are read and written as long as `until` says. */
function stream(clock: FakeClock, count: number, untilMs: number) {
  const moments = openSharedMoments(clock);
  const writes: { readonly who: number; readonly at: number }[] = [];
  for (let who = 0; who < count; who++) {
    const goOn = async (): Promise<void> => {
      while (clock.monotonic() < untilMs) {
        await moments.toRead();
        moments.toWrite(() => void writes.push({ who, at: clock.monotonic() }));
      }
    };
    void goOn();
  }
  return writes;
}

test('[TR5] all who read are woken at one moment, and all write right behind it', async () => {
  const { clock, moments, seen, note } = stage();
  void moments.toRead().then(note('read one'));
  await clock.pass(40);
  void moments.toRead().then(note('read two'));
  moments.toWrite(note('write'));
  await clock.pass(MOMENT_MS_MIN);
  expect(seen).toEqual([
    { what: 'read one', at: MOMENT_MS_MIN },
    { what: 'read two', at: MOMENT_MS_MIN },
    { what: 'write', at: MOMENT_MS_MIN + HEARING_MS },
  ]);
});

test('[AG20] what is heard at a moment is written with it', async () => {
  const { clock, moments, seen, note } = stage();
  void moments.toRead().then(() => moments.toWrite(note('write')));
  await clock.pass(MOMENT_MS_MIN + HEARING_MS);
  expect(seen.map(({ what }) => what)).toEqual(['write']);
});

test('who takes back what was to be written leaves nothing behind', async () => {
  const { clock, moments, seen, note } = stage();
  const cancel = moments.toWrite(note('first'));
  moments.toWrite(note('second'));
  cancel();
  await clock.pass(1000);
  expect(seen.map(({ what }) => what)).toEqual(['second']);
  const only = moments.toWrite(note('third'));
  only();
  only();
  expect(clock.timers()).toBe(0);
});

describe('[TR5] the more conversations stream, the further apart the moments lie', () => {
  test.each([
    { count: 1, apartMs: MOMENT_MS_MIN },
    { count: 2, apartMs: 2 * MOMENT_EACH_MS },
    { count: 64, apartMs: MOMENT_MS_MAX },
  ])('$count: $apartMs ms', async ({ count, apartMs }) => {
    const clock = fakeClock();
    const writes = stream(clock, count, 5000);
    await clock.pass(5000);
    const times = [...new Set(writes.map(({ at }) => at))].slice(2);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([apartMs]));
    const last = writes.filter(({ at }) => at === times.at(-1));
    expect(new Set(last.map(({ who }) => who)).size).toBe(count);
  });
});

test('[TR5] after a silence the moments begin anew, as for one', async () => {
  const clock = fakeClock();
  const moments = openSharedMoments(clock);
  for (let who = 0; who < 64; who++) moments.toWrite(() => {});
  await clock.pass(1000);
  let writtenAt = 0;
  moments.toWrite(() => void (writtenAt = clock.monotonic()));
  await clock.pass(1000);
  expect(writtenAt).toBe(1000 + MOMENT_MS_MIN + HEARING_MS);
});
