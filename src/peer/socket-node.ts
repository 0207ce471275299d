// Sockets by `ws`, for the sharer's process, the terminal viewer, and the end that accepts them.
// A rim: opens, passes on, ends.
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import { SHARER_MESSAGE_BYTES_MAX } from '../protocol/limits.ts';
import { err, ok } from '../protocol/result.ts';
import { SIGNAL_TEXT_CHARS_MAX } from '../protocol/signaling.ts';
import { openInbox } from './inbox.ts';
import type { BinarySocket, BinarySocketFactory, SocketFactory, TextSocket } from './socket.ts';
import { KEPT_PIECES_MAX } from './wire.ts';

/** A LAN answers in milliseconds, the far side of the world in one second with TLS. */
const OPEN_MS = 5_000;
/** The service pings after 20 s: by then two of them are missing and the path is dead. */
const SILENT_MS = 60_000;
/** What is kept before someone listens. */
const KEPT_TEXTS_MAX = 64;
/** A message of the sharer with its seal and envelope. */
export const BINARY_PAYLOAD_BYTES_MAX = SHARER_MESSAGE_BYTES_MAX + 1024;

/** Opens the signaling socket; an end that is not heard of for a minute counts as gone. */
export const openTextSocket: SocketFactory = async (url) => {
  const socket = await opened(url, SIGNAL_TEXT_CHARS_MAX, textSocketOf);
  if (socket === undefined) return err('signal.unreachable');
  watchSilence(socket.raw);
  return ok(socket.wrapped);
};

export const openBinarySocket: BinarySocketFactory = async (url) => {
  const socket = await opened(url, BINARY_PAYLOAD_BYTES_MAX, binarySocketOf);
  return socket === undefined ? err('link.noPath') : ok(socket.wrapped);
};

/** Wrapped before it is open, so that nothing said first is missed. */
async function opened<T>(
  url: string,
  maxPayload: number,
  wrap: (socket: WebSocket) => T,
): Promise<{ readonly raw: WebSocket; readonly wrapped: T } | undefined> {
  const options: ClientOptions = {
    perMessageDeflate: false,
    handshakeTimeout: OPEN_MS,
    maxPayload,
    // An invite is for one place: nobody is led elsewhere.
    followRedirects: false,
  };
  return new Promise((resolve) => {
    const raw = connect(url, options);
    if (raw === undefined) return resolve(undefined);
    const wrapped = wrap(raw);
    raw.once('open', () => resolve({ raw, wrapped }));
    raw.once('close', () => resolve(undefined)); // after 'open' it changes nothing
  });
}

/** `undefined` for an address that is none. */
function connect(url: string, options: ClientOptions): WebSocket | undefined {
  try {
    return new WebSocket(url, options);
  } catch {
    return undefined;
  }
}

/** An open or opening socket, as accepted by a listener. */
export function textSocketOf(socket: WebSocket): TextSocket {
  const inbox = openInbox<string>(KEPT_TEXTS_MAX, () => socket.terminate());
  socket.on('message', (data: RawData, isBinary) => {
    if (isBinary || !Buffer.isBuffer(data)) socket.terminate();
    else inbox.put(data.toString('utf8'));
  });
  endWith(socket, inbox.end);
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    onText: inbox.onItem,
    onClosed: inbox.onEnded,
    close: () => farewell(socket),
  };
}

/** An open or opening socket, as accepted by a listener. */
export function binarySocketOf(socket: WebSocket): BinarySocket {
  const inbox = openInbox<Uint8Array>(KEPT_PIECES_MAX, () => socket.terminate());
  socket.on('message', (data: RawData, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(data)) socket.terminate();
    else inbox.put(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  });
  endWith(socket, inbox.end);
  return {
    send: (bytes) => {
      if (socket.readyState === socket.OPEN) socket.send(bytes);
    },
    buffered: () => socket.bufferedAmount,
    onBytes: inbox.onItem,
    onClosed: inbox.onEnded,
    close: () => farewell(socket),
  };
}

/** Nothing is heard after one's own end, however much the other goes on saying. */
function farewell(socket: WebSocket): void {
  socket.removeAllListeners('message');
  socket.close();
}

function endWith(socket: WebSocket, end: () => void): void {
  socket.on('close', end);
  // Refused, reset, a frame against the rules: `close` follows and is what counts.
  socket.on('error', () => socket.terminate());
}

function watchSilence(socket: WebSocket): void {
  const silent = setTimeout(() => socket.terminate(), SILENT_MS);
  silent.unref();
  const heard = (): void => void silent.refresh();
  socket.on('ping', heard);
  socket.on('message', heard);
  socket.on('close', () => clearTimeout(silent));
}
