// The sharer's own page: served on 127.0.0.1 only, behind a token. Every request and socket is
// checked for the host it asks and the page it comes from, so that neither a rebound name nor
// another local page gets in.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { openListener, type ListenFault, type Listener } from '../../signaling/listener.ts';
import { endText, pathOf, servePage } from '../../signaling/page.ts';
import { BINARY_PAYLOAD_BYTES_MAX, binarySocketOf, textSocketOf } from '../peer/socket-node.ts';
import type { BinarySocket, TextSocket } from '../peer/socket.ts';
import { ToApp, type FromApp } from '../protocol/app.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Result } from '../protocol/result.ts';

/** Preferred; the next free one is taken where it is in use. */
const APP_PORT = 4270;
const PORTS_TRIED = 20;
/** One person's tabs, and what they load. */
const CONNECTIONS_MAX = 256;
/** The app's messages are short. */
const APP_MESSAGE_BYTES_MAX = 4 * 1024;
/** Until the token has come. */
const ENTER_MS = 10_000;

export interface AppSocket {
  readonly send: (message: FromApp) => void;
  readonly onClosed: (closed: () => void) => void;
}

export interface AppServerOptions {
  /** Null: the preferred port or the next free one. */
  readonly port: number | null;
  readonly pageFolder: string;
  readonly clock: Clock;
  /** Whether this token opens the app. */
  readonly enter: (token: string) => boolean;
  /** A page has entered. */
  readonly entered: (socket: AppSocket) => void;
  readonly asked: (message: Exclude<ToApp, { type: 'enter' }>, socket: AppSocket) => void;
  /** A page's socket for one session; false where there is no such session. */
  readonly session: (id: string, socket: BinarySocket) => boolean;
  /** Whether there is a session of this id. */
  readonly hasSession: (id: string) => boolean;
  /** The secret of the control file, by which a second start speaks to this one. */
  readonly control: string;
  readonly controlled: (order: 'link' | 'stop') => string;
}

export async function openAppServer(
  options: AppServerOptions,
): Promise<Result<Listener, ListenFault>> {
  const wanted = options.port;
  const ports =
    wanted === null
      ? [...Array.from({ length: PORTS_TRIED }, (_, i) => APP_PORT + i), 0]
      : [wanted];
  let last: ListenFault = 'app.portTaken';
  for (const port of ports) {
    const listener = await listenAt(port, options);
    if (listener.ok || listener.fault !== 'app.portTaken') return listener;
    last = listener.fault;
  }
  return { ok: false, fault: last };
}

async function listenAt(
  port: number,
  options: AppServerOptions,
): Promise<Result<Listener, ListenFault>> {
  const page = servePage(options.pageFolder);
  let bound = port;
  const listener = await openListener({
    host: '127.0.0.1',
    port,
    clock: options.clock,
    connectionsMax: CONNECTIONS_MAX,
    answer(request, response) {
      // [AP1] A name that was made to point here is not this computer's.
      if (!isOwnHost(request, bound)) return endText(response, 403, 'This is not here.');
      if (pathOf(request) === '/control') return control(request, response, options);
      page(request, response);
    },
    route: (path) => routeOf(path, options),
    mayOpen: (request) => isOwnHost(request, bound) && isOwnOrigin(request, bound),
  });
  if (listener.ok) bound = listener.value.port;
  return listener;
}

function routeOf(path: string, options: AppServerOptions) {
  if (path === '/app') {
    return {
      payloadBytesMax: APP_MESSAGE_BYTES_MAX,
      attach: (socket: WebSocket) => serveApp(textSocketOf(socket), options),
    };
  }
  const session = /^\/app\/session\/([\w-]{22})$/.exec(path)?.[1];
  if (session === undefined || !options.hasSession(session)) return undefined;
  return {
    payloadBytesMax: BINARY_PAYLOAD_BYTES_MAX,
    attach: (socket: WebSocket) => void options.session(session, binarySocketOf(socket)),
  };
}

function hosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

function isOwnHost(request: IncomingMessage, port: number): boolean {
  return hosts(port).includes(request.headers.host ?? '');
}

/** [AP1] Sockets come from our own page only; a program of this user's sends no Origin. */
function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  return origin === undefined || hosts(port).some((host) => origin === `http://${host}`);
}

function serveApp(socket: TextSocket, options: AppServerOptions): void {
  const send = (message: FromApp): void => socket.send(JSON.stringify(message));
  const app: AppSocket = { send, onClosed: socket.onClosed };
  let phase: 'outside' | 'inside' = 'outside';
  const cancel = options.clock.after(ENTER_MS, () => {
    if (phase === 'outside') socket.close();
  });
  socket.onText((text) => {
    const message = parse(text);
    if (message === null) {
      send({ type: 'refused', fault: 'message.malformed' });
      return socket.close();
    }
    if (message.type === 'enter') {
      cancel();
      // [AP2] Nothing of the app answers before the token.
      if (!options.enter(message.token)) {
        send({ type: 'refused', fault: 'app.token' });
        return socket.close();
      }
      phase = 'inside';
      return options.entered(app);
    }
    if (phase === 'outside') return socket.close();
    options.asked(message, app);
  });
}

function parse(text: string): ToApp | null {
  try {
    const parsed = v.safeParse(ToApp, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** POST with the control file's secret: a second `meshell` asks for a link, `meshell stop` ends us. */
function control(
  request: IncomingMessage,
  response: ServerResponse,
  options: AppServerOptions,
): void {
  const given = Buffer.from(request.headers.authorization ?? '');
  const secret = Buffer.from(`Bearer ${options.control}`);
  const known = given.length === secret.length && timingSafeEqual(given, secret);
  const order = request.headers['meshell-order'];
  if (request.method !== 'POST' || !known || (order !== 'link' && order !== 'stop')) {
    return endText(response, 403, 'This is not for you.');
  }
  endText(response, 200, options.controlled(order));
}
