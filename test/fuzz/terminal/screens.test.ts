import { test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator, type Emulator } from '../../../src/terminal/emulator.ts';
import { openSanitizer } from '../../../src/terminal/sanitizer.ts';
import { loops } from '../../soak/loops.ts';
import { anyBytes } from '../../unit/terminal/any-program.ts';
import { seeded } from '../../unit/terminal/recordings.ts';
import { expectState, isBeyondBytes, stateOf } from '../../unit/terminal/terminal-state.ts';

const ALL = { visibleFrom: 0, alternateVisible: true } as const;
const STEPS = 100;

/** A hundred steps of any program, watched by Alice from the start and by Bob since he last joined. */
function playAny(seed: number): void {
  const random = seeded(seed);
  const size = { cols: 3 + Math.floor(random() * 12), rows: 2 + Math.floor(random() * 6) };
  const open = (answers: boolean): Emulator => {
    const emulator = openEmulator({ ...size, answers });
    emulator.onBroken((error) => {
      throw error;
    });
    return emulator;
  };
  const sharer = open(true);
  const alice = open(false);
  let bob: Emulator | null = null;
  const sanitizer = openSanitizer(size);
  for (let step = 0; step < STEPS; step++) {
    const { forEmulator, forViewers } = sanitizer.push(utf8(anyBytes({ random, ...size })));
    sharer.write(forEmulator);
    alice.write(forViewers);
    bob?.write(forViewers);
    const isJoining = random() < 0.2 && !isBeyondBytes(sharer);
    if (!isJoining && step % 10 !== 9) continue;
    const state = stateOf(sharer);
    expectState(alice, state, `Alice, seed ${seed}, step ${step}`);
    if (bob !== null) expectState(bob, state, `Bob, seed ${seed}, step ${step}`);
    if (!isJoining) continue;
    // The first time as new, later over what he has.
    bob ??= open(false);
    bob.write(sharer.screen(ALL));
    expectState(bob, state, `Bob joins, seed ${seed}, step ${step}`);
  }
}

// Each of these once found a state that was lost.
const FOUND = [
  0, 2, 3, 5, 12, 15, 71, 85, 143, 225, 270, 350, 409, 522, 562, 596, 663, 1094, 1320, 1466,
];

test.each(FOUND)('[SC1] [SC4] seed %i, which once failed, is the same for all who watch', playAny);

test('[SC1] [SC4] whatever a program writes is the same for all who watch', () => {
  for (let n = 0; n < loops(120, 6000); n++) playAny(10_000 + n);
});
