// The terminal as an audience sees it: where blocks begin on it, what may be shown to whom, one
// screen made for all who see from the same row.
import type { Deflate } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import type { Beginning, Scene, Sight } from '../session/sight.ts';
import type { Placed } from './place-watch.ts';
import type { Terminal } from './terminal.ts';

/** Blocks and segments whose first row is remembered: those that can still be on a screen, and then some. */
const BLOCKS_MAX = 512;

export interface Stage {
  readonly terminal: Terminal;
  readonly scene: () => Scene;
  /** Deflated terminal bytes. */
  readonly screenFor: (sight: Sight, deflate: Deflate) => Uint8Array;
  readonly placeFor: (sight: Sight) => Placed;
  /** The latest prompt, or block; each call of `beginning` gives a mark of its own. */
  readonly latest: () => { readonly number: number; readonly beginning: () => Beginning };
  readonly flush: () => void;
  /** The prompt before a block, or where there is none the block itself, begins at the cursor. */
  readonly begins: (number: number) => void;
  /** [SP9] No block will begin: whoever waits for one sees from the cursor on. */
  readonly plain: () => void;
  /** The number of the next block. */
  readonly counted: (nextBlock: number) => void;
  /** [TR4] A segment of a thread takes the next number: a prompt that stands is the next block's. */
  readonly takes: () => number;
  /** Something was shown: screens made before are stale. */
  readonly changed: () => void;
}

export function openStage(terminal: Terminal, firstBlock: number): Stage {
  const { emulator } = terminal;
  const beginnings = new Map<number, Beginning>();
  let turn = 1;
  let nextBlock = firstBlock;
  /** How often the alternate screen was entered, as far as one looked in between. */
  let alternates = 0;
  let inAlternate = false;
  let latest = { number: firstBlock, begun: beginningAt(0) };
  /** The last time a title was set. */
  let title = { count: 0, turn: 0 };
  const made = new Map<string, Uint8Array>();

  function look(): void {
    const count = emulator.titles();
    if (count !== title.count) title = { count, turn };
    if (emulator.alternate() && !inAlternate) alternates++;
    inAlternate = emulator.alternate();
  }

  function beginningAt(row: number): Beginning {
    return { row: emulator.mark(row), turn, alternateFrom: alternates + 1 };
  }

  /** Where it is not remembered, of the next one that is: never one that came before. */
  function beginningOf(number: number): Beginning | undefined {
    const known = beginnings.get(number);
    if (known !== undefined || number >= nextBlock) return known;
    for (const [later, begun] of beginnings) if (later > number) return begun;
    return undefined;
  }

  function remember(number: number, begun: Beginning): void {
    beginnings.get(number)?.row.release();
    beginnings.set(number, begun);
    const first = beginnings.keys().next();
    if (beginnings.size > BLOCKS_MAX && first.done !== true) {
      beginnings.get(first.value)?.row.release();
      beginnings.delete(first.value);
    }
  }

  /** Each sight has a mark of its own: a prompt drawn anew does not move an older one. */
  function own(begun: Beginning): Beginning {
    return { ...begun, row: emulator.mark(begun.row.row() ?? freeRow()) };
  }

  /**
   * [SP6] The first row, from the cursor's down, on which and below which nothing stands yet: output
   * without an end of line, or a cursor that went up, leave older text beside or under a prompt.
   */
  function freeRow(): number {
    const here = emulator.mark();
    const { from, rows } = emulator.rows(here.row() ?? 0, emulator.top() + emulator.screenRows);
    here.release();
    return from + rows.findLastIndex((row) => row.text !== '') + 1;
  }

  function here(): Beginning {
    look();
    turn++;
    return beginningAt(freeRow());
  }

  /** [SP7] An alternate screen entered before the starting point is older, as long as it shows. */
  function seesAlternate(sight: Sight): boolean {
    look();
    return sight.sees === 'all' || (sight.sees === 'since' && alternates >= sight.alternateFrom);
  }

  return {
    terminal,
    flush: terminal.flush,
    scene() {
      look();
      return {
        nextBlock,
        firstBlock,
        turn,
        alternates,
        plain: terminal.phase().phase === 'plain',
        here,
        // [SP1] Behind a full-screen program no row of the normal screen is visible.
        topRow: () => emulator.mark(emulator.alternate() ? freeRow() : emulator.top()),
        beginningOf(number) {
          const begun = beginningOf(number);
          return begun === undefined ? null : own(begun);
        },
      };
    },
    screenFor(sight, deflate) {
      const visibleFrom = visibleRow(sight);
      const alternateVisible = seesAlternate(sight);
      const name = `${String(visibleFrom)} ${String(alternateVisible)}`;
      const known = made.get(name);
      if (known !== undefined) return known;
      const screen = deflate.deflate(emulator.screen({ visibleFrom, alternateVisible }));
      made.set(name, screen);
      return screen;
    },
    placeFor(sight) {
      const placed = terminal.placed();
      look();
      // [SP4] A title set before the starting point stays with those who were there.
      const mayKnow = sight.sees === 'all' || (sight.sees === 'since' && title.turn >= sight.turn);
      return mayKnow ? placed : { ...placed, title: '' };
    },
    latest: () => ({ number: latest.number, beginning: () => own(latest.begun) }),
    begins(number) {
      latest = { number, begun: here() };
      remember(number, latest.begun);
    },
    plain() {
      latest.begun.row.release();
      latest = { number: Number.MAX_SAFE_INTEGER, begun: here() };
    },
    counted(next) {
      nextBlock = next;
    },
    takes() {
      const number = nextBlock++;
      const standing = beginnings.get(number);
      if (standing === undefined) {
        remember(number, here());
      } else {
        latest = { number: nextBlock, begun: own(standing) };
        remember(nextBlock, latest.begun);
      }
      return number;
    },
    changed() {
      look();
      made.clear();
    },
  };
}

function visibleRow(sight: Sight): number | null {
  switch (sight.sees) {
    case 'all':
      return -Infinity;
    case 'nothing':
      return null;
    case 'since':
      return sight.row.row();
    default:
      return unreachable(sight);
  }
}
