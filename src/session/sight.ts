// From which row on a viewer may see the screen: its starting point, as long as this terminal
// lives. Knows rows as marks that move with the text, and no emulator.
import type { StartChoice } from '../protocol/action.ts';
import { unreachable } from '../protocol/result.ts';

/** A row that keeps its place through scrolling and reflow; null once it has been released. */
export interface Row {
  readonly row: () => number | null;
  readonly release: () => void;
}

/** Where something begins on the terminal: what is older must not be seen from there. */
export interface Beginning {
  readonly row: Row;
  /** Titles set in an earlier turn are older. */
  readonly turn: number;
  /** The alternate screen is counted each time it is entered; a lower number is older. */
  readonly alternateFrom: number;
}

export type Sight =
  /** Everything this terminal shows. */
  | { readonly sees: 'all' }
  /** Nothing, until the block of this number begins. */
  | { readonly sees: 'nothing'; readonly untilBlock: number }
  /** What was written since then. */
  | ({ readonly sees: 'since' } & Beginning);

/** What there is on the terminal when someone is let in. */
export interface Scene {
  /** The number of the next block; the running one has the number before. */
  readonly nextBlock: number;
  /** The first block of this terminal's life: older ones are not on its screen. */
  readonly firstBlock: number;
  /** Counts prompts and blocks: what was set before has a lower turn. */
  readonly turn: number;
  /** How often the alternate screen was entered. */
  readonly alternates: number;
  /** The shell says nothing of blocks: no next one will begin. */
  readonly plain: boolean;
  /** What is written from now on. */
  readonly here: () => Beginning;
  /** The first row that shows; where a full-screen program hides them all, the first after them. */
  readonly topRow: () => Row;
  /** Where the block of this number, or the prompt before it, begins; null if not known (any more). */
  readonly beginningOf: (number: number) => Beginning | null;
}

/** [SP1] For one who is let in now, by the choice of its invite. */
export function sightOf(choice: StartChoice, scene: Scene): Sight {
  switch (choice.from) {
    case 'all':
      return { sees: 'all' };
    case 'screen':
      return {
        sees: 'since',
        row: scene.topRow(),
        turn: scene.turn,
        alternateFrom: scene.alternates,
      };
    case 'none':
      return fromBlock(scene.nextBlock, scene);
    case 'block':
      return fromBlock(choice.block, scene);
    default:
      return unreachable(choice);
  }
}

/** For one who comes back to a terminal that never knew it: by the number in its grant. */
export function fromBlock(number: number, scene: Scene): Sight {
  // Blocks count from 1. What this terminal shows is later than any block before its first.
  if (number < scene.firstBlock || number === 0) return { sees: 'all' };
  const begun = scene.beginningOf(number);
  // A block whose beginning is not known has left the screen long ago: what is there came after.
  if (begun !== null) return { sees: 'since', ...begun };
  if (number < scene.nextBlock) return { sees: 'all' };
  // [SP9] Who waited for a block of a plain shell would wait for ever.
  if (scene.plain) return { sees: 'since', ...scene.here() };
  return { sees: 'nothing', untilBlock: number };
}

/** A block, or the prompt before it, begins: those who waited for it see from here on. */
export function begun(sight: Sight, number: number, beginning: () => Beginning): Sight {
  return sight.sees === 'nothing' && number >= sight.untilBlock
    ? { sees: 'since', ...beginning() }
    : sight;
}
