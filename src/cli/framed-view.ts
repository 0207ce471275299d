// A screen in this terminal with lines of ours under it: the window painter draws the screen,
// this the lines, both in one write a frame. Knows neither session nor keys.
import { concat, utf8 } from '../protocol/bytes.ts';
import type { Clock } from '../protocol/ports.ts';
import type { CellSource } from '../terminal/cell-source.ts';
import { openWindowPainter } from '../terminal/window-painter.ts';
import { openFramePace } from './frame-pace.ts';
import type { LocalTerminal } from './local-terminal.ts';
import { fitted } from './printable.ts';

export interface Bar {
  readonly text: string;
  /** A quiet line is always there; a loud one wants an answer. */
  readonly tone: 'quiet' | 'loud';
}

export interface FramedView {
  readonly enter: () => void;
  /** What was in the terminal before comes back. */
  readonly leave: () => void;
  /** What leaving would write now. */
  readonly ending: () => Uint8Array;
  /** The screen has changed, or what the lines should say. */
  readonly changed: () => void;
  readonly resized: () => void;
  /** The cell of the screen in the upper left corner, and how many of its rows are shown. */
  readonly window: () => { readonly row: number; readonly column: number; readonly rows: number };
}

const PENS = { quiet: '\u001b[0;2;7m', loud: '\u001b[0;7m' } as const;

export function openFramedView(
  terminal: LocalTerminal,
  clock: Clock,
  source: () => CellSource,
  bars: (cols: number) => readonly Bar[],
): FramedView {
  let size = terminal.size();
  let shown: readonly string[] = [];
  let isIn = false;
  const painter = openWindowPainter(windowOf(size, 0));
  const pace = openFramePace(clock, paint);

  function windowOf(of: { readonly cols: number; readonly rows: number }, lines: number) {
    return { cols: of.cols, rows: Math.max(1, of.rows - lines) };
  }

  function paint(): void {
    if (!isIn) return;
    const next = bars(size.cols).map((bar) => PENS[bar.tone] + fitted(bar.text, size.cols));
    const fresh = next.length !== shown.length;
    if (fresh) {
      const { cols, rows } = windowOf(size, next.length);
      painter.resize(cols, rows);
    }
    const screen = painter.paint(source());
    const lines = linesOf(next, fresh);
    shown = next;
    if (screen.length + lines.length > 0) terminal.write(concat(screen, lines));
  }

  /** Where the painter left cursor and pen, they are afterwards. */
  function linesOf(next: readonly string[], fresh: boolean): Uint8Array {
    let out = '';
    next.forEach((line, i) => {
      const row = size.rows - next.length + i + 1;
      if (row > 1 && (fresh || line !== shown[i])) out += `\u001b[${row};1H${line}`;
    });
    return utf8(out === '' ? '' : `\u001b7${out}\u001b[m\u001b8`);
  }

  function ending(): Uint8Array {
    return isIn ? painter.leave() : new Uint8Array(0);
  }

  return {
    enter() {
      isIn = true;
      shown = [];
      terminal.write(painter.enter());
      pace.due();
    },
    leave() {
      terminal.write(ending());
      isIn = false;
    },
    ending,
    changed: () => pace.due(),
    resized() {
      size = terminal.size();
      const { cols, rows } = windowOf(size, shown.length);
      painter.resize(cols, rows);
      shown = shown.map(() => '');
      pace.due();
    },
    window: () => ({ ...painter.offset(), rows: windowOf(size, shown.length).rows }),
  };
}
