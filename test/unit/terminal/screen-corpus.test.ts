import { describe, expect, test } from 'vitest';
import { openEmulator, type Emulator } from '../../../src/terminal/emulator.ts';
import { openSanitizer } from '../../../src/terminal/sanitizer.ts';
import { chunksOf, recordings, seeded, type Recording } from './recordings.ts';
import { expectState, seenOf, stateOf } from './terminal-state.ts';

const ALL = { visibleFrom: 0, alternateVisible: true } as const;

function viewerOf({ cols, rows }: { cols: number; rows: number }): Emulator {
  return openEmulator({ cols, rows, answers: false });
}

/** Feeds the sharer and, from chunk 0 on, Alice; calls `at` after each chunk. */
function play(
  recording: Recording,
  seed: number,
  at: (index: number, sharer: Emulator, forViewers: Uint8Array) => void,
): Emulator {
  const { cols, rows, bytes } = recording;
  const sharer = openEmulator({ cols, rows, answers: true });
  const sanitizer = openSanitizer({ cols, rows });
  chunksOf(bytes, seeded(seed)).forEach((chunk, index) => {
    const { forEmulator, forViewers } = sanitizer.push(chunk);
    sharer.write(forEmulator);
    at(index, sharer, forViewers);
  });
  return sharer;
}

describe.each(recordings().map((recording) => [recording.name, recording] as const))(
  '%s',
  (_, recording) => {
    test('[SC4] Alice, who is there from the start, ends with the sharer’s screen', () => {
      const alice = viewerOf(recording);
      const sharer = play(recording, 1, (_index, _sharer, bytes) => alice.write(bytes));
      expect(stateOf(alice)).toEqual(stateOf(sharer));
    });

    test('[SC1] Bob, who joins at any moment, has the sharer’s screen then and at the end', () => {
      const count = chunksOf(recording.bytes, seeded(2)).length;
      const random = seeded(3);
      const joins = new Set(Array.from({ length: 5 }, () => Math.floor(random() * count)));
      const bobs: Emulator[] = [];
      const sharer = play(recording, 2, (index, emulator, bytes) => {
        for (const bob of bobs) bob.write(bytes);
        if (!joins.has(index)) return;
        const bob = viewerOf(recording);
        bob.write(emulator.screen(ALL));
        expectState(bob, stateOf(emulator), `joined at ${index}`);
        bobs.push(bob);
      });
      const wanted = stateOf(sharer);
      for (const bob of bobs) expectState(bob, wanted, 'at the end');
    });

    test('[SC1] Carol, who is slow and only gets screens, has each of them whole', () => {
      const carol = viewerOf(recording);
      const random = seeded(4);
      const sharer = play(recording, 5, (_index, emulator) => {
        if (random() < 0.05) carol.write(emulator.screen(ALL));
      });
      carol.write(sharer.screen(ALL));
      expect(stateOf(carol)).toEqual(stateOf(sharer));
      expect(seenOf(carol)).toEqual(seenOf(sharer));
    });
  },
);
