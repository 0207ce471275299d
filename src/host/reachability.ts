// How others find a session: a room at a signaling service, on this computer, on the network or
// elsewhere, and where that is in words. Opens and closes; decides nothing.
import { receive, receiveDirect, type ArrivalPorts } from '../peer/arrival.ts';
import type { RtcDialer } from '../peer/dialing.ts';
import { sharerIce, type IceServer } from '../peer/ice.ts';
import { openRoom, type Room } from '../peer/signal-room.ts';
import type { SocketFactory } from '../peer/socket.ts';
import type { Reach } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import { typedPlace } from '../protocol/host-place.ts';
import type { Nameplate, SessionId } from '../protocol/ids.ts';
import type { Clock, Random, Signer } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { Listeners } from './listeners.ts';

/** A room is taken within this, or the service counts as out of reach. */
const ROOM_MS = 8_000;

/** Where the page is, and what one types behind a code for it. */
export interface Whereabouts {
  /** http://HOST:PORT or https://…, no slash at the end. */
  readonly origin: string;
  readonly typed: string;
  /** Other addresses of this computer, as they are typed: the first may not be the one that works. */
  readonly others: readonly string[];
  /** There is no network: nobody on another computer comes in by it. */
  readonly isHereOnly: boolean;
}

export interface Place {
  readonly reach: Reach;
  readonly room: Room;
  /** As it is at this moment: a share outlives the addresses it began with. */
  readonly where: () => Whereabouts;
  /** To be kept, so that it is the same after a restart; null where it is not ours. */
  readonly port: number | null;
}

export interface Reachability {
  /** Opens the way in, or gives the open one, once its room is held. `wanted` is the port it had before. */
  readonly open: (reach: Reach, wanted: number | null) => Promise<Result<Place, Fault>>;
  /** [SG26] The same without waiting for the room, which is tried for until it is held. */
  readonly reopen: (reach: Reach, wanted: number | null) => Promise<Result<Place, Fault>>;
  readonly onNameplateLost: (lost: (nameplate: Nameplate) => void) => void;
  readonly places: () => readonly Place[];
  readonly dropNameplate: (nameplate: Nameplate) => void;
  /** Nobody comes in any more, nor by what is being opened. */
  readonly shut: () => void;
}

export interface ReachabilityOptions {
  readonly session: SessionId;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: Random;
  readonly listeners: Listeners;
  /** ws:// or wss:// address of a signaling service; null where none is set. */
  readonly signal: string | null;
  readonly socket: SocketFactory;
  /** Null where this computer has no WebRTC. */
  readonly rtc: RtcDialer | null;
  /** As they are set; null where they are not. */
  readonly iceServers: readonly IceServer[] | null;
  /** By which others on the network reach this computer now, most likely first. */
  readonly addresses: () => readonly string[];
  /** [SG22] Nameplates of invites that are open, at this reach. */
  readonly nameplates: (reach: Reach) => readonly Nameplate[];
  readonly arrival: ArrivalPorts;
}

export function openReachability(options: ReachabilityOptions): Reachability {
  const { session, clock, random, listeners, signer } = options;
  const opening = new Map<Reach, Promise<Result<Place, Fault>>>();
  const ready = new Map<Reach, Place>();
  let lost: (nameplate: Nameplate) => void = () => {};
  /** Counts how often all was shut: what was begun before that opens nothing any more. */
  let life = 1;

  function roomAt(reach: Reach, url: string, socket: SocketFactory): Room {
    const nameplates = options.nameplates(reach);
    const room = openRoom({ url, signer, nameplates, socket, clock, random });
    room.onNameplateLost((nameplate) => lost(nameplate));
    const servers = reach === 'signal' ? sharerIce(url, options.iceServers) : [];
    room.onVisitor((channel) => {
      if (options.rtc === null) return channel.close();
      receive(channel, options.arrival, { dial: options.rtc, iceServers: servers });
    });
    return room;
  }

  async function openListener(
    reach: 'local' | 'lan',
    wanted: number | null,
  ): Promise<Result<Place, Fault>> {
    const begun = life;
    const listening = listeners.open(reach, wanted);
    listeners.use(session, reach);
    const server = await listening;
    if (begun !== life) return err('share.ended');
    if (!server.ok) {
      if (ready.size === 0) listeners.release(session);
      return server;
    }
    const { port, signaling } = server.value;
    listeners.serve(session, (socket, proven) => receiveDirect(socket, options.arrival, proven));
    const addresses = (): readonly string[] => (reach === 'local' ? [] : options.addresses());
    const room = roomAt(reach, `ws://127.0.0.1:${port}/signal`, signaling.inside);
    return ok({ reach, room, where: () => listenerWhereabouts(addresses(), port), port });
  }

  function openSignal(): Result<Place, Fault> {
    if (options.signal === null) return err('signal.none');
    // Who comes by a service comes by WebRTC, or not at all.
    if (options.rtc === null) return err('link.noWebrtc');
    const url = new URL(options.signal);
    if (url.pathname === '/') url.pathname = '/signal';
    const room = roomAt('signal', url.href, options.socket);
    const origin = `${url.protocol === 'wss:' ? 'https' : 'http'}://${url.host}`;
    const where = { origin, typed: typedPlace(origin), others: [], isHereOnly: false };
    return ok({ reach: 'signal', room, where: () => where, port: null });
  }

  async function begin(reach: Reach, wanted: number | null): Promise<Result<Place, Fault>> {
    const place = reach === 'signal' ? openSignal() : await openListener(reach, wanted);
    if (place.ok) ready.set(reach, place.value);
    return place;
  }

  async function reopen(reach: Reach, wanted: number | null): Promise<Result<Place, Fault>> {
    const known = opening.get(reach);
    if (known !== undefined) return await known;
    const begun = begin(reach, wanted);
    opening.set(reach, begun);
    const place = await begun;
    if (!place.ok && opening.get(reach) === begun) opening.delete(reach);
    return place;
  }

  return {
    async open(reach, wanted) {
      const place = await reopen(reach, wanted);
      if (!place.ok) return place;
      const fault = await faultOf(place.value.room, clock);
      return fault === null ? place : err(fault);
    },
    reopen,
    onNameplateLost: (run) => {
      lost = run;
    },
    places: () => [...ready.values()],
    dropNameplate(nameplate) {
      for (const place of ready.values()) place.room.dropNameplate(nameplate);
    },
    shut() {
      life++;
      for (const place of ready.values()) place.room.close();
      ready.clear();
      opening.clear();
      listeners.release(session);
    },
  };
}

/** Null as soon as the room is ours; why it is not, ROOM_MS later. */
function faultOf(room: Room, clock: Clock): Promise<Fault | null> {
  return new Promise((answer) => {
    let why: Fault = 'signal.unreachable';
    const cancel = clock.after(ROOM_MS, () => answer(why));
    const look = (): void => {
      const phase = room.phase();
      if (phase.phase === 'away') why = phase.because;
      if (phase.phase !== 'held' && phase.phase !== 'over') return;
      cancel();
      answer(phase.phase === 'held' ? null : 'share.ended');
    };
    room.watch(look);
    look();
  });
}

/** [LK26] Where there is no address for others, the link of this computer, and no claim that it is more. */
function listenerWhereabouts(addresses: readonly string[], port: number): Whereabouts {
  const [first = '127.0.0.1', ...others] = addresses;
  const typed = `${first}:${port}`;
  return {
    origin: `http://${typed}`,
    typed,
    others: others.map((address) => `${address}:${port}`),
    isHereOnly: addresses.length === 0,
  };
}
