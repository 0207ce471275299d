// How others find a session: a room at a signaling service, on this computer, on the network or
// elsewhere, and what an invite says of it. Opens and closes; decides nothing.
import { formatCode, formatLink } from '../crypto/invite.ts';
import { receive, receiveDirect, type ArrivalPorts } from '../peer/arrival.ts';
import type { RtcDialer } from '../peer/dialing.ts';
import { iceServers } from '../peer/ice.ts';
import { openRoom, type Room } from '../peer/signal-room.ts';
import { openTextSocket } from '../peer/socket-node.ts';
import type { SocketFactory } from '../peer/socket.ts';
import type { Reach } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { InviteId, Nameplate, SessionId } from '../protocol/ids.ts';
import type { Clock, Random, Signer } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { lanAddresses } from './addresses.ts';
import type { Listeners } from './listeners.ts';

/** A room is taken within this, or the service counts as out of reach. */
const ROOM_MS = 8_000;

export interface Place {
  readonly reach: Reach;
  readonly room: Room;
  /** Where the page is: http://HOST:PORT or https://…, no slash at the end. */
  readonly origin: string;
  /** HOST:PORT, as one types it behind a code. */
  readonly typed: string;
  /** To be kept, so that it is the same after a restart; null where it is not ours. */
  readonly port: number | null;
}

export interface Reachability {
  /** Opens the way in, or gives the open one. `wanted` is the port it had before. */
  readonly open: (reach: Reach, wanted: number | null) => Promise<Result<Place, Fault>>;
  readonly onNameplateLost: (lost: (nameplate: Nameplate) => void) => void;
  readonly places: () => readonly Place[];
  readonly dropNameplate: (nameplate: Nameplate) => void;
  /** Nobody comes in any more. */
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
  /** Null where this computer has no WebRTC. */
  readonly rtc: RtcDialer | null;
  readonly arrival: ArrivalPorts;
}

export function openReachability(options: ReachabilityOptions): Reachability {
  const { session, signer, clock, random, listeners } = options;
  const open = new Map<Reach, Promise<Result<Place, Fault>>>();
  const ready = new Map<Reach, Place>();
  let lost: (nameplate: Nameplate) => void = () => {};

  function roomAt(reach: Reach, url: string, socket: SocketFactory): Room {
    const room = openRoom({ url, signer, socket, clock, random });
    room.onNameplateLost((nameplate) => lost(nameplate));
    room.onVisitor((channel) => {
      if (options.rtc === null) return channel.close();
      receive(channel, options.arrival, { dial: options.rtc, iceServers: iceServers(reach) });
    });
    return room;
  }

  async function openListener(
    reach: 'local' | 'lan',
    wanted: number | null,
  ): Promise<Result<Place, Fault>> {
    const server = await listeners.open(reach, wanted);
    if (!server.ok) return server;
    const { port, signaling } = server.value;
    listeners.use(session, reach);
    listeners.serve(session, (socket) => receiveDirect(socket, options.arrival));
    const host = reach === 'local' ? '127.0.0.1' : (lanAddresses()[0] ?? '127.0.0.1');
    const typed = `${host}:${port}`;
    const room = roomAt(reach, `ws://${typed}/signal`, signaling.inside);
    return ok({ reach, room, origin: `http://${typed}`, typed, port });
  }

  function openSignal(): Result<Place, Fault> {
    if (options.signal === null) return err('signal.unreachable');
    const url = new URL(options.signal);
    const secure = url.protocol === 'wss:';
    if (url.pathname === '/') url.pathname = '/signal';
    const room = roomAt('signal', url.href, openTextSocket);
    return ok({
      reach: 'signal',
      room,
      origin: `${secure ? 'https' : 'http'}://${url.host}`,
      typed: url.host,
      port: null,
    });
  }

  async function begin(reach: Reach, wanted: number | null): Promise<Result<Place, Fault>> {
    const place = reach === 'signal' ? openSignal() : await openListener(reach, wanted);
    if (!place.ok) return place;
    if (!(await held(place.value.room, clock))) {
      place.value.room.close();
      return err('signal.unreachable');
    }
    ready.set(reach, place.value);
    return place;
  }

  return {
    async open(reach, wanted) {
      const known = open.get(reach);
      if (known !== undefined) return await known;
      const opening = begin(reach, wanted);
      open.set(reach, opening);
      const place = await opening;
      if (!place.ok) open.delete(reach);
      return place;
    },
    onNameplateLost: (run) => {
      lost = run;
    },
    places: () => [...ready.values()],
    dropNameplate(nameplate) {
      for (const place of ready.values()) place.room.dropNameplate(nameplate);
    },
    shut() {
      for (const place of ready.values()) place.room.close();
      ready.clear();
      open.clear();
      listeners.release(session);
    },
  };
}

/** Whether the room is ours within ROOM_MS. */
function held(room: Room, clock: Clock): Promise<boolean> {
  return new Promise((answer) => {
    const cancel = clock.after(ROOM_MS, () => answer(false));
    const look = (): void => {
      if (room.phase().phase !== 'held') return;
      cancel();
      answer(true);
    };
    room.watch(look);
    look();
  });
}

/** What an invite says: its link, and what to type where. */
export function inviteWords(
  place: Place,
  invite: {
    readonly id: InviteId;
    readonly secret: Uint8Array;
    readonly session: SessionId;
    readonly nameplate: Nameplate | null;
    readonly words: string;
  },
): { link: string; code: string | null; typed: string | null; place: string } {
  const link = formatLink({
    origin: place.origin,
    invite: invite.id,
    secret: invite.secret,
    session: invite.session,
  });
  const code = invite.nameplate === null ? null : formatCode(invite.nameplate, invite.words);
  const typed = code === null ? null : `${code}@${place.typed}`;
  return { link, code, typed, place: place.origin };
}
