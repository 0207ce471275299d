// The receiving side of the window: how far each bulk lane has been processed, and when to say
// so. Counts bytes; knows no messages and no keys.
import { err, ok, type Result } from '../protocol/result.ts';
import { BULK_LANES, type BulkLane } from './flight.ts';
import { WINDOW_BYTES_MAX } from './window.ts';

/** So much processed and not told is told at once: the smallest window, in bytes. */
const ACK_BYTES = 16 * 1024;
/** Less is told no more often than this, in ms: a screen of single keys needs no echo of acks. */
const ACK_EVERY_MS = 25;

export interface Receipt {
  readonly lane: BulkLane;
  /** Bytes of the lane processed so far. */
  readonly position: number;
  /** How long ago that was, in ms. */
  readonly heldMs: number;
}

interface LaneReceipts {
  received: number;
  /** Of messages received whole and not processed: the count before the last piece. */
  readonly waiting: number[];
  told: number;
  movedAt: number;
}

export interface Receipts {
  /** A piece came; `whole` if it was a message's last. More than a window unprocessed is a fault. */
  readonly received: (
    lane: BulkLane,
    bytes: number,
    whole: boolean,
    now: number,
  ) => Result<'taken', 'link.protocol'>;
  /** The oldest waiting message of the lane has been processed. */
  readonly processed: (lane: BulkLane, now: number) => void;
  /** 'none' when there is nothing to tell, else in how many ms it should be told: 0 is now. */
  readonly dueMs: (now: number) => number | 'none';
  /** What to tell; after this it counts as told. */
  readonly tell: (now: number) => readonly Receipt[];
}

export function openReceipts(): Receipts {
  const lanes: { readonly [L in BulkLane]: LaneReceipts } = {
    screen: { received: 0, waiting: [], told: 0, movedAt: 0 },
    replica: { received: 0, waiting: [], told: 0, movedAt: 0 },
    history: { received: 0, waiting: [], told: 0, movedAt: 0 },
  };
  let toldAt = -Infinity;

  /** [LK12] Parts of a message count when they came; its last piece when it is processed. */
  const position = (lane: BulkLane): number => lanes[lane].waiting[0] ?? lanes[lane].received;
  return {
    received(lane, bytes, whole, now) {
      const receipts = lanes[lane];
      const before = position(lane);
      if (whole) receipts.waiting.push(receipts.received);
      receipts.received += bytes;
      if (position(lane) !== before) receipts.movedAt = now;
      const unprocessed = receipts.received - position(lane);
      return unprocessed > WINDOW_BYTES_MAX ? err('link.protocol') : ok('taken');
    },
    processed(lane, now) {
      lanes[lane].waiting.shift();
      lanes[lane].movedAt = now;
    },
    dueMs(now) {
      let untold = 0;
      for (const lane of BULK_LANES) untold += position(lane) - lanes[lane].told;
      if (untold === 0) return 'none';
      return untold >= ACK_BYTES ? 0 : Math.max(0, toldAt + ACK_EVERY_MS - now);
    },
    tell(now) {
      const told: Receipt[] = [];
      for (const lane of BULK_LANES) {
        const at = position(lane);
        if (at === lanes[lane].told) continue;
        told.push({ lane, position: at, heldMs: Math.max(0, now - lanes[lane].movedAt) });
        lanes[lane].told = at;
      }
      if (told.length > 0) toldAt = now;
      return told;
    },
  };
}
