// The sockets a link and the signaling travel on, as ports: what is sent and heard, and that
// it ended. Knows no WebSocket library and no meaning of what passes.
import type { Result } from '../protocol/result.ts';

/** A socket for texts. What arrives before `onText` is kept, up to a bound, and handed over then. */
export interface TextSocket {
  /** After the end it does nothing. */
  readonly send: (text: string) => void;
  /** One taker; a second call replaces it. */
  readonly onText: (take: (text: string) => void) => void;
  /** Called once, at once if it has ended already; also after `close`. */
  readonly onClosed: (closed: () => void) => void;
  readonly close: () => void;
}

/** A socket for bytes: one message in is one message out, in order. */
export interface BinarySocket {
  /** After the end it does nothing. */
  readonly send: (bytes: Uint8Array) => void;
  /** Bytes handed to `send` that have not left this process. */
  readonly buffered: () => number;
  /** One taker; what arrives before is kept, up to a bound. */
  readonly onBytes: (take: (bytes: Uint8Array) => void) => void;
  /** Called once, at once if it has ended already; also after `close`. */
  readonly onClosed: (closed: () => void) => void;
  readonly close: () => void;
}

/** Opens a socket to a ws:// or wss:// address. */
export type SocketFactory = (url: string) => Promise<Result<TextSocket, 'signal.unreachable'>>;

export type BinarySocketFactory = (url: string) => Promise<Result<BinarySocket, 'link.noPath'>>;
