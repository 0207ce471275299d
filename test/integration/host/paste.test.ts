// A paste that nobody reads, the key that ends it, and the command that waits behind both.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSessionRig, type SessionRig } from './session-rig.ts';

let rig: SessionRig;
beforeEach(async () => {
  rig = await openSessionRig();
});
afterEach(() => rig.close());

test.each([1, 2, 3, 4, 5, 6])(
  '[PT3] Ctrl-C throws a paste away, and not what is typed or run right behind it (%i)',
  async () => {
    // The program says itself that it has the terminal: before that a shell may swallow Ctrl-C.
    await rig.run(`sh -c 'stty -icanon; echo up-$((6*7)); exec sleep 1000'`);
    await rig.owner.shows('up-42');
    for (let i = 0; i < 20; i++) rig.type('paste '.repeat(1_700));
    await rig.run('echo waited-$((6*7))');
    rig.type('\u0003');
    const block = await rig.owner.block(2);
    expect(block.command).toBe('echo waited-$((6*7))');
    expect(block.head.map((row) => row.text)).toEqual(['waited-42']);
    expect((await rig.owner.block(1)).exit).toBe(130);
  },
);
