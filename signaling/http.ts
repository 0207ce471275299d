// The service on a port of its own: the page, the signaling socket, health and metrics, and other
// sockets an embedder adds. Decides whose page may open a socket, nothing else.
import type { IncomingMessage } from 'node:http';
import type { Clock, Entropy, Verifier } from '../src/protocol/ports.ts';
import { ok, type Result } from '../src/protocol/result.ts';
import { SIGNAL_TEXT_CHARS_MAX } from '../src/protocol/signaling.ts';
import { clientAddress, isOwnHost } from './address.ts';
import { SOCKETS_MAX, type SignalingLimits } from './limits.ts';
import { openListener, type ListenFault, type SocketRoute } from './listener.ts';
import { setPageHeaders } from './page-headers.ts';
import { endText, pathOf, servePage, type PageHandler } from './page.ts';
import { openSignaling, type Signaling } from './server.ts';

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
  /**
   * A service on a host with a name: /health and /metrics answer, and any name leads here. A
   * sharer's own listener has neither, and answers only to addresses: a foreign name made to lead
   * here is another site's page reaching into this network.
   */
  readonly standalone?: boolean;
  /** Other sockets beside /signal, by path; undefined where there is none. */
  readonly route?: (path: string) => SocketRoute | undefined;
}

export interface SignalServer {
  readonly port: number;
  readonly signaling: Signaling;
  readonly close: () => Promise<void>;
}

/** Every socket the machine takes, and as many page loads beside as a busy moment has. */
const CONNECTIONS_MAX = SOCKETS_MAX + 2_000;
const SIGNAL_PATH = '/signal';

export async function openSignalServer(
  options: SignalServerOptions,
): Promise<Result<SignalServer, ListenFault>> {
  const { host, port, clock, behindProxy = false } = options;
  const signaling = openSignaling(options);
  const signal: SocketRoute = {
    payloadBytesMax: SIGNAL_TEXT_CHARS_MAX,
    attach: (socket, request) => signaling.attach(socket, addressOf(request, behindProxy)),
  };
  const listener = await openListener({
    host,
    port,
    clock,
    answer: answering(options, signaling, servePage(options.pageFolder)),
    route: (path) => (path === SIGNAL_PATH ? signal : options.route?.(path)),
    mayOpen: (request) => isMeant(options, request) && sameOrigin(request, behindProxy),
    connectionsMax: CONNECTIONS_MAX,
  });
  if (!listener.ok) {
    signaling.close();
    return listener;
  }
  return ok({
    port: listener.value.port,
    signaling,
    close: async () => {
      signaling.close();
      await listener.value.close();
    },
  });
}

function answering(
  options: SignalServerOptions,
  signaling: Signaling,
  page: PageHandler,
): PageHandler {
  if (options.standalone !== true) {
    return (request, response) => {
      if (isMeant(options, request)) return page(request, response);
      setPageHeaders(response);
      endText(response, 421, 'Ask for this computer by its address.');
    };
  }
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

/** [SG24] Not asked for by a name that somebody else's DNS has led here. */
function isMeant(options: SignalServerOptions, request: IncomingMessage): boolean {
  return options.standalone === true || isOwnHost(request.headers.host ?? '');
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
