// The service's listener: one port for the page, the signaling socket, health and metrics, and
// for other sockets an embedder adds. Decides who may upgrade, nothing else.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock, Entropy, Verifier } from '../src/protocol/ports.ts';
import { err, ok, type Result } from '../src/protocol/result.ts';
import { SIGNAL_TEXT_CHARS_MAX } from '../src/protocol/signaling.ts';
import { clientAddress } from './address.ts';
import { SOCKETS_MAX, type SignalingLimits } from './limits.ts';
import { setPageHeaders } from './page-headers.ts';
import { endText, pathOf, servePage, type PageHandler } from './page.ts';
import { openSignaling, type Signaling } from './server.ts';

/** One more kind of socket on the same port, such as the session's own on a LAN. */
export interface SocketRoute {
  readonly payloadBytesMax: number;
  readonly attach: (socket: WebSocket, address: string) => void;
}

export interface SignalServerOptions {
  /** An address of this computer; `::` or `0.0.0.0` for all. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The built page. */
  readonly pageFolder: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly verify: Verifier;
  readonly limits?: Partial<SignalingLimits>;
  /** X-Forwarded-For and X-Forwarded-Host are the proxy's word, not the visitor's. */
  readonly behindProxy?: boolean;
  /** Whether /health and /metrics answer; a sharer's own listener has neither. */
  readonly counts?: boolean;
  /** By path, beside /signal. */
  readonly sockets?: ReadonlyMap<string, SocketRoute>;
}

export interface SignalServer {
  readonly port: number;
  readonly signaling: Signaling;
  readonly close: () => Promise<void>;
}

export type ListenFault = 'app.portTaken' | 'signal.cannotListen';

/** Request line and headers must be here by then: nobody's are slow, but an attacker's. */
const HEADERS_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** Every socket the machine takes, and as many page loads beside as a busy moment has. */
const CONNECTIONS_MAX = SOCKETS_MAX + 2_000;
/** For the closing handshake; who does not answer it is cut off. */
const FAREWELL_MS = 500;
/** RFC 6455 section 7.4.1. */
const GOING_AWAY = 1001;
const SIGNAL_PATH = '/signal';

export async function openSignalServer(
  options: SignalServerOptions,
): Promise<Result<SignalServer, ListenFault>> {
  const signaling = openSignaling(options);
  const page = servePage(options.pageFolder);
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    counted(options, signaling, page),
  );
  server.maxConnections = CONNECTIONS_MAX;
  const routes = new Map<string, SocketRoute>([
    ...(options.sockets ?? []),
    [SIGNAL_PATH, { payloadBytesMax: SIGNAL_TEXT_CHARS_MAX, attach: signaling.attach }],
  ]);
  const sockets = takeUpgrades(server, routes, options.behindProxy ?? false);
  const listening = await listen(server, options.host, options.port);
  if (!listening.ok) {
    signaling.close();
    return listening;
  }
  return ok({
    port: listening.value,
    signaling,
    close: async () => {
      signaling.close();
      for (const socket of sockets()) socket.close(GOING_AWAY);
      const giveUp = options.clock.after(FAREWELL_MS, () => {
        for (const socket of sockets()) socket.terminate();
      });
      await closed(server);
      giveUp();
    },
  });
}

function counted(
  options: SignalServerOptions,
  signaling: Signaling,
  page: PageHandler,
): PageHandler {
  if (options.counts !== true) return page;
  return (request, response) => {
    const path = pathOf(request);
    if (path !== '/health' && path !== '/metrics') return page(request, response);
    setPageHeaders(response);
    if (path === '/metrics') {
      return endText(response, 200, signaling.metrics(), 'text/plain; version=0.0.4');
    }
    endText(response, 200, JSON.stringify(signaling.health()), 'application/json');
  };
}

function takeUpgrades(
  server: Server,
  routes: ReadonlyMap<string, SocketRoute>,
  behindProxy: boolean,
): () => readonly WebSocket[] {
  const acceptors = new Map(
    [...routes].map(([path, { payloadBytesMax: maxPayload }]) => [
      path,
      new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload }),
    ]),
  );
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const path = pathOf(request);
    const route = routes.get(path);
    const acceptor = acceptors.get(path);
    if (route === undefined || acceptor === undefined) return turnAway(socket, '404 Not Found');
    if (!sameOrigin(request, behindProxy)) return turnAway(socket, '403 Forbidden');
    const address = addressOf(request, behindProxy);
    acceptor.handleUpgrade(request, socket, head, (open) => route.attach(open, address));
  });
  return () => [...acceptors.values()].flatMap((acceptor) => [...acceptor.clients]);
}

/** [SG18] A page may open sockets only where it came from; a program sends no Origin. */
function sameOrigin(request: IncomingMessage, behindProxy: boolean): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  const forwarded = request.headers['x-forwarded-host'];
  // A proxy may have put its own name for us into Host: without its word there is nothing to ask.
  if (behindProxy && typeof forwarded !== 'string') return true;
  const mine = behindProxy ? forwarded : host;
  return URL.canParse(origin) && new URL(origin).host === mine;
}

function addressOf(request: IncomingMessage, behindProxy: boolean): string {
  const forwarded = request.headers['x-forwarded-for'];
  const text = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return clientAddress(request.socket.remoteAddress ?? '', text, behindProxy);
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
