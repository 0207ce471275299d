// How a message is cut into pieces and put together again, one message at a time in each lane.
// Sizes are checked before anything more is kept. Knows no keys, no order between lanes.
import { PIECE_BYTES_MAX } from '../protocol/limits.ts';
import { LANES, type Lane } from '../protocol/message.ts';
import { err, ok, type Result } from '../protocol/result.ts';

/** Set on the first piece of a message, whose next four bytes are the message's length. */
const FIRST = 0x80;
const LENGTH_BYTES = 4;
/** The most that a piece adds to what it carries. */
export const PIECE_HEAD_BYTES = 1 + LENGTH_BYTES;

/** A lane's number on the wire. */
export const LANE_NUMBER: { readonly [L in Lane]: number } = {
  control: 0,
  screen: 1,
  presence: 2,
  replica: 3,
  history: 4,
};

/** The piece of `message` that begins at `from`; `end` is where the next one begins. */
export function cutPiece(
  lane: Lane,
  message: Uint8Array,
  from: number,
  pieceBytesMax: number,
): { readonly piece: Uint8Array; readonly end: number } {
  const head = from === 0 ? PIECE_HEAD_BYTES : 1;
  const end = Math.min(message.length, from + pieceBytesMax - head);
  const piece = new Uint8Array(head + end - from);
  piece[0] = LANE_NUMBER[lane] | (from === 0 ? FIRST : 0);
  if (from === 0) new DataView(piece.buffer).setUint32(1, message.length);
  piece.set(message.subarray(from, end), head);
  return { piece, end };
}

/** How long the piece at `from` of a message of `length` bytes will be. */
export function pieceBytes(length: number, from: number, pieceBytesMax: number): number {
  const head = from === 0 ? PIECE_HEAD_BYTES : 1;
  return Math.min(pieceBytesMax, head + length - from);
}

/** A piece taken in: which lane it was of, and the message if it was the last one. */
export type Taken =
  | { readonly lane: Lane; readonly whole: false }
  | { readonly lane: Lane; readonly whole: true; readonly message: Uint8Array };

type Progress =
  | { readonly phase: 'between' }
  | { readonly phase: 'within'; readonly message: Uint8Array; readonly got: number };

export interface Assembly {
  /** After a fault the wire is to be closed; the assembly is of no more use. */
  readonly take: (piece: Uint8Array) => Result<Taken, 'link.protocol'>;
}

/** Takes pieces in the order in which they were sent. `messageBytesMax`: as it travels, sealed. */
export function openAssembly(messageBytesMax: number): Assembly {
  const lanes = new Map<Lane, Progress>();
  return {
    take(piece) {
      const [kind] = piece;
      if (kind === undefined || piece.length > PIECE_BYTES_MAX) return err('link.protocol');
      const lane = LANES[kind & ~FIRST];
      if (lane === undefined) return err('link.protocol');
      const before = lanes.get(lane) ?? { phase: 'between' };
      const begun = (kind & FIRST) === 0 ? goOn(before, piece) : begin(before, piece);
      if (!begun.ok) return begun;
      const { message, got } = begun.value;
      if (got < message.length) {
        lanes.set(lane, { phase: 'within', message, got });
        return ok({ lane, whole: false });
      }
      lanes.delete(lane);
      return ok({ lane, whole: true, message });
    },
  };

  function begin(before: Progress, piece: Uint8Array): Result<Begun, 'link.protocol'> {
    if (before.phase === 'within' || piece.length < PIECE_HEAD_BYTES) return err('link.protocol');
    const length = new DataView(piece.buffer, piece.byteOffset).getUint32(1);
    const part = piece.subarray(PIECE_HEAD_BYTES);
    if (length > messageBytesMax || part.length > length) return err('link.protocol');
    if (part.length === 0 && length > 0) return err('link.protocol');
    const message = new Uint8Array(length);
    message.set(part);
    return ok({ message, got: part.length });
  }

  function goOn(before: Progress, piece: Uint8Array): Result<Begun, 'link.protocol'> {
    if (before.phase === 'between' || piece.length < 2) return err('link.protocol');
    const { message, got } = before;
    if (got + piece.length - 1 > message.length) return err('link.protocol');
    message.set(piece.subarray(1), got);
    return ok({ message, got: got + piece.length - 1 });
  }
}

interface Begun {
  readonly message: Uint8Array;
  readonly got: number;
}
