// Masks what enters a block's document: its command, its head as it grows, its tail. Knows the
// running block only: there is one.
import type { BlockStart } from '../crdt/block-document.ts';
import type { Masking } from '../agent/masking.ts';
import type { Row } from '../protocol/document.ts';
import { maskedTail, openRowMask, type RowMask } from './row-mask.ts';
import type { BlockRows } from './terminal.ts';

export interface BlockMask {
  readonly begin: (start: BlockStart) => BlockStart;
  /** Rows not yet decided come with the next ones. */
  readonly rows: (rows: BlockRows, cols: number) => BlockRows;
  /** What was held back, once no more will come. */
  readonly end: () => BlockRows | 'none';
}

export function openBlockMask(masking: Masking): BlockMask {
  let head: RowMask | 'over' = 'over';
  let number = 0;

  return {
    begin(start) {
      head = openRowMask(masking);
      number = start.number;
      return { ...start, command: masking.mask(start.command) };
    },
    rows(rows, cols) {
      const ready: Row[] = [];
      if (head !== 'over') {
        const isCut = rows.omitted > 0 || (rows.tail?.length ?? 0) > 0;
        ready.push(...head.push(rows.head, { cols, goesOn: isCut || rows.goesOn }));
        if (isCut) {
          ready.push(...head.rest(true));
          head = 'over';
        }
      }
      const tail = rows.tail === null ? null : maskedTail(masking, rows.tail, cols);
      return { ...rows, head: ready, tail };
    },
    end() {
      const rest = head === 'over' ? [] : head.rest(false);
      head = 'over';
      return rest.length === 0
        ? 'none'
        : { number, head: rest, omitted: 0, tail: null, goesOn: false };
    },
  };
}
