// Writes a terminal's whole state as bytes that bring another emulator of the same size into
// it. Knows an emulator's inside; not who gets the screen, only which rows they may see.
import { utf8 } from '../protocol/bytes.ts';
import { hasText, isTail, linkAt, penAt } from './cells.ts';
import { colourOf, DEFAULT_PEN, isProtected, penOf, samePen } from './pen.ts';
import { openRowWriter, type RowWriter } from './row-writer.ts';
import {
  rawExtended,
  type Core,
  type CoreBuffer,
  type CoreCharset,
  type CoreLine,
} from './xterm-core.ts';

export interface ScreenOptions {
  /** The first row of the normal screen that may be seen, counted from its top. */
  readonly visibleRow: number;
  readonly alternateVisible: boolean;
  /** The character that designates a set (the `0` in ESC ( 0); '' for ASCII. */
  readonly charsetName: (charset: CoreCharset) => string;
}

/**
 * A reset that reaches everything: RIS, then DECSTR for the hidden cursor, then the two modes
 * that xterm.js keeps as options.
 */
const RESET = '\u001bc\u001b[!p\u001b[?12l\u001b[20l';
const CHARSET_SLOTS = ['(', ')', '*', '+'];
const SHIFTS = ['', '\u000e', '\u001bn', '\u001bo'];

/** [SC1] Written to any emulator of the same size, the bytes make it equal in all that may be seen. */
export function writeScreen(core: Core, options: ScreenOptions): Uint8Array {
  const { normal, alt, active } = core.buffers;
  const inAlternate = active === alt;
  const { cols, rows } = core.size;
  const writer = openRowWriter({ cols, rows, linkAddress: core.linkAddress });
  const alternateRow = options.alternateVisible ? 0 : rows;

  writer.put(RESET);
  if (!inAlternate && isSaved(alt, rows)) {
    writer.put('\u001b[?1047h');
    writer.lost();
    writeSaved(writer, alt, options);
    writer.put('\u001b[?1047l');
    writer.lost();
  }
  writer.rows(normal, options.visibleRow);
  writeBufferState(writer, normal, core, options);
  if (inAlternate) {
    writer.pen(DEFAULT_PEN);
    writer.link(0);
    writer.put('\u001b[?1047h');
    writer.lost();
    writer.rows(alt, alternateRow);
    writeBufferState(writer, alt, core, options);
  }
  writeEnd(writer, core, options, inAlternate ? alternateRow : options.visibleRow);
  return utf8(writer.text());
}

/** What belongs to one buffer besides its cells. Leaves pen, link and charset as a reset does. */
function writeBufferState(
  writer: RowWriter,
  buffer: CoreBuffer,
  core: Core,
  options: ScreenOptions,
): void {
  const { cols, rows } = core.size;
  writeTabs(writer, buffer, cols);
  if (isSaved(buffer, rows)) writeSaved(writer, buffer, options);
  if (buffer.scrollTop !== 0 || buffer.scrollBottom !== rows - 1) {
    writer.put(`\u001b[${buffer.scrollTop + 1};${buffer.scrollBottom + 1}r`);
    writer.lost();
  }
}

function writeTabs(writer: RowWriter, buffer: CoreBuffer, cols: number): void {
  const stops: number[] = [];
  let usual = true;
  for (let column = 0; column < cols; column++) {
    const stop = buffer.tabs[column] === true;
    if (stop) stops.push(column);
    if (stop !== (column % 8 === 0)) usual = false;
  }
  if (usual) return;
  writer.put('\u001b[3g');
  for (const column of stops) writer.put(`\u001b[${column + 1}G\u001bH`);
  writer.lost();
}

function savedRow(buffer: CoreBuffer, rows: number): number {
  return Math.min(rows - 1, Math.max(0, buffer.savedY - buffer.ybase));
}

function isSaved(buffer: CoreBuffer, rows: number): boolean {
  return (
    buffer.savedX !== 0 ||
    savedRow(buffer, rows) !== 0 ||
    buffer.savedCurAttrData.fg !== 0 ||
    buffer.savedCurAttrData.bg !== 0 ||
    buffer.savedCharset !== undefined
  );
}

function writeSaved(writer: RowWriter, buffer: CoreBuffer, options: ScreenOptions): void {
  const { fg, bg } = buffer.savedCurAttrData;
  const charset = options.charsetName(buffer.savedCharset);
  writer.moveTo(savedRow(buffer, writer.size.rows), Math.min(buffer.savedX, writer.size.cols - 1));
  writer.link(0);
  writer.pen(penOf(fg, bg, undefined));
  writer.protect(isProtected(bg));
  writer.put(charset === '' ? '\u001b7' : `\u001b(${charset}\u001b7\u001b(B`);
  writer.pen(DEFAULT_PEN);
  writer.protect(false);
}

/** Cursor, pen, charsets and modes: what is the terminal's, not a buffer's. */
function writeEnd(writer: RowWriter, core: Core, options: ScreenOptions, visibleRow: number): void {
  const { active } = core.buffers;
  const { charset, glevel, slots } = core.charsets();
  const line = active.lines.get(active.ybase + active.y);
  const seen = active.y >= visibleRow ? line : undefined;
  // A restored cursor brings its charset along without designating it: the same way leads back.
  const strayed = charset !== slots[glevel];
  if (strayed) {
    writeCharsets(writer, core, options);
    writer.put('\u001b8\u001b[m');
  }
  const { origin } = core.service.decPrivateModes;
  if (origin) writer.put('\u001b[?6h');
  const top = origin ? active.scrollTop : 0;
  const joined = seen === undefined ? null : joinedCell(core, seen);
  const pending = active.x >= writer.size.cols;
  if (joined !== null) writer.jumpTo(active.y, joined, top);
  else if (pending) writePending(writer, active.y, top, seen);
  else writer.jumpTo(active.y, active.x, top);
  if (!strayed) writeCharsets(writer, core, options);
  writePen(writer, core, options.visibleRow === 0 && visibleRow === 0);
  writeModes(writer, core);
  if (joined !== null && seen !== undefined) {
    const width = seen.getWidth(joined);
    if (core.service.modes.insertMode) writer.put(`\u001b[${width}P`);
    writer.put(seen.getString(joined));
  }
}

/**
 * Where the last character stands if an accent or a repetition (REP) would still refer to it:
 * it is then written last. Its attributes are the pen's, or it was not the last.
 */
function joinedCell(core: Core, line: CoreLine): number | null {
  if (core.joinState() === 0) return null;
  const { x } = core.buffers.active;
  const column = isTail(line, x - 1) ? x - 2 : x - 1;
  if (column < 0 || !hasText(line, column) || line.getWidth(column) !== x - column) return null;
  const { fg, bg, extended } = core.pen();
  return samePen(penAt(line, column), penOf(fg, bg, extended)) ? column : null;
}

/** The cursor behind the last column, where the next character wraps. Only printing leads there. */
function writePending(
  writer: RowWriter,
  row: number,
  top: number,
  line: CoreLine | undefined,
): void {
  const last = writer.size.cols - 1;
  const column = line !== undefined && isTail(line, last) ? last - 1 : last;
  const text = line === undefined ? '' : line.getString(column);
  writer.jumpTo(row, column, top);
  const isEmpty = line === undefined || everyCellLike(line, last);
  if (line !== undefined) {
    writer.pen(penAt(line, column));
    writer.protect(isProtected(line.getBg(column)));
  }
  if (line !== undefined && text !== '') writer.link(linkAt(line, column));
  // The last byte makes an emulator forget the character: no accent joins it any more.
  writer.put(`${text === '' ? ' ' : text}\u0000`);
  // An empty row is emptied again; the cursor stays.
  if (isEmpty) writer.put('\u001b[1K');
}

/** Whether the row is empty from end to end, in one ground. */
function everyCellLike(line: CoreLine, last: number): boolean {
  const ground = penAt(line, last);
  for (let column = 0; column <= last; column++) {
    if (hasText(line, column) || isTail(line, column)) return false;
    if (!samePen(penAt(line, column), ground)) return false;
  }
  return true;
}

function writeCharsets(writer: RowWriter, core: Core, options: ScreenOptions): void {
  const { glevel, slots } = core.charsets();
  CHARSET_SLOTS.forEach((slot, level) => {
    const name = options.charsetName(slots[level]);
    if (name !== '') writer.put(`\u001b${slot}${name}`);
  });
  writer.put(SHIFTS[glevel] ?? '');
}

/** [SC2] The pen. An open link goes along if all may be seen, or its text already was. */
function writePen(writer: RowWriter, core: Core, isAllSeen: boolean): void {
  const { fg, bg, extended } = core.pen();
  const pen = penOf(fg, bg, extended);
  const colour = colourOf(rawExtended(extended));
  // The underline's colour is kept by a pen that does not underline.
  const whole = pen.underlineColour === 0 && colour !== 0;
  writer.pen(whole ? { ...pen, underlineColour: colour } : pen);
  writer.protect(isProtected(bg));
  const id = extended.urlId;
  writer.link(isAllSeen || writer.hasWritten(id) ? id : 0);
}

function writeModes(writer: RowWriter, core: Core): void {
  const modes = core.service.decPrivateModes;
  const on: number[] = [];
  if (modes.applicationCursorKeys) on.push(1);
  if (core.options.cursorBlink) on.push(12);
  if (modes.reverseWraparound) on.push(45);
  if (modes.applicationKeypad) on.push(66);
  const tracking = { X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 };
  for (const [name, mode] of Object.entries(tracking)) {
    if (core.mouse.activeProtocol === name) on.push(mode);
  }
  if (modes.sendFocus) on.push(1004);
  if (core.mouse.activeEncoding === 'SGR') on.push(1006);
  if (core.mouse.activeEncoding === 'SGR_PIXELS') on.push(1016);
  if (modes.bracketedPasteMode) on.push(2004);
  if (on.length > 0) writer.put(`\u001b[?${on.join(';')}h`);
  const off: number[] = [];
  if (!modes.wraparound) off.push(7);
  if (core.service.isCursorHidden) off.push(25);
  if (off.length > 0) writer.put(`\u001b[?${off.join(';')}l`);
  if (core.service.modes.insertMode) writer.put('\u001b[4h');
  if (core.options.convertEol) writer.put('\u001b[20h');
  if (modes.cursorStyle !== undefined) {
    const style = { block: 2, underline: 4, bar: 6 }[modes.cursorStyle];
    writer.put(`\u001b[${style - (modes.cursorBlink === true ? 1 : 0)} q`);
  }
}
