// A terminal's screen, and the moment at which something stands on it. Times are taken where the
// bytes have been parsed, so that every subject is measured at the same place.
import { openEmulator, type Emulator } from '../src/terminal/emulator.ts';

export interface ScreenWatch {
  readonly take: (bytes: Uint8Array) => void;
  /** A whole screen in place of what there was. */
  readonly renew: (cols: number, rows: number, bytes: Uint8Array) => void;
  /** When `seen` first holds, in ms of performance.now(); it is asked after each parse. */
  readonly when: (seen: (screen: ScreenWatch) => boolean, withinMs?: number) => Promise<number>;
  /** The cursor's row up to the cursor, and how far above it another row is. */
  readonly line: (above?: number) => string;
  readonly rows: () => readonly string[];
  readonly emulator: Emulator;
}

export const SIZE = { cols: 120, rows: 36 } as const;
/** Nothing here takes this long unless it is broken. */
const WITHIN_MS = 60_000;

export function openScreenWatch(answer: (bytes: Uint8Array) => void = () => {}): ScreenWatch {
  const emulator = openEmulator({ ...SIZE, answers: false });
  emulator.onReply(answer);
  const waiting = new Set<() => void>();
  let height: number = SIZE.rows;

  const look = (): void => {
    for (const one of waiting) one();
  };
  const text = (row: number): string => emulator.rows(row, row + 1).rows[0]?.text ?? '';

  const watch: ScreenWatch = {
    emulator,
    take(bytes) {
      emulator.write(bytes);
      look();
    },
    renew(cols, rows, bytes) {
      height = rows;
      emulator.reset(cols, rows);
      emulator.write(bytes);
      look();
    },
    when: (seen, withinMs = WITHIN_MS) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          const rows = watch.rows().filter((row) => row !== '');
          reject(new Error(`not seen within ${withinMs} ms: ${JSON.stringify(rows.slice(-8))}`));
        }, withinMs);
        function look(): void {
          if (!seen(watch)) return;
          const at = performance.now();
          clearTimeout(timer);
          waiting.delete(look);
          resolve(at);
        }
        waiting.add(look);
        look();
      }),
    line: (above = 0) => text(emulator.cursor().row - above),
    rows: () =>
      emulator.rows(emulator.top(), emulator.top() + height).rows.map((row) => row.text.trimEnd()),
  };
  return watch;
}
