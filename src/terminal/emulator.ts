// A terminal without a window, on xterm.js: parses bytes, keeps both screens and what scrolled
// off the normal one, numbers its rows, writes screens. The sharer's also answers queries.
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { utf8 } from '../protocol/bytes.ts';
import type { Row } from '../protocol/document.ts';
import { openCharacterCarry, wholeCharactersEnd } from './character-carry.ts';
import { charsetName } from './charset-names.ts';
import { openMends } from './emulator-mends.ts';
import { openRowNumbers, type RowMark } from './row-numbers.ts';
import { lineText, rowOf } from './rows.ts';
import { writeScreen } from './screen-writer.ts';
import { useWidths } from './widths.ts';
import { viewOf, type CellSource } from './cell-source.ts';
import { coreOf, type Core, type CoreLine } from './xterm-core.ts';

export type { RowMark } from './row-numbers.ts';

/** Rows kept above the screen of the sharer's emulator. Its parser slows down with more. */
export const ROWS_KEPT = 5000;
/** Parsed in one go; more makes xterm.js allocate, less costs calls. In bytes. */
const SLICE_BYTES = 64 * 1024;
/** CAN, which ends any sequence. */
const CANCEL = 0x18;

export interface EmulatorOptions {
  readonly cols: number;
  readonly rows: number;
  /** The sharer's own: it answers queries and keeps rows. Viewers' neither answer nor keep. */
  readonly answers: boolean;
}

export interface TerminalModes {
  readonly bracketedPaste: boolean;
  readonly applicationCursor: boolean;
  readonly applicationKeypad: boolean;
  readonly focusEvents: boolean;
  readonly mouse: 'none' | 'x10' | 'vt200' | 'drag' | 'any';
  readonly mouseEncoding: 'default' | 'sgr' | 'pixels';
}

export interface Visibility {
  /** The first row that may be seen; null for none. */
  readonly visibleFrom: number | null;
  readonly alternateVisible: boolean;
}

export interface Emulator {
  /** Parses at once; `parsed` is called before this returns. Answers come out on the way. */
  readonly write: (bytes: Uint8Array, parsed?: () => void) => void;
  readonly onReply: (reply: (bytes: Uint8Array) => void) => void;
  /** Rows [from, from + count) have left the screen; `rows` gives them now, not later. */
  readonly onScrolled: (
    scrolled: (from: number, count: number, rows: () => readonly Row[]) => void,
  ) => void;
  /** The parser failed on some bytes: viewers may show something else until the next screen. */
  readonly onBroken: (broken: (error: unknown) => void) => void;
  readonly resize: (cols: number, rows: number) => void;
  /** As new, in this size. Row numbers go on. */
  readonly reset: (cols: number, rows: number) => void;
  readonly cols: number;
  /** The height of the screen. */
  readonly screenRows: number;
  /** Of the normal screen, also behind the alternate one; `column` is `cols` where the next character will wrap. */
  readonly cursor: () => { readonly row: number; readonly column: number };
  readonly top: () => number;
  /** Rows [from, to) of the normal screen and above it, as far as they are still there. */
  readonly rows: (
    from: number,
    to: number,
  ) => { readonly from: number; readonly rows: readonly Row[] };
  readonly alternate: () => boolean;
  readonly title: () => string;
  /** How often a title was set, the same one again too. */
  readonly titles: () => number;
  readonly modes: () => TerminalModes;
  /** The text between two places of the normal screen; `toColumn` is not in it. */
  readonly text: (fromRow: number, fromColumn: number, toRow: number, toColumn: number) => string;
  /** Follows a row: the cursor's, unless told. */
  readonly mark: (row?: number) => RowMark;
  readonly screen: (visibility: Visibility) => Uint8Array;
  /** What is on screen now, cell by cell; live, not a copy. */
  readonly view: () => CellSource;
  /** For tests and for screens made elsewhere. */
  readonly core: Core;
  readonly dispose: () => void;
}

const MOUSE = { NONE: 'none', X10: 'x10', VT200: 'vt200', DRAG: 'drag', ANY: 'any' } as const;
/** As told to programs that ask: one answer for viewers with pages dark and light. */
const COLOURS = { text: '#d8dee9', ground: '#101418', cursor: '#d8dee9' };

export function openEmulator(options: EmulatorOptions): Emulator {
  const terminal = new Terminal({
    cols: options.cols,
    rows: options.rows,
    scrollback: options.answers ? ROWS_KEPT : 0,
    allowProposedApi: true,
    logLevel: 'off',
  });
  useWidths(terminal);
  const core = coreOf(terminal);
  const { buffers } = core;
  const carry = openCharacterCarry();
  let reply: (bytes: Uint8Array) => void = () => undefined;
  let scrolled: (from: number, count: number, rows: () => readonly Row[]) => void = () => undefined;
  let broken: (error: unknown) => void = () => undefined;
  let title = '';
  let titles = 0;

  const numbers = openRowNumbers(core, (from, count) => {
    scrolled(from, count, () => rows(from, from + count).rows);
  });

  terminal.onTitleChange((text) => {
    title = text;
    titles++;
  });
  if (options.answers) {
    terminal.onData((text) => reply(utf8(text)));
    answerColours();
  }
  const mends = openMends(terminal, core, numbers);

  /** OSC 10, 11, 12: xterm.js headless knows no colours. */
  function answerColours(): void {
    const known = ['text', 'ground', 'cursor'] as const;
    known.forEach((_, first) => {
      terminal.parser.registerOscHandler(10 + first, (data) => {
        data.split(';').forEach((asked, i) => {
          const name = known[first + i];
          if (asked === '?' && name !== undefined) {
            reply(utf8(`\u001b]${10 + first + i};${askedColour(COLOURS[name])}\u001b\\`));
          }
        });
        return true;
      });
    });
  }

  function parse(bytes: Uint8Array): void {
    try {
      core.parse(bytes);
    } catch (error) {
      // A bug of the parser: what is left of these bytes is lost, the terminal goes on.
      broken(error);
      core.parse(Uint8Array.of(CANCEL));
    }
  }

  function write(bytes: Uint8Array, parsed?: () => void): void {
    const whole = carry(bytes);
    for (let from = 0; from < whole.length;) {
      const end = wholeCharactersEnd(whole, Math.min(whole.length, from + SLICE_BYTES));
      parse(whole.subarray(from, end));
      from = end;
    }
    numbers.tell();
    parsed?.();
  }

  function resize(cols: number, rows: number): void {
    if (cols === terminal.cols && rows === terminal.rows) return;
    numbers.resized(() => mends.resize(cols, rows));
  }

  function lineOf(row: number): CoreLine | undefined {
    const index = row - numbers.first();
    return index < 0 || index >= buffers.normal.lines.length
      ? undefined
      : buffers.normal.lines.get(index);
  }

  function rows(from: number, to: number): { from: number; rows: readonly Row[] } {
    const first = Math.max(from, numbers.first());
    const found: Row[] = [];
    for (let row = first; row < to; row++) {
      const line = lineOf(row);
      if (line === undefined) break;
      found.push(rowOf(line));
    }
    return { from: first, rows: found };
  }

  function text(fromRow: number, fromColumn: number, toRow: number, toColumn: number): string {
    let joined = '';
    for (let row = Math.max(fromRow, numbers.first()); row <= toRow; row++) {
      const line = lineOf(row);
      if (line === undefined) break;
      if (row > fromRow && !line.isWrapped) joined += '\n';
      joined += lineText(
        line,
        row === fromRow ? fromColumn : 0,
        row === toRow ? toColumn : line.length,
      );
    }
    return joined;
  }

  function screen({ visibleFrom, alternateVisible }: Visibility): Uint8Array {
    mends.placeSavedCursor();
    const visibleRow = visibleFrom === null ? terminal.rows : visibleFrom - numbers.top();
    return writeScreen(core, {
      visibleRow: Math.min(terminal.rows, Math.max(0, visibleRow)),
      alternateVisible: alternateVisible && visibleFrom !== null,
      charsetName,
    });
  }

  return {
    write,
    onReply: (callback) => {
      reply = callback;
    },
    onScrolled: (callback) => {
      scrolled = callback;
    },
    onBroken: (callback) => {
      broken = callback;
    },
    resize,
    reset: (cols, rowCount) => {
      write(utf8('\u001bc\u001b[!p\u001b[?12l\u001b[20l'));
      resize(cols, rowCount);
    },
    get cols() {
      return terminal.cols;
    },
    get screenRows() {
      return terminal.rows;
    },
    cursor: () => ({
      row: numbers.top() + buffers.normal.y,
      column: Math.min(buffers.normal.x, terminal.cols),
    }),
    top: numbers.top,
    rows,
    alternate: () => buffers.active === buffers.alt,
    title: () => title,
    titles: () => titles,
    modes: () => modesOf(core),
    text,
    mark: (row) => numbers.mark(row ?? numbers.top() + buffers.normal.y),
    screen,
    view: () => viewOf(core),
    core,
    dispose: () => {
      numbers.dispose();
      terminal.dispose();
    },
  };
}

function askedColour(colour: string): string {
  const pair = (at: number): string => colour.slice(at, at + 2).repeat(2);
  return `rgb:${pair(1)}/${pair(3)}/${pair(5)}`;
}

function modesOf(core: Core): TerminalModes {
  const modes = core.service.decPrivateModes;
  const { activeProtocol, activeEncoding } = core.mouse;
  return {
    bracketedPaste: modes.bracketedPasteMode,
    applicationCursor: modes.applicationCursorKeys,
    applicationKeypad: modes.applicationKeypad,
    focusEvents: modes.sendFocus,
    mouse: isMouse(activeProtocol) ? MOUSE[activeProtocol] : 'none',
    mouseEncoding:
      activeEncoding === 'SGR' ? 'sgr' : activeEncoding === 'SGR_PIXELS' ? 'pixels' : 'default',
  };
}

function isMouse(protocol: string): protocol is keyof typeof MOUSE {
  return protocol in MOUSE;
}
