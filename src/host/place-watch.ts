// Where things are on the screen: the number of its top row, and the row where what is live
// begins. Tells when that changes.
import type { ToViewer } from '../protocol/message.ts';
import type { Emulator, RowMark } from '../terminal/emulator.ts';
import type { ShellPhase } from '../terminal/shell-phase.ts';

export type Placed = Omit<Extract<ToViewer, { type: 'place' }>, 'type'>;

export interface PlaceWatch {
  readonly now: () => Placed;
  /** A prompt begins at the cursor. */
  readonly prompt: () => void;
  /** The block's output begins at the cursor. */
  readonly running: (block: number) => void;
  readonly ended: () => void;
  /** The number of the next block. */
  readonly counted: (next: number) => void;
  readonly phase: (phase: ShellPhase) => void;
  /** The emulator has taken in more output. */
  readonly look: () => void;
}

export function openPlaceWatch(
  emulator: Emulator,
  nextBlock: number,
  tell: (placed: Placed) => void,
): PlaceWatch {
  let begins: RowMark | 'top' = 'top';
  let block = nextBlock;
  let next = nextBlock;
  let shell: Placed['shell'] = 'starting';
  let last = now();

  function now(): Placed {
    const top = emulator.top();
    const from = begins === 'top' ? top : (begins.row() ?? top);
    return {
      top,
      from: shell === 'plain' ? top : from,
      block,
      shell,
      alternate: emulator.alternate(),
      title: emulator.title(),
    };
  }

  function look(): void {
    const next = now();
    if (same(last, next)) return;
    last = next;
    tell(next);
  }

  function beginHere(): void {
    if (begins !== 'top') begins.release();
    begins = emulator.mark();
  }

  return {
    now,
    prompt: beginHere,
    running(number) {
      block = number;
      next = number + 1;
      beginHere();
    },
    ended() {
      block = next;
    },
    counted(number) {
      if (block === next) block = number;
      next = number;
    },
    phase(phase) {
      shell = stateOf(phase);
    },
    look,
  };
}

function stateOf(phase: ShellPhase): Placed['shell'] {
  return phase.phase === 'continuation' ? 'prompt' : phase.phase;
}

function same(a: Placed, b: Placed): boolean {
  return (
    a.top === b.top &&
    a.from === b.from &&
    a.block === b.block &&
    a.shell === b.shell &&
    a.alternate === b.alternate &&
    a.title === b.title
  );
}
