// One port: answers to HTTP, sockets by path, and its end. Knows neither what is served nor
// what a socket is for.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../src/protocol/ports.ts';
import { err, ok, type Result } from '../src/protocol/result.ts';
import { pathOf, type PageHandler } from './page.ts';

/** One kind of socket. */
export interface SocketRoute {
  readonly payloadBytesMax: number;
  readonly attach: (socket: WebSocket, request: IncomingMessage) => void;
}

export interface ListenerOptions {
  /** An address of this computer; `::` or `0.0.0.0` for all. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly answer: PageHandler;
  /** By path; undefined where there is no socket. */
  readonly route: (path: string) => SocketRoute | undefined;
  /** Whether this request may open a socket: where its page came from. */
  readonly mayOpen: (request: IncomingMessage) => boolean;
  readonly connectionsMax: number;
  readonly clock: Clock;
}

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export type ListenFault = 'app.portTaken' | 'signal.cannotListen';

/** Request line and headers must be here by then: nobody's are slow, but an attacker's. */
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** For the closing handshake; who does not answer it is cut off. */
const FAREWELL_MS = 500;
/** One that was told to close on its own account has its last messages on the way. */
const CLOSING_MS = 2_000;
/** RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001;

export async function openListener(
  options: ListenerOptions,
): Promise<Result<Listener, ListenFault>> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    options.answer,
  );
  server.maxConnections = options.connectionsMax;
  const sockets = takeUpgrades(server, options);
  const listening = await listen(server, options.host, options.port);
  if (!listening.ok) return listening;
  return ok({
    port: listening.value,
    close: async () => {
      for (const socket of sockets()) socket.close(GOING_AWAY);
      const giveUp = options.clock.after(FAREWELL_MS, () => {
        for (const socket of sockets()) socket.terminate();
      });
      await closed(server);
      giveUp();
    },
  });
}

function takeUpgrades(server: Server, options: ListenerOptions): () => readonly WebSocket[] {
  /** By the size of what they take: there are two or three. */
  const acceptors = new Map<number, WebSocketServer>();
  function acceptorFor(maxPayload: number): WebSocketServer {
    const known = acceptors.get(maxPayload);
    if (known !== undefined) return known;
    const settings = {
      noServer: true,
      perMessageDeflate: false,
      maxPayload,
      // Not in the library's types yet: how long an end that was told to close may go on sending.
      closeTimeout: CLOSING_MS,
    };
    const made = new WebSocketServer(settings);
    acceptors.set(maxPayload, made);
    return made;
  }
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const route = options.route(pathOf(request));
    if (route === undefined) return turnAway(socket, '404 Not Found');
    if (!options.mayOpen(request)) return turnAway(socket, '403 Forbidden');
    acceptorFor(route.payloadBytesMax).handleUpgrade(request, socket, head, (open) =>
      route.attach(open, request),
    );
  });
  return () => [...acceptors.values()].flatMap((acceptor) => [...acceptor.clients]);
}

function turnAway(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(
  server: Server,
  host: string,
  port: number,
): Promise<Result<number, ListenFault>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(err(error.code === 'EADDRINUSE' ? 'app.portTaken' : 'signal.cannotListen')),
    );
    server.listen(port, host, () => resolve(ok(boundPort(server.address()))));
  });
}

function boundPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP listener');
  return address.port;
}

async function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
