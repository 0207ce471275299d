// What one service takes on, each limit with its unit and its reason. Decides nothing.

/** So many in a burst, and so many more each second after. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** A restart of the sharer or a train tunnel is over by then; an invite lives no longer. */
export const ROOM_KEPT_MS = 10 * 60_000;
/** A room is about 1 KiB here: 10 MiB in all. */
export const ROOMS_MAX = 10_000;
/** A classroom of sharers behind one address, twice. */
export const ROOMS_PER_ADDRESS_MAX = 64;
/** A room's socket and a visitor for each room; about 20 KiB each with its buffers. */
export const SOCKETS_MAX = 20_000;
/** A lecture hall behind one address joins one talk at the same time. */
export const SOCKETS_PER_ADDRESS_MAX = 300;
/** Addresses remembered for their rates; forgotten when these are whole again. */
export const ADDRESSES_MAX = 100_000;
export const CHANNELS_MAX = 20_000;
/** More than a share takes at once (50), and a lecture hall that knocks. */
export const CHANNELS_PER_ROOM_MAX = 256;
/** An invite lives ten minutes; nobody hands out more codes in that time. */
export const NAMEPLATES_PER_ROOM_MAX = 64;
/** Past this a code typed at random would lead to someone too often: add a digit. */
export const NAMEPLATES_TAKEN_SHARE = 0.1;
export const NAMEPLATE_DIGITS_MIN = 4;
export const NAMEPLATE_DIGITS_MAX = 8;

/** A lecture hall at once, then two people a second. */
export const JOINS: Rate = { burst: 240, perSecond: 2 };
/** Each claim costs a signature check (0.1 ms): a classroom of sharers after a restart. */
export const CLAIMS: Rate = { burst: 64, perSecond: 1 };
/** All but relays, on one socket: a sharer that makes invites by hand, and its restart. */
export const REQUESTS: Rate = { burst: 80, perSecond: 2 };
/** All messages of one socket: a sharer that answers a lecture hall with ten messages each. */
export const MESSAGES: Rate = { burst: 4096, perSecond: 512 };
/** Body characters on one line, one way: a handshake with its candidates is under 20 KiB. */
export const CHANNEL_CHARS: Rate = { burst: 256 * 1024, perSecond: 16 * 1024 };
/** Messages on one line, one way. */
export const CHANNEL_MESSAGES: Rate = { burst: 128, perSecond: 16 };

/** One is a bug, five are somebody trying. */
export const OFFENCES_MAX = 5;
/** Bytes not taken by a visitor: more than its line may carry in a burst. */
export const VISITOR_BUFFERED_BYTES_MAX = 384 * 1024;
/** Bytes not taken by a sharer: a lecture hall's first messages, 4 KiB each. */
export const SHARER_BUFFERED_BYTES_MAX = 1024 * 1024;
/** A socket that neither holds a room nor has a line is here for nothing. */
export const PURPOSELESS_MS = 30_000;
/** A negotiation is over within seconds; the knock waits on the link, not here. */
export const CHANNEL_IDLE_MS = 2 * 60_000;
/** Under the 60 s after which common proxies and NATs drop a silent connection. */
export const PING_AFTER_MS = 20_000;
/** Two pings unanswered. */
export const SILENT_MS = 50_000;
/** How often the time-outs above are looked at. */
export const TICK_MS = 5_000;

export interface SignalingLimits {
  readonly rooms: number;
  readonly roomsPerAddress: number;
  readonly sockets: number;
  readonly socketsPerAddress: number;
  readonly addresses: number;
  readonly channels: number;
  readonly channelsPerRoom: number;
  readonly nameplatesPerRoom: number;
  readonly joins: Rate;
  readonly claims: Rate;
  /** Whose joins count together: an address on the internet; on a LAN each socket alone. */
  readonly joinsBy: 'address' | 'socket';
}

export const SIGNALING_LIMITS: SignalingLimits = {
  rooms: ROOMS_MAX,
  roomsPerAddress: ROOMS_PER_ADDRESS_MAX,
  sockets: SOCKETS_MAX,
  socketsPerAddress: SOCKETS_PER_ADDRESS_MAX,
  addresses: ADDRESSES_MAX,
  channels: CHANNELS_MAX,
  channelsPerRoom: CHANNELS_PER_ROOM_MAX,
  nameplatesPerRoom: NAMEPLATES_PER_ROOM_MAX,
  joins: JOINS,
  claims: CLAIMS,
  joinsBy: 'address',
};
