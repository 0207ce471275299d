// The terminal as an audience sees it: where blocks begin on it, what may be shown to whom, one
// screen made for all who see from the same row.
import type { Deflate } from '../protocol/ports.ts';
import type { RowMark } from '../terminal/emulator.ts';
import type { Scene, Sight } from '../session/sight.ts';
import type { Placed } from './place-watch.ts';
import type { Terminal } from './terminal.ts';

/** Blocks whose first row is remembered: those that can still be on a screen, and then some. */
const BLOCKS_MAX = 512;

export interface Stage {
  readonly terminal: Terminal;
  readonly scene: () => Scene;
  /** Deflated terminal bytes. */
  readonly screenFor: (sight: Sight, deflate: Deflate) => Uint8Array;
  readonly placeFor: (sight: Sight) => Placed;
  /** Where the latest prompt, or block, begins. */
  readonly latest: () => { readonly number: number; readonly row: RowMark; readonly turn: number };
  readonly flush: () => void;
  /** The prompt before a block, or where there is none the block itself, begins at the cursor. */
  readonly begins: (number: number) => void;
  /** The number of the next block. */
  readonly counted: (nextBlock: number) => void;
  /** Something was shown: screens made before are stale. */
  readonly changed: () => void;
}

export function openStage(terminal: Terminal, firstBlock: number): Stage {
  const { emulator } = terminal;
  const beginnings = new Map<number, { row: RowMark; turn: number }>();
  let turn = 1;
  let nextBlock = firstBlock;
  let latest = { number: firstBlock, row: emulator.mark(0), turn };
  let title = { text: '', turn: 0 };
  const made = new Map<number | null, Uint8Array>();

  function titleNow(): string {
    const text = emulator.title();
    if (text !== title.text) title = { text, turn };
    return text;
  }

  /** Each sight has a mark of its own: a prompt drawn anew does not move an older one. */
  function own<T extends { readonly row: RowMark }>(begun: T): T {
    return { ...begun, row: emulator.mark(begun.row.row() ?? emulator.cursor().row) };
  }

  return {
    terminal,
    flush: terminal.flush,
    scene: () => ({
      nextBlock,
      firstBlock,
      turn,
      topRow: () => emulator.mark(emulator.top()),
      rowOfBlock: (number) => {
        const begun = beginnings.get(number);
        return begun === undefined ? null : own(begun);
      },
    }),
    screenFor(sight, deflate) {
      const visibleFrom = visibleRow(sight);
      const known = made.get(visibleFrom);
      if (known !== undefined) return known;
      const screen = deflate.deflate(
        emulator.screen({ visibleFrom, alternateVisible: visibleFrom !== null }),
      );
      made.set(visibleFrom, screen);
      return screen;
    },
    placeFor(sight) {
      const placed = terminal.placed();
      titleNow();
      // [SP4] A title set before the starting point stays with those who were there.
      const mayKnow = sight.sees === 'all' || (sight.sees === 'since' && title.turn >= sight.turn);
      return mayKnow ? placed : { ...placed, title: '' };
    },
    latest: () => own(latest),
    begins(number) {
      titleNow();
      turn++;
      beginnings.get(number)?.row.release();
      latest = { number, row: emulator.mark(), turn };
      beginnings.set(number, latest);
      const first = beginnings.keys().next();
      if (beginnings.size > BLOCKS_MAX && first.done !== true) {
        beginnings.get(first.value)?.row.release();
        beginnings.delete(first.value);
      }
    },
    counted(next) {
      nextBlock = next;
    },
    changed: () => made.clear(),
  };
}

function visibleRow(sight: Sight): number | null {
  switch (sight.sees) {
    case 'all':
      return 0;
    case 'nothing':
      return null;
    case 'since':
      return sight.row.row();
  }
}
