// Link keys for two ends that have done their handshake, and for one that has not.
import type { LinkKeys } from '../../../src/crypto/handshake.ts';
import { LANE_NUMBER } from '../../../src/peer/pieces.ts';
import { byLane } from '../../../src/peer/seals.ts';

/** The sharer's and the viewer's keys of one handshake. */
export function linkKeysFor(seed: number): { sharer: LinkKeys; viewer: LinkKeys } {
  const toViewer = byLane((lane) => keyOf(seed, 1, LANE_NUMBER[lane]));
  const toSharer = byLane((lane) => keyOf(seed, 2, LANE_NUMBER[lane]));
  return {
    sharer: { send: toViewer, receive: toSharer, words: 'a b c d' },
    viewer: { send: toSharer, receive: toViewer, words: 'a b c d' },
  };
}

function keyOf(...seed: number[]): Uint8Array {
  const key = new Uint8Array(32);
  key.set(seed);
  return key;
}
