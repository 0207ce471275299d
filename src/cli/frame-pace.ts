// When to paint: at once after silence, else as often as is good for anyone. Knows no screen.
import type { Clock } from '../protocol/ports.ts';

/** Between two frames, in ms: 125 a second, more than any display shows. */
export const FRAME_MS = 8;

export interface FramePace {
  /** Something is to be painted. */
  readonly due: () => void;
  readonly close: () => void;
}

/** [CL5] The first frame after silence is painted before `due` returns. */
export function openFramePace(clock: Clock, paint: () => void): FramePace {
  let paintedAt = -Infinity;
  let cancel: (() => void) | 'idle' = 'idle';

  function frame(): void {
    paintedAt = clock.monotonic();
    paint();
  }

  return {
    due() {
      if (cancel !== 'idle') return;
      const wait = paintedAt + FRAME_MS - clock.monotonic();
      if (wait <= 0) return frame();
      cancel = clock.after(wait, () => {
        cancel = 'idle';
        frame();
      });
    },
    close() {
      if (cancel !== 'idle') cancel();
      // Never again: what is due after the end has no screen to go to.
      cancel = () => undefined;
    },
  };
}
