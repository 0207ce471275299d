// Alice changes branches: each block says on which one its command began.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSessionRig, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
beforeEach(async () => {
  rig = await openSessionRig();
});
afterEach(() => rig.close());

test('[TM12] a command that changes the branch counts for the next one, and another folder has its own', async () => {
  await rig.done('git init -q -b one here && mkdir elsewhere && cd here');
  expect((await rig.done('git symbolic-ref HEAD refs/heads/two')).branch).toBe('one');
  expect((await rig.done('cd ../elsewhere')).branch).toBe('two');
  expect((await rig.done('true')).branch).toBe(null);
});
