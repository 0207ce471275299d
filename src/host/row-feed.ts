// Rows of the running block on their way into its document: as they scroll off the screen, once
// a second or 32 KiB; what is on the screen at its end then.
import type { Clock } from '../protocol/ports.ts';
import type { Emulator, RowMark } from '../terminal/emulator.ts';
import { openRowLedger, type RowLedger } from '../terminal/row-ledger.ts';
import type { BlockRows } from './terminal.ts';

/** A block's document is written at most this often. */
const FLUSH_MS = 1000;
/** …or when this much of its head waits: half a frame, in bytes. */
const FLUSH_BYTES = 32 * 1024;

export interface RowFeed {
  readonly begin: (number: number, firstRow: number) => void;
  /** The block's last row; above its first where it wrote nothing. */
  readonly end: (lastRow: number) => void;
  readonly close: () => void;
}

interface Running {
  readonly number: number;
  readonly ledger: RowLedger;
  readonly first: RowMark;
}

export function openRowFeed(
  emulator: Emulator,
  clock: Clock,
  tell: (rows: BlockRows) => void,
): RowFeed {
  let running: Running | 'none' = 'none';
  let cancel: (() => void) | 'none' = 'none';

  function flush(): void {
    if (cancel !== 'none') cancel();
    cancel = 'none';
    if (running === 'none') return;
    const { head, omitted, tailChanged } = running.ledger.take();
    if (head.length > 0 || tailChanged) {
      const next = running.ledger.next();
      const goesOn = emulator.rows(next, next + 1).rows[0]?.wrapped ?? true;
      tell({ number: running.number, head, goesOn, omitted, tail: tailChanged ? [] : null });
    }
  }

  emulator.onScrolled((from, count) => {
    if (running === 'none') return;
    const first = running.first.row();
    if (first !== null) running.ledger.moved(first);
    running.ledger.scrolled(from + count);
    if (running.ledger.waitingBytes() >= FLUSH_BYTES) flush();
    else if (cancel === 'none') cancel = clock.after(FLUSH_MS, flush);
  });

  return {
    begin(number, firstRow) {
      const ledger = openRowLedger({ firstRow, rows: emulator.rows });
      running = { number, ledger, first: emulator.mark(firstRow) };
    },
    end(lastRow) {
      if (running === 'none') return;
      const { number, ledger, first } = running;
      const firstRow = first.row();
      if (firstRow !== null) ledger.moved(firstRow);
      first.release();
      const { head, omitted, tail } = ledger.end(lastRow + 1);
      running = 'none';
      if (cancel !== 'none') cancel();
      cancel = 'none';
      tell({
        number,
        head,
        goesOn: true,
        omitted,
        tail: omitted > 0 || tail.length > 0 ? tail : null,
      });
    },
    close() {
      if (cancel !== 'none') cancel();
    },
  };
}
