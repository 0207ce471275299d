// Sockets by the browser's own WebSocket. A rim: opens, passes on, ends.
import { err, ok } from '../protocol/result.ts';
import { openInbox, type Inbox } from './inbox.ts';
import type { BinarySocketFactory, SocketFactory } from './socket.ts';
import { KEPT_PIECES_MAX } from './wire.ts';

/** What is kept before someone listens. */
const KEPT_TEXTS_MAX = 64;
/** A LAN answers in milliseconds, the far side of the world in one second with TLS. */
const OPEN_MS = 5_000;

export const openTextSocket: SocketFactory = async (url) => {
  const opening = connect(url);
  if (opening === undefined) return err('signal.unreachable');
  const inbox = openInbox<string>(KEPT_TEXTS_MAX, () => opening.close());
  opening.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') inbox.put(data);
    else opening.close();
  });
  if (!(await opened(opening, inbox))) return err('signal.unreachable');
  return ok({
    send: (text) => {
      if (opening.readyState === WebSocket.OPEN) opening.send(text);
    },
    onText: inbox.onItem,
    onClosed: inbox.onEnded,
    close: () => opening.close(),
  });
};

export const openBinarySocket: BinarySocketFactory = async (url) => {
  const opening = connect(url);
  if (opening === undefined) return err('link.noPath');
  opening.binaryType = 'arraybuffer';
  const inbox = openInbox<Uint8Array>(KEPT_PIECES_MAX, () => opening.close());
  opening.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) inbox.put(new Uint8Array(data));
    else opening.close();
  });
  if (!(await opened(opening, inbox))) return err('link.noPath');
  return ok({
    send: (bytes) => {
      if (opening.readyState === WebSocket.OPEN) opening.send(new Uint8Array(bytes));
    },
    buffered: () => opening.bufferedAmount,
    onBytes: inbox.onItem,
    onClosed: inbox.onEnded,
    close: () => opening.close(),
  });
};

/** `undefined` where the page may not even try: a bad address, or ws:// from an https page. */
function connect(url: string): WebSocket | undefined {
  try {
    return new WebSocket(url);
  } catch {
    return undefined;
  }
}

async function opened<T>(socket: WebSocket, inbox: Inbox<T>): Promise<boolean> {
  return new Promise((resolve) => {
    const tooLate = setTimeout(() => socket.close(), OPEN_MS);
    socket.addEventListener('open', () => {
      clearTimeout(tooLate);
      resolve(true);
    });
    socket.addEventListener('close', () => {
      clearTimeout(tooLate);
      inbox.end();
      resolve(false); // after 'open' it changes nothing
    });
  });
}
