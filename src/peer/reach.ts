// The viewer's side: from an invite, or a key that was let in before, to a link. Tries the ways
// there are in order; each is a whole handshake of its own.
import { linkKeys, type Proven, type ViewerDoor } from '../crypto/handshake.ts';
import type { Identity } from '../crypto/identity.ts';
import type { Fault } from '../protocol/faults.ts';
import type { PublicKey, SessionId } from '../protocol/ids.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { answerOffers } from './answering.ts';
import type { RtcDialer } from './dialing.ts';
import { openLine, prove } from './handshake-line.ts';
import type { Where } from './joining.ts';
import { viewerIce, type IceServer } from './ice.ts';
import { openLink, type Link } from './link.ts';
import { joinRoom } from './signal-join.ts';
import type { BinarySocketFactory, SocketFactory } from './socket.ts';
import { websocketWire } from './websocket.ts';
import type { Wire } from './wire.ts';

/** As a person has it: a typed code does not name its session, the service does. */
export type Entrance =
  | Exclude<ViewerDoor, { door: 'code' }>
  | Omit<Extract<ViewerDoor, { door: 'code' }>, 'session'>;

/** By what one gets there. `url` is ws:// or wss://. */
export type Way =
  /** Through signaling to a WebRTC connection. `url` is the service's socket. */
  | { readonly by: 'webrtc'; readonly url: string }
  /** A socket straight to the sharer; `url` ends in '/' and the session's id is put behind it.
   * `signal` is where a code's session is asked. */
  | { readonly by: 'socket'; readonly url: string; readonly signal: string | null };

export interface ReachPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly identity: Identity;
  readonly textSocket: SocketFactory;
  readonly binarySocket: BinarySocketFactory;
  /** Null where there is no WebRTC. */
  readonly rtc: RtcDialer | null;
  /** One's own setting; null where there is none. */
  readonly iceServers: readonly IceServer[] | null;
}

export interface Reached {
  readonly link: Link;
  readonly wire: Wire['kind'];
  readonly session: SessionId;
  readonly sessionKey: PublicKey;
  readonly redialKey: Uint8Array;
  readonly words: string;
}

export interface Reaching {
  readonly reached: Promise<Result<Reached, Fault>>;
  readonly cancel: () => void;
}

type Step = (now: 'proving' | 'connecting') => void;

/** Faults of a way, after which the next way may still lead there. */
const OF_THE_WAY: ReadonlySet<Fault> = new Set<Fault>([
  'signal.unreachable',
  'signal.noRoom',
  'link.noPath',
  'link.noWebrtc',
  'link.broken',
  'link.silent',
]);

export function reach(
  entrance: Entrance,
  ways: readonly Way[],
  ports: ReachPorts,
  step: Step,
): Reaching {
  let cancelled = false;
  let cancelWay = () => {};
  async function all(): Promise<Result<Reached, Fault>> {
    const faults: Fault[] = [];
    for (const way of ways) {
      const trip = openTrip();
      cancelWay = trip.cancel;
      const reached = await along(way, entrance, ports, step, trip);
      if (reached.ok || cancelled || !OF_THE_WAY.has(reached.fault)) return reached;
      faults.push(reached.fault);
    }
    return err(mostTelling(faults));
  }
  return {
    reached: all(),
    cancel() {
      cancelled = true;
      cancelWay();
    },
  };
}

/** [LK27] A way that nobody offers says nothing of one that led there; that is told which got furthest. */
export function mostTelling(faults: readonly Fault[]): Fault {
  const toldFirst: readonly Fault[] = [
    'link.noPath',
    'link.silent',
    'link.broken',
    'signal.noRoom',
  ];
  return toldFirst.find((fault) => faults.includes(fault)) ?? faults.at(-1) ?? 'link.noPath';
}

/** What is open along one way, closed together when it is given up. */
interface Trip {
  readonly holds: (close: () => void) => void;
  readonly cancel: () => void;
}

function openTrip(): Trip {
  let held: (() => void)[] = [];
  let over = false;
  return {
    holds(close) {
      if (over) close();
      else held.push(close);
    },
    cancel() {
      over = true;
      const all = held.toReversed();
      held = [];
      for (const close of all) close();
    },
  };
}

async function along(
  way: Way,
  entrance: Entrance,
  ports: ReachPorts,
  step: Step,
  trip: Trip,
): Promise<Result<Reached, Fault>> {
  const reached =
    way.by === 'webrtc'
      ? await byWebrtc(way.url, entrance, ports, step, trip)
      : await bySocket(way, entrance, ports, step, trip);
  if (!reached.ok) trip.cancel();
  return reached;
}

function whereOf(entrance: Entrance): Where {
  return entrance.door === 'code' ? { nameplate: entrance.nameplate } : { room: entrance.session };
}

function doorAt(entrance: Entrance, session: SessionId): ViewerDoor {
  return entrance.door === 'code' ? { ...entrance, session } : entrance;
}

async function byWebrtc(
  url: string,
  entrance: Entrance,
  ports: ReachPorts,
  step: Step,
  trip: Trip,
): Promise<Result<Reached, Fault>> {
  const { rtc, clock, textSocket: socket } = ports;
  if (rtc === null) return err('link.noWebrtc');
  const joined = await joinRoom({ url, where: whereOf(entrance), socket, clock });
  if (!joined.ok) return joined;
  const { channel, room } = joined.value;
  trip.holds(channel.close);
  step('proving');
  const line = openLine(channel, clock);
  const proven = await prove(line, doorAt(entrance, room), ports);
  if (!proven.ok) return proven;
  step('connecting');
  const wire = await answerOffers(line, proven.value, {
    dial: rtc,
    iceServers: (told) => viewerIce(url, ports.iceServers, told),
    holds: trip.holds,
  });
  if (!wire.ok) return wire;
  channel.close();
  return ok(linked(proven.value, wire.value, clock));
}

async function bySocket(
  way: Extract<Way, { by: 'socket' }>,
  entrance: Entrance,
  ports: ReachPorts,
  step: Step,
  trip: Trip,
): Promise<Result<Reached, Fault>> {
  const { clock } = ports;
  const session = await sessionOf(way, entrance, ports);
  if (!session.ok) return session;
  const socket = await ports.binarySocket(`${way.url}${session.value}`);
  if (!socket.ok) return socket;
  trip.holds(socket.value.close);
  step('proving');
  const { send, onBytes: onMessage, onClosed, close } = socket.value;
  const line = openLine({ send, onMessage, onClosed, close }, clock);
  const proven = await prove(line, doorAt(entrance, session.value), ports);
  if (!proven.ok) return proven;
  const wire = { ...websocketWire(socket.value), onMessage: line.handOn };
  return ok(linked(proven.value, wire, clock));
}

async function sessionOf(
  way: Extract<Way, { by: 'socket' }>,
  entrance: Entrance,
  ports: ReachPorts,
): Promise<Result<SessionId, Fault>> {
  if (entrance.door !== 'code') return ok(entrance.session);
  if (way.signal === null) return err('link.noPath');
  const { clock, textSocket: socket } = ports;
  const joined = await joinRoom({ url: way.signal, where: whereOf(entrance), socket, clock });
  if (!joined.ok) return joined;
  joined.value.channel.close();
  return ok(joined.value.room);
}

function linked(proven: Proven, wire: Wire, clock: Clock): Reached {
  const keys = linkKeys(proven, wire.binding);
  const { session, sessionKey, redialKey } = proven;
  const link = openLink({ wire, keys, clock, role: 'viewer' });
  return { link, wire: wire.kind, session, sessionKey, redialKey, words: keys.words };
}
