// The sending half of a link: what waits, what may leave now, what is under way. Knows no
// phases; until it is opened only its first message leaves.
import type { Lane } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { ok, type Result } from '../protocol/result.ts';
import { encodeControl, type Control } from './control.ts';
import { isBulk, openFlight, type BulkLane } from './flight.ts';
import { openOutbox, type Leave, type Sealing } from './lanes.ts';
import type { Receipt } from './receipts.ts';
import { firstWindow, windowAfter, type Window } from './window.ts';
import type { Wire } from './wire.ts';

/** What may lie in the channel's own buffer: more of it could not be overtaken. */
const BUFFERED_BYTES_MAX = 64 * 1024;
/** A wire that is full and does not say when it has drained is looked at again after this, in ms. */
const LOOK_AGAIN_MS = 4;

export interface LinkReport {
  readonly lane: Lane;
  /** Newly acknowledged. */
  readonly bytes: number;
  /** From sending the newest of them until processed there. */
  readonly ms: number;
  /** Bytes per second that the other side takes. */
  readonly rate: number;
}

export interface Sender {
  /** Lets the lanes go. */
  readonly open: () => void;
  /** False when the lane's queue is over its limit. */
  readonly send: (lane: Lane, message: Uint8Array) => boolean;
  /** Goes before everything else; the latest of each kind only. */
  readonly urge: (control: Control) => void;
  /** Goes after everything in the control lane. */
  readonly bye: () => void;
  readonly drop: (lane: Lane) => number;
  readonly queued: (lane: Lane) => number;
  readonly inFlight: (lane: Lane) => number;
  readonly acked: (
    receipts: readonly Receipt[],
    report: (report: LinkReport) => void,
  ) => Result<'taken', 'link.protocol'>;
  readonly windowBytes: (lane: BulkLane) => number;
  readonly counted: () => { readonly bytes: number; readonly messages: number };
  /** Nothing leaves any more. */
  readonly close: () => void;
}

export function openSender(wire: Wire, sealing: Sealing, clock: Clock, first: Control): Sender {
  const outbox = openOutbox(sealing);
  const flight = openFlight();
  const windows: { [L in BulkLane]: Window } = {
    screen: firstWindow,
    replica: firstWindow,
    history: firstWindow,
  };
  let phase: 'first' | 'open' | 'closed' = 'first';
  let pumping = false;
  let cancelLook: (() => void) | 'none' = 'none';
  const count = { bytes: 0, messages: 0 };

  /** [LK10] Nothing waits in the channel that could wait here, and no bulk beyond its window. */
  const mayLeave = (lane: Lane, bytes: number): Leave => {
    if (wire.buffered() + bytes > BUFFERED_BYTES_MAX) return 'all';
    if (!isBulk(lane)) return 'send';
    return flight.above(lane) + bytes > windows[lane].bytes ? 'lane' : 'send';
  };
  const transmit = (): void => {
    for (;;) {
      const next = outbox.next(mayLeave);
      if (next === 'blocked') return lookAgain();
      if (next === 'nothing') return;
      if (isBulk(next.lane)) flight.sent(next.lane, next.piece.length, clock.monotonic());
      count.bytes += next.piece.length;
      if (next.whole) count.messages++;
      wire.send(next.piece);
    }
  };
  const pump = (): void => {
    if (phase !== 'open' || pumping) return;
    pumping = true;
    transmit();
    pumping = false;
  };
  const lookAgain = (): void => {
    if (phase === 'closed' || cancelLook !== 'none') return;
    cancelLook = clock.after(LOOK_AGAIN_MS, () => {
      cancelLook = 'none';
      pump();
    });
  };

  outbox.urge(first.kind, encodeControl(first));
  transmit();
  wire.onDrain(pump);
  return {
    open() {
      phase = 'open';
      pump();
    },
    send(lane, message) {
      const plain = lane === 'control' ? encodeControl({ kind: 'message', message }) : message;
      if (!outbox.push(lane, plain)) return false;
      pump();
      return true;
    },
    urge(control) {
      outbox.urge(control.kind, encodeControl(control));
      pump();
    },
    bye() {
      outbox.push('control', encodeControl({ kind: 'bye' }));
      pump();
    },
    drop: outbox.drop,
    queued: outbox.queued,
    inFlight: (lane) => (isBulk(lane) ? flight.inFlight(lane) : 0),
    acked(receipts, report) {
      const now = clock.monotonic();
      for (const { lane, position, heldMs } of receipts) {
        const acked = flight.acked(lane, position, heldMs, now);
        if (!acked.ok) return acked;
        if (acked.value === 'nothing new') continue;
        windows[lane] = windowAfter(windows[lane], { ...acked.value, now });
        const { bytes, ms, rate } = acked.value;
        report({ lane, bytes, ms, rate });
      }
      pump();
      return ok('taken');
    },
    windowBytes: (lane) => windows[lane].bytes,
    counted: () => count,
    close() {
      phase = 'closed';
      if (cancelLook !== 'none') cancelLook();
      cancelLook = 'none';
    },
  };
}
