// Where xterm.js treats an emulator with rows above its screen unlike one without, or would
// throw, this sets it right just before xterm.js acts; and tells the row numbers what they
// cannot see. Knows sequences and the buffers; not rows' contents, and no viewers.
import type { Terminal } from '@xterm/headless';
import { mendEdge } from './cells.ts';
import type { RowNumbers } from './row-numbers.ts';
import type { Core } from './xterm-core.ts';

export interface Mends {
  /** Before a saved cursor is read: puts its row where it belongs. */
  readonly placeSavedCursor: () => void;
  readonly resize: (cols: number, rows: number) => void;
}

export function openMends(terminal: Terminal, core: Core, numbers: RowNumbers): Mends {
  const { parser } = terminal;
  const { buffers } = core;
  /** Of the saved cursor, counted from the top of the normal screen. */
  let savedRow = 0;
  watchErasing();
  watchSavedCursor();

  /** What changes where marks belong, seen before xterm.js does it. */
  function watchErasing(): void {
    parser.registerCsiHandler({ final: 'J' }, (parameters) => {
      const { active } = buffers;
      if (parameters[0] === 3) numbers.tell();
      if (parameters[0] === 2) numbers.erased(0);
      if ((parameters[0] ?? 0) === 0) numbers.erased(active.x === 0 ? active.y : active.y + 1);
      return unwrapNext(parameters[0]);
    });
    parser.registerCsiHandler({ prefix: '?', final: 'J' }, (parameters) =>
      unwrapNext(parameters[0]),
    );
    parser.registerEscHandler({ final: 'M' }, () => {
      if (buffers.active.y === buffers.active.scrollTop) numbers.movedDown();
      return false;
    });
    parser.registerEscHandler({ final: 'c' }, () => {
      numbers.tell();
      savedRow = 0;
      return false;
    });
  }

  /**
   * [SC5] Erased to its end, a row goes on no more. xterm.js looks for the next row without
   * counting those above the screen, and throws where it finds none: it finds a row that is
   * erased anyway.
   */
  function unwrapNext(erase: number | number[] | undefined): false {
    const { active } = buffers;
    if (erase !== 1 || active.x + 1 < terminal.cols) return false;
    const top = active.lines.get(active.ybase);
    if (active.y + 1 >= active.lines.length && top !== undefined) {
      active.lines.set(active.y + 1, top);
    }
    const next = active.lines.get(active.ybase + active.y + 1);
    if (active.y + 1 < terminal.rows && next !== undefined) next.isWrapped = false;
    return false;
  }

  /**
   * xterm.js counts a saved cursor's row from the oldest row it keeps. So it would return to
   * another place here than in a viewer's emulator, which keeps none.
   */
  function watchSavedCursor(): void {
    const save = (): boolean => {
      if (buffers.active === buffers.normal) savedRow = buffers.normal.y;
      return false;
    };
    const restore = (): boolean => {
      placeSavedCursor();
      return false;
    };
    parser.registerEscHandler({ final: '7' }, save);
    parser.registerEscHandler({ final: '8' }, restore);
    parser.registerCsiHandler({ final: 's' }, save);
    parser.registerCsiHandler({ final: 'u' }, restore);
    const isSaving = (mode: number | number[]): boolean => mode === 1048 || mode === 1049;
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (modes) =>
      modes.some(isSaving) ? save() : false,
    );
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (modes) =>
      modes.some(isSaving) ? restore() : false,
    );
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => {
      if (buffers.active === buffers.normal) savedRow = 0;
      return false;
    });
  }

  function placeSavedCursor(): void {
    buffers.normal.savedY = savedRow + buffers.normal.ybase;
  }

  function resize(cols: number, rows: number): void {
    placeSavedCursor();
    terminal.resize(cols, rows);
    savedRow = Math.min(rows - 1, Math.max(0, buffers.normal.savedY - buffers.normal.ybase));
    // A narrower alternate screen may have cut a wide character in half: no bytes lead there.
    for (let row = 0; row < buffers.alt.lines.length; row++) {
      const line = buffers.alt.lines.get(row);
      if (line !== undefined) mendEdge(line);
    }
  }

  return { placeSavedCursor, resize };
}
