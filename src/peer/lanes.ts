// What waits to leave, lane by lane, and which piece leaves next: strictly by priority, at every
// piece anew. A message is sealed when its first piece leaves. Knows no wire and no window; it
// asks whether a piece may go.
import { BULK_PIECE_BYTES, PIECE_BYTES_MAX } from '../protocol/limits.ts';
import { LANES, type Lane } from '../protocol/message.ts';
import { isBulk } from './flight.ts';
import { cutPiece, pieceBytes } from './pieces.ts';

/** Bytes that may wait per lane. Who sends more without looking at the backlog loses the link. */
export const QUEUE_BYTES_MAX: { readonly [L in Lane]: number } = {
  /** The largest catalog and desk, several times over. */
  control: 2 * 1024 * 1024,
  /** A whole screen, the largest, and the bytes behind it. */
  screen: 10 * 1024 * 1024,
  /** Fifteen a second; what is older is worthless. */
  presence: 256 * 1024,
  /** A whole snapshot and the frames behind it. */
  replica: 10 * 1024 * 1024,
  history: 10 * 1024 * 1024,
};

/** What sealing a message means in each lane. */
export interface Sealing {
  /** Bytes that `seal` adds. */
  readonly overhead: (lane: Lane) => number;
  /** Called once per message, in the order in which they leave. */
  readonly seal: (lane: Lane, message: Uint8Array) => Uint8Array;
}

/** 'send' it; 'lane' = this lane and the bulk below it must wait; 'all' = nothing can go now. */
export type Leave = 'send' | 'lane' | 'all';

export interface Leaving {
  readonly lane: Lane;
  readonly piece: Uint8Array;
  /** Whether it ends its message. */
  readonly whole: boolean;
}

export type Next = Leaving | 'nothing' | 'blocked';

export interface Outbox {
  /** False when the lane's queue is over its limit. */
  readonly push: (lane: Lane, message: Uint8Array) => boolean;
  /** Goes before everything in the control lane; the latest of each kind only. */
  readonly urge: (kind: string, message: Uint8Array) => void;
  /** Takes back the lane's messages of which nothing has left; returns their bytes. */
  readonly drop: (lane: Lane) => number;
  /** Bytes of the lane's messages that have not left. */
  readonly queued: (lane: Lane) => number;
  /** The next piece to leave; 'blocked' when `may` said 'all'. */
  readonly next: (may: (lane: Lane, bytes: number) => Leave) => Next;
}

type Current =
  | { readonly phase: 'between' }
  | { readonly phase: 'within'; readonly sealed: Uint8Array; readonly at: number };

interface LaneQueue {
  current: Current;
  readonly messages: Uint8Array[];
  /** Of `messages`. */
  bytes: number;
}

export function openOutbox(sealing: Sealing): Outbox {
  const queues: { readonly [L in Lane]: LaneQueue } = {
    control: emptyQueue(),
    screen: emptyQueue(),
    presence: emptyQueue(),
    replica: emptyQueue(),
    history: emptyQueue(),
  };
  const urgent = new Map<string, Uint8Array>();

  const peek = (lane: Lane): Uint8Array | undefined => {
    if (lane === 'control') for (const message of urgent.values()) return message;
    return queues[lane].messages[0];
  };
  const shift = (lane: Lane): void => {
    if (lane === 'control') {
      for (const kind of urgent.keys()) {
        urgent.delete(kind);
        return;
      }
    }
    queues[lane].bytes -= queues[lane].messages.shift()?.length ?? 0;
  };
  /** The lane's next piece if it may go. */
  const leave = (lane: Lane, may: (lane: Lane, bytes: number) => Leave): Leaving | Leave => {
    const queue = queues[lane];
    const max = isBulk(lane) ? BULK_PIECE_BYTES : PIECE_BYTES_MAX;
    let { current } = queue;
    if (current.phase === 'between') {
      const message = peek(lane);
      if (message === undefined) return 'send';
      const verdict = may(lane, pieceBytes(message.length + sealing.overhead(lane), 0, max));
      if (verdict !== 'send') return verdict;
      shift(lane);
      current = { phase: 'within', sealed: sealing.seal(lane, message), at: 0 };
    } else {
      const verdict = may(lane, pieceBytes(current.sealed.length, current.at, max));
      if (verdict !== 'send') return verdict;
    }
    const { piece, end } = cutPiece(lane, current.sealed, current.at, max);
    const whole = end === current.sealed.length;
    queue.current = whole ? { phase: 'between' } : { ...current, at: end };
    return { lane, piece, whole };
  };
  return {
    push(lane, message) {
      const queue = queues[lane];
      queue.messages.push(message);
      queue.bytes += message.length;
      return queue.bytes <= QUEUE_BYTES_MAX[lane];
    },
    urge(kind, message) {
      urgent.set(kind, message);
    },
    drop(lane) {
      const { bytes } = queues[lane];
      queues[lane].messages.length = 0;
      queues[lane].bytes = 0;
      return bytes;
    },
    queued(lane) {
      const { current, bytes } = queues[lane];
      return current.phase === 'between' ? bytes : bytes + current.sealed.length - current.at;
    },
    next(may) {
      let bulkWaits = false;
      for (const lane of LANES) {
        if (bulkWaits && isBulk(lane)) continue;
        const found = leave(lane, may);
        if (found === 'all') return 'blocked';
        if (found === 'lane') bulkWaits = true;
        if (typeof found === 'object') return found;
      }
      return 'nothing';
    },
  };
}

function emptyQueue(): LaneQueue {
  return { current: { phase: 'between' }, messages: [], bytes: 0 };
}
