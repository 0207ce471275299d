// Changes that came before what they follow on: a live frame overtakes a snapshot on a slower
// lane. A few are kept until their turn; the rest will be asked for.
import { FRAME_BYTES_MAX } from '../protocol/limits.ts';
import type { OpenedFrame } from './frame.ts';
import { sameHeads, type Heads } from './heads.ts';
import { isAfter, type Place } from './place.ts';

/** A minute of a block that is flushed each second. */
const EARLY_FRAMES_MAX = 64;
/** Four full frames. */
const EARLY_BYTES_MAX = 4 * FRAME_BYTES_MAX;

export interface EarlyFrames {
  /** Past the limits a frame is let go. */
  readonly keep: (frame: OpenedFrame) => void;
  /** Takes out the one that follows on `heads`, and lets go of all that are not after `place`. */
  readonly next: (heads: Heads, place: Place) => OpenedFrame | undefined;
  readonly count: () => number;
  readonly bytes: () => number;
  readonly clear: () => void;
}

export function openEarlyFrames(): EarlyFrames {
  let frames: OpenedFrame[] = [];
  let bytes = 0;

  function only(kept: OpenedFrame[]): void {
    frames = kept;
    bytes = kept.reduce((sum, frame) => sum + frame.body.length, 0);
  }

  return {
    keep(frame) {
      const isRoom = frames.length < EARLY_FRAMES_MAX;
      if (isRoom && bytes + frame.body.length <= EARLY_BYTES_MAX) only([...frames, frame]);
    },
    next(heads, place) {
      const later = frames.filter((frame) => isAfter(frame.head, place));
      const found = later.find((frame) => sameHeads(frame.head.base, heads));
      only(later.filter((frame) => frame !== found));
      return found;
    },
    count: () => frames.length,
    bytes: () => bytes,
    clear: () => only([]),
  };
}
