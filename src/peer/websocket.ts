// A link's wire over a WebSocket straight to the sharer. It has no keys of its own that we know
// of, so everything on it is sealed. Knows no socket library.
import type { BinarySocket } from './socket.ts';
import type { Wire } from './wire.ts';

export function websocketWire(socket: BinarySocket): Wire {
  return {
    kind: 'websocket',
    binding: null,
    send: socket.send,
    buffered: socket.buffered,
    // Sockets do not say when they have drained: the link looks again by itself.
    onDrain: () => {},
    onMessage: socket.onBytes,
    onClosed: socket.onClosed,
    close: socket.close,
  };
}
