// The receiving half of a link: pieces become messages, opened and handed over lane by lane, and
// bulk is acknowledged when it has been processed. Knows no phases; each fault ends the link.
import { SHARER_MESSAGE_BYTES_MAX, VIEWER_MESSAGE_BYTES_MAX } from '../protocol/limits.ts';
import { LANES, type Lane } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { ok, type Result } from '../protocol/result.ts';
import { SEAL_BYTES } from '../crypto/seal.ts';
import type { Role } from './control.ts';
import { isBulk } from './flight.ts';
import { openHandover } from './handover.ts';
import { openAssembly } from './pieces.ts';
import { openReceipts, type Receipt } from './receipts.ts';
import { byLane, type Seals } from './seals.ts';

/** Of control and presence, received and not processed: past it the other side is flooding. */
const UNPROCESSED_BYTES_MAX = 2 * 1024 * 1024;
/** Sealing and the control lane's byte of kind. */
const ENVELOPE_BYTES = SEAL_BYTES + 1;

/** The largest message that this role may send. */
export function messageBytesMax(role: Role): number {
  return role === 'sharer' ? SHARER_MESSAGE_BYTES_MAX : VIEWER_MESSAGE_BYTES_MAX;
}

export interface Opened {
  readonly lane: Lane;
  readonly message: Uint8Array;
}

export interface Receiver {
  /** A piece from the wire; a message when it was its last. */
  readonly take: (
    piece: Uint8Array,
  ) => Result<Opened | 'more to come', 'link.protocol' | 'link.binding'>;
  /** A message for its lane's taker; more waiting than there may be is a fault. */
  readonly hand: (opened: Opened) => Result<'handed', 'link.protocol'>;
  readonly open: (take: (lane: Lane, message: Uint8Array) => void | Promise<void>) => void;
  /** Whether everything handed over in this lane has been processed. */
  readonly idle: (lane: Lane) => boolean;
  readonly counted: () => { readonly bytes: number; readonly messages: number };
  readonly close: () => void;
}

export interface ReceiverOptions {
  readonly seals: Seals;
  readonly clock: Clock;
  /** The role of the one who sends. */
  readonly from: Role;
  readonly tell: (receipts: readonly Receipt[]) => void;
  /** Called after each message that a taker has done with. */
  readonly processed: (lane: Lane) => void;
  /** A taker failed. */
  readonly broken: () => void;
}

export function openReceiver(options: ReceiverOptions): Receiver {
  const { seals, clock, from } = options;
  const assembly = openAssembly(messageBytesMax(from) + ENVELOPE_BYTES);
  const receipts = openReceipts();
  const handovers = byLane((lane) => openHandover(() => processed(lane), options.broken));
  let cancelTelling: (() => void) | 'none' = 'none';
  let closed = false;
  const count = { bytes: 0, messages: 0 };

  const processed = (lane: Lane): void => {
    if (isBulk(lane)) {
      receipts.processed(lane, clock.monotonic());
      acknowledge();
    }
    options.processed(lane);
  };
  /** [LK13] Driven by what comes and is processed; the timer only sweeps up what is small. */
  const acknowledge = (): void => {
    const dueMs = receipts.dueMs(clock.monotonic());
    if (closed || dueMs === 'none') return;
    if (dueMs > 0) {
      if (cancelTelling === 'none') cancelTelling = clock.after(dueMs, tellLater);
      return;
    }
    if (cancelTelling !== 'none') cancelTelling();
    cancelTelling = 'none';
    options.tell(receipts.tell(clock.monotonic()));
  };
  const tellLater = (): void => {
    cancelTelling = 'none';
    acknowledge();
  };
  return {
    take(piece) {
      count.bytes += piece.length;
      const taken = assembly.take(piece);
      if (!taken.ok) return taken;
      const { lane, whole } = taken.value;
      if (isBulk(lane)) {
        const room = receipts.received(lane, piece.length, whole, clock.monotonic());
        if (!room.ok) return room;
        acknowledge();
      }
      if (!whole) return ok('more to come');
      const opened = seals.open(lane, taken.value.message);
      if (!opened.ok) return opened;
      count.messages++;
      return ok({ lane, message: opened.value });
    },
    hand({ lane, message }) {
      handovers[lane].push(message);
      // Bulk is bounded by the window.
      const flooded = !isBulk(lane) && handovers[lane].waiting() > UNPROCESSED_BYTES_MAX;
      return flooded ? { ok: false, fault: 'link.protocol' } : ok('handed');
    },
    open(take) {
      for (const lane of LANES) handovers[lane].open((message) => take(lane, message));
    },
    idle: (lane) => handovers[lane].waiting() === 0,
    counted: () => count,
    close() {
      closed = true;
      if (cancelTelling !== 'none') cancelTelling();
      cancelTelling = 'none';
      for (const lane of LANES) handovers[lane].close();
    },
  };
}
