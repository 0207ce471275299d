// The session's screen as a terminal viewer holds it: an emulator that answers nothing, fed by
// what the sharer sends. Knows no link and no terminal of this computer.
import type { ScreenSink } from '../session/viewer-state.ts';
import type { CellSource } from '../terminal/cell-source.ts';
import { openEmulator } from '../terminal/emulator.ts';
import { runColour } from '../terminal/pen.ts';
import { openSanitizer } from '../terminal/sanitizer.ts';

export interface JoinedScreen {
  readonly sink: ScreenSink;
  readonly cells: () => CellSource;
  readonly onChanged: (changed: () => void) => void;
  /** The rows now on screen, as text. */
  readonly text: () => string[];
  /** The same rows, whole, in runs of one style. */
  readonly runs: () => ScreenRun[][];
}

/** Colours and flags as StyleRun in protocol/document.ts has them. */
export interface ScreenRun {
  readonly text: string;
  readonly fg: number;
  readonly bg: number;
  readonly flags: number;
}

/** Until the first screen is there, in cells. */
const BLANK = { cols: 80, rows: 24 };

export function openJoinedScreen(): JoinedScreen {
  const emulator = openEmulator({ ...BLANK, answers: false });
  // [CL2] A sharer's bytes are a stranger's: what could hang an emulator does not reach it.
  let sanitizer = openSanitizer(BLANK);
  let changed = (): void => {};

  async function take(bytes: Uint8Array): Promise<void> {
    emulator.write(sanitizer.push(bytes).forEmulator);
    changed();
  }

  return {
    sink: {
      async screen(cols, rows, bytes) {
        sanitizer = openSanitizer({ cols, rows });
        emulator.reset(cols, rows);
        await take(bytes);
      },
      bytes: take,
    },
    cells: () => emulator.view(),
    onChanged: (next) => {
      changed = next;
    },
    text() {
      const view = emulator.view();
      return Array.from({ length: view.rows }, (_, row) => rowText(view, row));
    },
    runs() {
      const view = emulator.view();
      return Array.from({ length: view.rows }, (_, row) => rowRuns(view, row));
    },
  };
}

function rowText(view: CellSource, row: number): string {
  let text = '';
  for (let column = 0; column < view.cols; column++) {
    const { chars, width } = view.cell(row, column);
    if (width > 0) text += chars === '' ? ' ' : chars;
  }
  return text.trimEnd();
}

function rowRuns(view: CellSource, row: number): ScreenRun[] {
  const runs: ScreenRun[] = [];
  for (let column = 0; column < view.cols; column++) {
    const { chars, width, pen } = view.cell(row, column);
    if (width === 0) continue;
    const text = chars === '' ? ' ' : chars;
    const next = { text, fg: runColour(pen.fg), bg: runColour(pen.bg), flags: pen.flags };
    const last = runs.at(-1);
    const same =
      last !== undefined && last.fg === next.fg && last.bg === next.bg && last.flags === next.flags;
    if (same) runs[runs.length - 1] = { ...last, text: last.text + text };
    else runs.push(next);
  }
  return runs;
}
