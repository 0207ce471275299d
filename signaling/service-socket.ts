// The service's end of a socket, over WebSocket or within the process. Knows no message.
import type { RawData, WebSocket } from 'ws';

export interface SocketEars {
  readonly text: (text: string) => void;
  /** A binary message; the service speaks none. */
  readonly bytes: () => void;
  readonly pong: () => void;
  readonly closed: () => void;
}

export interface ServiceSocket {
  readonly send: (text: string) => void;
  readonly ping: () => void;
  readonly close: () => void;
  /** Bytes given to `send` that have not left. */
  readonly buffered: () => number;
  readonly listen: (ears: SocketEars) => void;
}

/** Past this a closing handshake would keep a slow receiver's buffer for its time-out. */
const POLITE_BYTES_MAX = 64 * 1024;
/** RFC 6455 section 7.4.1: the peer went against the service's rules. */
const POLICY_VIOLATION = 1008;

export function serviceSocketOf(socket: WebSocket): ServiceSocket {
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    ping: () => {
      if (socket.readyState === socket.OPEN) socket.ping();
    },
    close: () => {
      socket.removeAllListeners('message'); // nothing is heard after the end
      if (socket.bufferedAmount > POLITE_BYTES_MAX) socket.terminate();
      else socket.close(POLICY_VIOLATION);
    },
    buffered: () => socket.bufferedAmount,
    listen: (ears) => {
      socket.on('message', (data: RawData, isBinary) => {
        if (isBinary || !Buffer.isBuffer(data)) ears.bytes();
        else ears.text(data.toString('utf8'));
      });
      socket.on('pong', ears.pong);
      socket.on('close', ears.closed);
      // A frame that breaks WebSocket's rules: `close` follows and is what counts.
      socket.on('error', () => socket.terminate());
    },
  };
}

/** The other end, in the shape of a client's text socket. */
export interface InsideSocket {
  readonly send: (text: string) => void;
  readonly onText: (take: (text: string) => void) => void;
  readonly onClosed: (closed: () => void) => void;
  readonly close: () => void;
}

/** Two ends in one process. A text arrives in a later microtask, never inside `send`. */
export function insidePair(): readonly [client: InsideSocket, service: ServiceSocket] {
  let open = true;
  let ears: SocketEars = { text: () => {}, bytes: () => {}, pong: () => {}, closed: () => {} };
  let take: (text: string) => void = () => {}; // the service speaks when spoken to: none is lost
  const enders: (() => void)[] = [() => ears.closed()];
  const close = (): void => {
    if (!open) return;
    open = false;
    queueMicrotask(() => {
      for (const ended of enders.splice(0)) ended();
    });
  };
  const client: InsideSocket = {
    send: (text) => {
      if (open) queueMicrotask(() => ears.text(text));
    },
    onText: (taker) => {
      take = taker;
    },
    onClosed: (closed) => {
      if (open) enders.push(closed);
      else queueMicrotask(closed);
    },
    close,
  };
  const service: ServiceSocket = {
    send: (text) => {
      if (open) queueMicrotask(() => take(text));
    },
    ping: () => queueMicrotask(() => ears.pong()),
    close,
    buffered: () => 0,
    listen: (given) => {
      ears = given;
    },
  };
  return [client, service];
}
