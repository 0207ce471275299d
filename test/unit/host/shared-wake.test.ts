import { beforeEach, expect, test } from 'vitest';
import { openSharedWake, type SharedWake } from '../../../src/host/shared-wake.ts';
import { fakeClock, type FakeClock } from '../../fake-clock.ts';

let clock: FakeClock;
let woken: string[];
let wake: SharedWake<string>;

beforeEach(() => {
  clock = fakeClock();
  woken = [];
  wake = openSharedWake(clock, (all) => woken.push(`${all.join(' ')} at ${clock.monotonic()}`));
});

test('Bob and Carol get theirs at one moment, the sooner of the two', async () => {
  wake.wait('Bob', 33);
  await clock.pass(10);
  wake.wait('Carol', 33);
  await clock.pass(100);
  expect(woken).toEqual(['Bob Carol at 33']);
});

test('Carol, who is due sooner, takes Bob with her, and he is not woken again', async () => {
  wake.wait('Bob', 33);
  wake.wait('Carol', 5);
  await clock.pass(100);
  expect(woken).toEqual(['Bob Carol at 5']);
  expect(clock.timers()).toBe(0);
});

test('asking twice is asking once', async () => {
  wake.wait('Bob', 20);
  wake.wait('Bob', 30);
  await clock.pass(100);
  expect(woken).toEqual(['Bob at 20']);
});

test('Bob has gone: the others are woken without him', async () => {
  wake.wait('Bob', 20);
  wake.wait('Carol', 30);
  wake.forget('Bob');
  await clock.pass(100);
  expect(woken).toEqual(['Carol at 20']);
});

test('who asks while being woken waits for the next time', async () => {
  let times = 0;
  const again = openSharedWake<string>(clock, (all) => {
    times += all.length;
    if (times < 3) for (const one of all) again.wait(one, 10);
  });
  again.wait('Bob', 10);
  await clock.pass(15);
  expect(times).toBe(1);
  await clock.pass(100);
  expect(times).toBe(3);
});
