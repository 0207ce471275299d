// Mouse reports of a window onto a larger screen, in the screen's own columns and rows.
import { utf8 } from '../protocol/bytes.ts';

export interface Corner {
  readonly row: number;
  readonly column: number;
  /** Rows of the screen that are shown; below them are lines of ours. */
  readonly rows: number;
}

const ESC = 0x1b;
/** ESC [ < button ; column ; row, and M where it is pressed, m where let go. */
const REPORT = /^\u001b\[<(\d{1,4});(\d{1,4});(\d{1,4})([Mm])$/;
/** Longer than any report. */
const REPORT_CHARS_MAX = 20;

/**
 * [CL9] A key sequence that is a mouse report (SGR, the only form that names large places) moved
 * by the window's place; one outside the window is left out. Anything else as it is.
 */
export function shiftedMouse(keys: Uint8Array, corner: Corner): Uint8Array {
  if (keys[0] !== ESC || keys[1] !== 0x5b || keys[2] !== 0x3c) return keys;
  const out: string[] = [];
  let from = 0;
  while (from < keys.length) {
    const end = reportEnd(keys, from);
    const text = String.fromCharCode(...keys.subarray(from, end));
    const match = REPORT.exec(text);
    if (match === null) return keys;
    const [, button = '', column = '', row = '', act = ''] = match;
    if (Number(row) <= corner.rows) {
      const x = Number(column) + corner.column;
      const y = Number(row) + corner.row;
      out.push(`\u001b[<${button};${x};${y}${act}`);
    }
    from = end;
  }
  return utf8(out.join(''));
}

function reportEnd(keys: Uint8Array, from: number): number {
  const to = Math.min(keys.length, from + REPORT_CHARS_MAX);
  for (let i = from; i < to; i++) if (keys[i] === 0x4d || keys[i] === 0x6d) return i + 1;
  return to;
}

/** The mouse in pixels of another window means nothing here. */
const PIXEL_MOUSE = 1016;

/** [CL10] Which of the program's modes one's own terminal takes on: one who only watches keeps the
 * mouse for selecting. */
export function localModes(modes: readonly number[], isTyping: boolean): readonly number[] {
  return isTyping ? modes.filter((mode) => mode !== PIXEL_MOUSE) : [];
}
