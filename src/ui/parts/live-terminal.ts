// The one xterm.js of a page: a screen and nothing else. What a program asks a terminal is never
// answered here (the sharer's emulator does); of what xterm would send, only mouse reports pass.
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { ScreenSink } from '../../session/viewer-state.ts';
import { drawingOf } from './drawing.ts';
import { openStyleDocument } from './style-document.ts';

export interface LiveTerminal {
  readonly sink: ScreenSink;
  /** Resolves when everything written so far is parsed. */
  readonly parsed: () => Promise<void>;
  /** CSS pixels of one cell at the present font size. */
  readonly cell: () => { readonly width: number; readonly height: number };
  readonly size: () => { readonly cols: number; readonly rows: number };
  /** The lowest row that holds the cursor or anything not blank. */
  readonly lastUsed: () => number;
  readonly cursor: () => { readonly column: number; readonly row: number };
  readonly modes: () => { readonly applicationCursor: boolean; readonly bracketedPaste: boolean };
  readonly setFontSize: (px: number) => void;
  readonly fontSize: () => number;
  readonly setTheme: () => void;
  /** Whether keys go here: shown by the cursor. */
  readonly setFocused: (focused: boolean) => void;
  /** What comes next is probably an echo: parsed and drawn at once. */
  readonly expectEcho: () => void;
  readonly selection: () => string;
  readonly close: () => void;
}

export interface LiveTerminalEvents {
  /** After each drawing and each change of size, before the browser shows it. */
  readonly drawn: () => void;
  /** The person clicked into the grid. */
  readonly pressed: () => void;
  /** A mouse report for the running program. */
  readonly mouse: (report: string) => void;
  /** Whether wheel and buttons may go to the program. */
  readonly mayType: () => boolean;
}

const RESET = '\u001bc';
/** SGR mouse reports, and the arrows a wheel makes on the alternate screen: never an answer's form. */
const MOUSE = /^(?:\u001b\[<\d{1,4};\d{1,4};\d{1,4}[Mm]|(?:\u001b[O[][AB])+)$/;

export function openLiveTerminal(host: HTMLElement, events: LiveTerminalEvents): LiveTerminal {
  const styles = openStyleDocument(document);
  const terminal = new Terminal({
    allowProposedApi: true, // the unicode service
    cols: 80,
    rows: 24,
    scrollback: 0,
    convertEol: false,
    documentOverride: styles.document,
    fontFamily: styleValue('--mono'),
    fontSize: 13,
    lineHeight: 1.2,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    drawBoldTextInBrightColors: true,
    linkHandler: { activate: () => undefined },
    logLevel: 'off',
    theme: themeNow(),
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  terminal.attachCustomKeyEventHandler(() => false);
  terminal.attachCustomWheelEventHandler(
    () => events.mayType() && terminal.modes.mouseTrackingMode !== 'none',
  );
  styles.during(() => terminal.open(host));
  const drawing = drawingOf(terminal);
  let drawsEcho = false;
  let echoDue = false;
  const owned = [
    terminal.onData((data) => {
      if (MOUSE.test(data) && events.mayType()) events.mouse(data);
    }),
    terminal.onRender(() => {
      // To measure costs as much as to draw: for an echo the frame in which it shows is early enough.
      if (drawsEcho) requestAnimationFrame(() => open && events.drawn());
      else events.drawn();
    }),
    terminal.onResize(() => events.drawn()),
  ];
  const textarea = terminal.textarea;
  if (textarea !== undefined) {
    // Keys have a textarea of ours; this one is only where xterm puts its focus after a click.
    textarea.tabIndex = -1;
    textarea.readOnly = true;
    textarea.setAttribute('aria-hidden', 'true');
    // The cursor is drawn only after a first focus: this one the browser does not notice.
    textarea.dispatchEvent(new FocusEvent('focus'));
    textarea.dispatchEvent(new FocusEvent('blur'));
    textarea.addEventListener('focus', () => events.pressed());
  }
  let open = true;
  const write = (data: Uint8Array | string): Promise<void> =>
    open ? new Promise((parsed) => terminal.write(data, parsed)) : Promise.resolve();

  /** Small, and at most one a key: the screen need not wait for a frame to have it. */
  const drawEcho = (): void => {
    echoDue = false;
    drawsEcho = true;
    drawing.now();
    drawsEcho = false;
  };

  return {
    sink: {
      screen(cols, rows, bytes) {
        if (!open) return Promise.resolve();
        if (cols !== terminal.cols || rows !== terminal.rows) terminal.resize(cols, rows);
        terminal.write(RESET); // one parse with what follows, so that no empty screen is drawn
        return write(bytes);
      },
      bytes(data) {
        const parsed = write(data);
        if (echoDue && open) drawEcho();
        return parsed;
      },
    },
    parsed: () => write(''),
    cell() {
      const box = host.querySelector('.xterm-screen')?.getBoundingClientRect();
      return {
        width: (box?.width ?? 0) / terminal.cols,
        height: (box?.height ?? 0) / terminal.rows,
      };
    },
    size: () => ({ cols: terminal.cols, rows: terminal.rows }),
    lastUsed: () => lastUsedRow(terminal),
    cursor: () => ({
      column: terminal.buffer.active.cursorX,
      row: terminal.buffer.active.cursorY,
    }),
    modes: () => ({
      applicationCursor: terminal.modes.applicationCursorKeysMode,
      bracketedPaste: terminal.modes.bracketedPasteMode,
    }),
    setFontSize(px) {
      if (terminal.options.fontSize !== px) terminal.options.fontSize = px;
    },
    fontSize: () => terminal.options.fontSize ?? 13,
    setTheme() {
      terminal.options.theme = themeNow();
    },
    setFocused(focused) {
      terminal.options.cursorInactiveStyle = focused ? 'block' : 'outline';
    },
    expectEcho() {
      echoDue = true;
      terminal.input('', true); // its next write is parsed in the call, not in a timer
    },
    selection: () => terminal.getSelection(),
    close() {
      open = false;
      for (const one of owned.toReversed()) one.dispose();
      terminal.dispose();
      styles.close();
    },
  };
}

function lastUsedRow(terminal: Terminal): number {
  const buffer = terminal.buffer.active;
  for (let row = terminal.rows - 1; row > buffer.cursorY; row--) {
    const line = buffer.getLine(buffer.baseY + row);
    if (line !== undefined && line.translateToString(true) !== '') return row;
  }
  return buffer.cursorY;
}

/** The page's own colours: named once, in style/tokens.css. */
function themeNow(): ITheme {
  const ansi = (n: number): string => styleValue(`--ansi-${n}`);
  return {
    background: styleValue('--term-bg'),
    foreground: styleValue('--term-fg'),
    cursor: styleValue('--term-cursor'),
    cursorAccent: styleValue('--term-bg'),
    selectionBackground: styleValue('--term-selection'),
    black: ansi(0),
    red: ansi(1),
    green: ansi(2),
    yellow: ansi(3),
    blue: ansi(4),
    magenta: ansi(5),
    cyan: ansi(6),
    white: ansi(7),
    brightBlack: ansi(8),
    brightRed: ansi(9),
    brightGreen: ansi(10),
    brightYellow: ansi(11),
    brightBlue: ansi(12),
    brightMagenta: ansi(13),
    brightCyan: ansi(14),
    brightWhite: ansi(15),
  };
}

function styleValue(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
