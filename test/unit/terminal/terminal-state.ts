// Everything there is to know about an emulator, as plain values that two emulators can be
// compared by: whatever a program or a person could tell them apart by, now or later.
import { expect } from 'vitest';
import { hasText, isTail, linkAt, penAt } from '../../../src/terminal/cells.ts';
import { charsetName } from '../../../src/terminal/charset-names.ts';
import type { Emulator } from '../../../src/terminal/emulator.ts';
import {
  colourOf,
  DEFAULT_PEN,
  isProtected,
  UNDERLINE,
  penOf,
  type Pen,
} from '../../../src/terminal/pen.ts';
import { rawExtended, type Core, type CoreBuffer } from '../../../src/terminal/xterm-core.ts';

function penText(pen: Pen): string {
  return `${pen.fg}.${pen.bg}.${pen.flags}.${pen.underline}.${pen.underlineColour}`;
}

function withoutUnderline(pen: Pen): Pen {
  return { ...pen, underline: 0, underlineColour: 0, flags: pen.flags & ~UNDERLINE };
}

function rowState(core: Core, buffer: CoreBuffer, row: number): string {
  const line = buffer.lines.get(buffer.ybase + row);
  if (line === undefined) return 'missing';
  const cells: string[] = [];
  for (let column = 0; column < line.length; column++) {
    const uri = core.linkAddress(linkAt(line, column));
    const headed = column > 0 && line.getWidth(column - 1) === 2;
    // Half a wide character without the other half shows nothing but its ground.
    const isHalf = isTail(line, column) && !headed;
    const width = isHalf ? 1 : line.getWidth(column);
    const cell = penAt(line, column);
    const pen = isHalf ? { ...DEFAULT_PEN, bg: cell.bg } : cell;
    const text = hasText(line, column) ? line.getString(column) : '';
    const guard = isProtected(line.getBg(column)) && !isHalf ? '!' : '';
    cells.push(`${text}|${width}|${penText(pen)}${guard}${uri}`);
  }
  let state = line.isWrapped ? 'wrapped ' : '';
  for (let i = 0; i < cells.length;) {
    let n = 1;
    while (cells[i + n] === cells[i]) n++;
    state += `${cells[i]}${n > 1 ? `*${n}` : ''} `;
    i += n;
  }
  return state;
}

function bufferState(core: Core, buffer: CoreBuffer): Record<string, unknown> {
  const { cols, rows } = core.size;
  const { fg, bg } = buffer.savedCurAttrData;
  return {
    rows:
      buffer.lines.length === 0
        ? []
        : Array.from({ length: rows }, (_, row) => rowState(core, buffer, row)),
    region: [buffer.scrollTop, buffer.scrollBottom],
    tabs: Array.from({ length: cols }, (_, i) => i).filter((i) => buffer.tabs[i] === true),
    saved: {
      x: Math.min(buffer.savedX, cols - 1),
      y: Math.min(rows - 1, Math.max(0, buffer.savedY - buffer.ybase)),
      // xterm.js saves that there is an underline, but not which, and so restores none.
      pen: penText(withoutUnderline(penOf(fg, bg, undefined))),
      charset: charsetName(buffer.savedCharset),
    },
  };
}

export function stateOf(emulator: Emulator): Record<string, unknown> {
  // Reading the screen first puts the saved cursor where it is.
  emulator.screen({ visibleFrom: 0, alternateVisible: true });
  const { core } = emulator;
  const { normal, alt, active } = core.buffers;
  const { fg, bg, extended } = core.pen();
  const { synchronizedOutput: _, ...modes } = core.service.decPrivateModes;
  const charsets = core.charsets();
  return {
    normal: bufferState(core, normal),
    alternate: bufferState(core, alt),
    active: active === alt ? 'alternate' : 'normal',
    cursor: [Math.min(active.x, core.size.cols), active.y],
    pen: penText(penOf(fg, bg, extended)) + (isProtected(bg) ? '!' : ''),
    underlineColour: colourOf(rawExtended(extended)),
    link: core.linkAddress(extended.urlId),
    charsets: [0, 1, 2, 3].map((i) => charsetName(charsets.slots[i])),
    charset: [charsets.glevel, charsetName(charsets.charset)],
    modes,
    insert: core.service.modes.insertMode,
    hidden: core.service.isCursorHidden,
    mouse: [core.mouse.activeProtocol, core.mouse.activeEncoding],
    options: [core.options.convertEol, core.options.cursorBlink],
  };
}

/** Compared as text, which is quick; a difference is shown as values. */
export function expectState(one: Emulator, wanted: Record<string, unknown>, when: string): void {
  const state = stateOf(one);
  if (JSON.stringify(state) !== JSON.stringify(wanted)) expect(state, when).toEqual(wanted);
}

/**
 * States that no bytes lead to. The cursor behind the last column of a row that has text, but
 * none in its last cell: a screen has a space there. The cursor two behind it, where an accent
 * on its own brought it: it is one behind. A character set that was restored with the cursor of
 * the other screen: it is the designated one. The cursor outside the region in origin mode,
 * come from the other screen: it is inside.
 */
export function isBeyondBytes({ core }: Emulator): boolean {
  const { active } = core.buffers;
  const { charset, glevel, slots } = core.charsets();
  if (charset !== slots[glevel] && charset !== active.savedCharset) return true;
  const isOutside = active.y < active.scrollTop || active.y > active.scrollBottom;
  if (isOutside && core.service.decPrivateModes.origin) return true;
  const line = active.lines.get(active.ybase + active.y);
  const last = core.size.cols - 1;
  if (active.x > last + 1) return true;
  if (line === undefined || active.x <= last) return false;
  return !hasText(line, last) && !isTail(line, last);
}

/** What a person sees: an empty cell is a space, a palette colour is its number. */
export function seenOf(emulator: Emulator): Record<string, unknown> {
  const view = emulator.view();
  const colour = (value: number): number => (value >> 24 === 1 ? value + 0x1000000 : value);
  return {
    rows: Array.from({ length: view.rows }, (_, row) =>
      Array.from({ length: view.cols }, (_, column) => {
        const { chars, width, pen, link } = view.cell(row, column);
        const text = width === 0 && chars === '' ? '' : chars === '' ? ' ' : chars;
        const drawn = { ...pen, fg: colour(pen.fg), bg: colour(pen.bg) };
        return `${text}|${penText(drawn)}${link}`;
      }).join(' '),
    ),
    cursor: view.cursor,
    modes: view.modes,
  };
}
