import { expect, test } from 'vitest';
import { closeInTurn, hasFailed } from '../../../src/cli/leaving.ts';

test('[CL32] what throws while Alice’s share ends leaves nothing else of it open', async () => {
  const closed: string[] = [];
  const broken: unknown[] = [];
  const bug = new Error('a listener that was never open');
  await closeInTurn(
    [
      () => void closed.push('terminal'),
      () => {
        throw bug;
      },
      () => Promise.reject(bug),
      async () => void closed.push('app'),
      () => void closed.push('folder'),
    ],
    0,
    (cause) => broken.push(cause),
  );
  expect(closed).toEqual(['terminal', 'app', 'folder']);
  expect(broken).toEqual([bug, bug]);
});

test('[CL17] what is closed learns how it ended: a failure, not a word to end', async () => {
  const told: boolean[] = [];
  for (const exit of [0, 1, 4, 130, 143]) {
    await closeInTurn([(code) => void told.push(hasFailed(code))], exit, () => undefined);
  }
  expect(told).toEqual([false, true, true, false, false]);
});
