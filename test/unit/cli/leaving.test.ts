import { expect, test } from 'vitest';
import { closeInTurn } from '../../../src/cli/leaving.ts';

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
    (cause) => broken.push(cause),
  );
  expect(closed).toEqual(['terminal', 'app', 'folder']);
  expect(broken).toEqual([bug, bug]);
});
