// The listeners through which others come in: one for this computer, one for the network. Each
// serves the page, signaling and sockets straight to a session; none has a route of the app.
import { addressGroup } from '../../signaling/address.ts';
import { openSignalServer, type SignalServer } from '../../signaling/http.ts';
import type { ListenFault, SocketRoute } from '../../signaling/listener.ts';
import { openStrangers } from './strangers.ts';
import { BINARY_PAYLOAD_BYTES_MAX, binarySocketOf } from '../peer/socket-node.ts';
import type { BinarySocket } from '../peer/socket.ts';
import { LISTENER_PORT } from '../protocol/host-place.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Clock, Entropy, Verifier } from '../protocol/ports.ts';
import type { Result } from '../protocol/result.ts';

export type ListenerReach = 'local' | 'lan';

/** How many ports above the preferred one are tried before any free one. */
const PORTS_TRIED = 20;

const HOSTS: { readonly [R in ListenerReach]: string } = { local: '127.0.0.1', lan: '0.0.0.0' };

/** Takes a socket, and says once when who is behind it has proven a secret of the session. */
export type TakeDirect = (socket: BinarySocket, proven: () => void) => void;

export interface Listeners {
  /** Opens it, or gives the open one. `wanted` is the port it had before a restart. */
  readonly open: (
    reach: ListenerReach,
    wanted: number | null,
  ) => Promise<Result<SignalServer, ListenFault>>;
  /** A session takes sockets at /direct/<session> while it is shared. */
  readonly serve: (session: SessionId, take: TakeDirect) => void;
  /** This session is not shared any more; a listener nobody uses is closed. */
  readonly release: (session: SessionId) => void;
  readonly use: (session: SessionId, reach: ListenerReach) => void;
  readonly close: () => Promise<void>;
}

export interface ListenerPorts {
  readonly pageFolder: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly verify: Verifier;
}

export function openListeners(ports: ListenerPorts): Listeners {
  const open = new Map<ListenerReach, Promise<Result<SignalServer, ListenFault>>>();
  const users = new Map<ListenerReach, Set<SessionId>>([
    ['local', new Set()],
    ['lan', new Set()],
  ]);
  const takers = new Map<SessionId, TakeDirect>();
  const strangers = openStrangers();

  function route(path: string): SocketRoute | undefined {
    const session = /^\/direct\/([\w-]{22})$/.exec(path)?.[1];
    const take = session === undefined ? undefined : byText(takers, session);
    if (take === undefined) return undefined;
    return {
      payloadBytesMax: BINARY_PAYLOAD_BYTES_MAX,
      attach(socket, request) {
        const proven = strangers.enter(addressGroup(request.socket.remoteAddress ?? ''));
        if (proven === null) return socket.terminate();
        socket.on('close', proven);
        take(binarySocketOf(socket), proven);
      },
    };
  }

  async function listen(reach: ListenerReach, wanted: number | null) {
    const first = wanted ?? LISTENER_PORT;
    const tried = wanted === null ? PORTS_TRIED : 1;
    const candidates = Array.from({ length: tried }, (_, i) => first + i);
    for (const port of [...candidates, 0]) {
      const host = HOSTS[reach];
      // [SG11]
      const limits = reach === 'lan' ? { joinsBy: 'socket' as const } : {};
      const server = await openSignalServer({ ...ports, host, port, route, limits });
      if (server.ok || server.fault !== 'app.portTaken') return server;
    }
    return { ok: false as const, fault: 'app.portTaken' as const };
  }

  async function shut(reach: ListenerReach): Promise<void> {
    const server = await open.get(reach);
    open.delete(reach);
    if (server?.ok === true) await server.value.close();
  }

  return {
    async open(reach, wanted) {
      const known = open.get(reach);
      if (known !== undefined) return await known;
      const opening = listen(reach, wanted);
      open.set(reach, opening);
      const server = await opening;
      if (!server.ok) open.delete(reach);
      return server;
    },
    serve: (session, take) => void takers.set(session, take),
    use: (session, reach) => void users.get(reach)?.add(session),
    release(session) {
      takers.delete(session);
      for (const [reach, sessions] of users) {
        if (sessions.delete(session) && sessions.size === 0) void shut(reach);
      }
    },
    async close() {
      takers.clear();
      await Promise.all([...open.keys()].map(shut));
    },
  };
}

function byText<T>(map: ReadonlyMap<string, T>, key: string): T | undefined {
  return map.get(key);
}
