// How the running program's screen comes back after something else was drawn over it.
import { concat, utf8 } from '../protocol/bytes.ts';
import type { CellSource } from '../terminal/cell-source.ts';
import type { Emulator } from '../terminal/emulator.ts';
import { openWindowPainter, USUAL_MODES } from '../terminal/window-painter.ts';

/** ESC c: in many terminals it throws away what was scrolled off, too. */
const RESET = utf8('\u001bc');
/** Blank, from the upper left corner, in place of that reset. */
const BLANK = utf8('\u001b[H\u001b[2J');

/** The whole screen drawn anew, on a terminal whose modes are as usual. */
export function restoredScreen(emulator: Emulator): Uint8Array {
  const screen = emulator.screen({ visibleFrom: 0, alternateVisible: true });
  const isReset = RESET.every((byte, i) => screen[i] === byte);
  return concat(BLANK, isReset ? screen.subarray(RESET.length) : screen);
}

/** What leaving the alternate screen did not put back: modes, and how the cursor looked. */
export function passedOver({ modes, cursor }: CellSource): Uint8Array {
  const set = modes.length === 0 ? '' : `\u001b[?${modes.join(';')}h`;
  const style = cursor.style === 0 ? '' : `\u001b[${cursor.style} q`;
  return utf8(`${set}${style}${cursor.isVisible ? '' : '\u001b[?25l'}`);
}

/** After a program that was running to the end: out of its screen, with modes as usual. */
export function afterProgram(emulator: Emulator): Uint8Array {
  if (emulator.alternate()) return openWindowPainter({ cols: 1, rows: 1 }).leave();
  return utf8(`\u001b7${USUAL_MODES}\u001b8\u001b[m`);
}
