// One visitor's line to the sharer for handshake messages, before there is a link. Knows
// neither what carries it (signaling, loopback, a test) nor what the bytes mean.

export interface Channel {
  /** One CBOR HandshakeMessage. After the end it does nothing. */
  readonly send: (bytes: Uint8Array) => void;
  /** One taker; a second call replaces it. What arrives before is kept, up to KEPT_MESSAGES_MAX. */
  readonly onMessage: (take: (bytes: Uint8Array) => void) => void;
  /** Called once, at once if the line has ended already; also after `close`. */
  readonly onClosed: (closed: () => void) => void;
  readonly close: () => void;
}

/** A handshake is four messages; more than this before anyone listens is not one. */
export const KEPT_MESSAGES_MAX = 16;
