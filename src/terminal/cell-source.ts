// A screen to be looked at cell by cell: what the window painter draws from.
import { linkAt, penAt } from './cells.ts';
import { DEFAULT_PEN, type Pen } from './pen.ts';
import type { Core } from './xterm-core.ts';

export interface ViewCell {
  /** '' where it is empty, and in the second half of a wide character. */
  readonly chars: string;
  /** 2 for a wide character, 0 for its second half (and for an accent that stands alone). */
  readonly width: number;
  readonly pen: Pen;
  /** Where it leads; '' for nowhere. */
  readonly link: string;
}

export interface ViewCursor {
  readonly row: number;
  /** At most the last column. */
  readonly column: number;
  readonly isVisible: boolean;
  /** As DECSCUSR numbers them, 1–6; 0 where the program left it to the terminal. */
  readonly style: number;
}

export interface CellSource {
  readonly cols: number;
  readonly rows: number;
  readonly cell: (row: number, column: number) => ViewCell;
  readonly cursor: ViewCursor;
  /** DEC private modes that a viewer's own terminal has to share, for its keys to be right. */
  readonly modes: readonly number[];
}

const EMPTY: ViewCell = { chars: '', width: 1, pen: DEFAULT_PEN, link: '' };

export function viewOf(core: Core): CellSource {
  const { active } = core.buffers;
  const { cols, rows } = core.size;
  const { cursorStyle, cursorBlink } = core.service.decPrivateModes;
  const base = cursorStyle === undefined ? 0 : { block: 2, underline: 4, bar: 6 }[cursorStyle];
  return {
    cols,
    rows,
    cell: (row, column) => {
      const line = active.lines.get(active.ybase + row);
      if (line === undefined) return EMPTY;
      return {
        chars: line.getString(column),
        width: line.getWidth(column),
        pen: penAt(line, column),
        link: core.linkAddress(linkAt(line, column)),
      };
    },
    cursor: {
      row: active.y,
      column: Math.min(active.x, cols - 1),
      isVisible: !core.service.isCursorHidden,
      style: base === 0 || cursorBlink !== true ? base : base - 1,
    },
    modes: modesOf(core),
  };
}

function modesOf(core: Core): readonly number[] {
  const { activeProtocol, activeEncoding } = core.mouse;
  const modes = core.service.decPrivateModes;
  const table: readonly (readonly [mode: number, isOn: boolean])[] = [
    [1, modes.applicationCursorKeys],
    [66, modes.applicationKeypad],
    [9, activeProtocol === 'X10'],
    [1000, activeProtocol === 'VT200'],
    [1002, activeProtocol === 'DRAG'],
    [1003, activeProtocol === 'ANY'],
    [1004, modes.sendFocus],
    [1006, activeEncoding === 'SGR'],
    [1016, activeEncoding === 'SGR_PIXELS'],
    [2004, modes.bracketedPasteMode],
  ];
  return table.filter(([, isOn]) => isOn).map(([mode]) => mode);
}
