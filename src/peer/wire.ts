// What a link travels on, as a port: messages of bytes, in order, whole or not at all. Knows
// nothing of lanes, keys or meaning. One contract suite runs on every implementation.

/** Both DTLS fingerprints, `sha-256 AA:BB:…`, from the descriptions in use. */
export interface Binding {
  readonly sharer: string;
  readonly viewer: string;
}

export interface Wire {
  readonly kind: 'webrtc' | 'websocket' | 'memory';
  /** Null where the channel below has no keys of its own: there everything is sealed. */
  readonly binding: Binding | null;
  /** At most PIECE_BYTES_MAX. The bytes are not copied: do not change them. After the end it does nothing. */
  readonly send: (bytes: Uint8Array) => void;
  /** Bytes handed to `send` that have not left this process, as far as the channel says. */
  readonly buffered: () => number;
  /** `buffered` has fallen far enough to send again. A wire that cannot tell never calls. */
  readonly onDrain: (drained: () => void) => void;
  /** One taker; what arrives before is kept, up to KEPT_PIECES_MAX. */
  readonly onMessage: (take: (bytes: Uint8Array) => void) => void;
  /** Called once, at once if it has ended already; also after `close`. */
  readonly onClosed: (closed: () => void) => void;
  readonly close: () => void;
}

/** Pieces kept before anyone listens: the window and what comes around it. */
export const KEPT_PIECES_MAX = 64;
