// What is under way in the bulk lanes: sent and not acknowledged. Each acknowledgement becomes a
// report of how long it took and at what rate the other side takes bytes. Knows no pieces, no keys.
import type { Lane } from '../protocol/message.ts';
import { err, ok, type Result } from '../protocol/result.ts';

/** The lanes that wait for the window, in order of priority. */
export const BULK_LANES = ['screen', 'replica', 'history'] as const satisfies readonly Lane[];
export type BulkLane = (typeof BULK_LANES)[number];

export function isBulk(lane: Lane): lane is BulkLane {
  return lane !== 'control' && lane !== 'presence';
}

/** Bytes per second taken for granted until something says otherwise. */
const RATE_FIRST = 1_000_000;
/** A sample over fewer bytes than this measures the round trip, not the rate: it only raises it. */
const FULL_SAMPLE_BYTES = 12 * 1024;
/** How much of a new full sample enters the rate. */
const SAMPLE_WEIGHT = 0.25;

/** What one acknowledgement of one lane told. */
export interface AckReport {
  readonly lane: BulkLane;
  readonly bytes: number;
  /** From sending the newest of them until processed, without the time the answer was held back. */
  readonly ms: number;
  /** Bytes per second that the other side takes, all bulk lanes together. */
  readonly rate: number;
  /** When the newest of them was sent, monotonic ms. */
  readonly sentAt: number;
  /** Bytes of this lane and the lanes above it under way before. */
  readonly inFlight: number;
}

interface Sent {
  /** The lane's byte count after this piece. */
  readonly end: number;
  readonly at: number;
  /** Bytes acknowledged in all lanes when it was sent. */
  readonly ackedThen: number;
}

interface LaneFlight {
  sent: number;
  acked: number;
  readonly pieces: Sent[];
}

export interface Flight {
  readonly sent: (lane: BulkLane, bytes: number, now: number) => void;
  /** The lane's byte count as the other side has it; one it cannot have is a fault. */
  readonly acked: (
    lane: BulkLane,
    position: number,
    heldMs: number,
    now: number,
  ) => Result<AckReport | 'nothing new', 'link.protocol'>;
  /** Bytes under way in this lane. */
  readonly inFlight: (lane: BulkLane) => number;
  /** Bytes under way in this lane and those above it: what its window counts. */
  readonly above: (lane: BulkLane) => number;
}

export function openFlight(): Flight {
  const lanes: { readonly [L in BulkLane]: LaneFlight } = {
    screen: { sent: 0, acked: 0, pieces: [] },
    replica: { sent: 0, acked: 0, pieces: [] },
    history: { sent: 0, acked: 0, pieces: [] },
  };
  let ackedInAll = 0;
  let rate = RATE_FIRST;

  const inFlight = (lane: BulkLane): number => lanes[lane].sent - lanes[lane].acked;
  const above = (lane: BulkLane): number => {
    let bytes = 0;
    for (const each of BULK_LANES) {
      bytes += inFlight(each);
      if (each === lane) break;
    }
    return bytes;
  };
  return {
    sent(lane, bytes, now) {
      const flight = lanes[lane];
      flight.sent += bytes;
      flight.pieces.push({ end: flight.sent, at: now, ackedThen: ackedInAll });
    },
    acked(lane, position, heldMs, now) {
      const flight = lanes[lane];
      if (position < flight.acked || position > flight.sent) return err('link.protocol');
      if (position === flight.acked) return ok('nothing new');
      const before = above(lane);
      const bytes = position - flight.acked;
      flight.acked = position;
      ackedInAll += bytes;
      let newest: Sent = { end: position, at: now, ackedThen: ackedInAll };
      for (let next = flight.pieces[0]; next !== undefined; next = flight.pieces[0]) {
        if (next.end > position) break;
        newest = next;
        flight.pieces.shift();
      }
      // No answer can have been held back for longer than it took.
      const ms = Math.max(0, now - newest.at - heldMs);
      rate = rateAfter(rate, ackedInAll - newest.ackedThen, ms);
      return ok({ lane, bytes, ms, rate, sentAt: newest.at, inFlight: before });
    },
    inFlight,
    above,
  };
}

function rateAfter(rate: number, bytes: number, ms: number): number {
  const sample = (bytes * 1000) / Math.max(1, ms);
  if (bytes < FULL_SAMPLE_BYTES) return Math.max(rate, sample);
  return rate + (sample - rate) * SAMPLE_WEIGHT;
}
