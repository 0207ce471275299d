// What the service remembers: sockets, rooms, nameplates, lines, and what each address has
// used. No bodies, no names, no codes. It looks up and keeps count; what may be, rendezvous.ts says.
import type { ChannelId } from '../src/protocol/signaling.ts';
import type { Nameplate, PublicKey, SessionId } from '../src/protocol/ids.ts';
import type { Entropy } from '../src/protocol/ports.ts';
import { Nameplate as NameplateSchema } from '../src/protocol/ids.ts';
import * as v from 'valibot';
import { fullBudget, isFull, type Budget } from './budget.ts';
import {
  NAMEPLATES_TAKEN_SHARE,
  NAMEPLATE_DIGITS_MAX,
  NAMEPLATE_DIGITS_MIN,
  type SignalingLimits,
} from './limits.ts';

/** Given by the rim, never given twice. */
export type SocketId = number;

/** What a socket is here for. */
export type Purpose =
  | { readonly phase: 'none'; readonly since: number }
  | {
      readonly phase: 'challenged';
      readonly key: PublicKey;
      readonly nonce: string;
      readonly since: number;
    }
  | {
      readonly phase: 'checking';
      readonly key: PublicKey;
      readonly room: SessionId;
      readonly since: number;
    }
  | { readonly phase: 'holding'; readonly room: SessionId }
  | { readonly phase: 'visiting'; readonly channel: ChannelId };

export interface SocketEntry {
  readonly group: string;
  readonly heardAt: number;
  readonly offences: number;
  readonly messages: Budget;
  readonly requests: Budget;
  readonly joins: Budget;
  readonly purpose: Purpose;
}

export interface RoomEntry {
  /** The address it is counted under. */
  readonly group: string;
  readonly nameplates: ReadonlySet<Nameplate>;
  readonly channels: ReadonlySet<ChannelId>;
  readonly keeper:
    | { readonly phase: 'held'; readonly socket: SocketId }
    | { readonly phase: 'kept'; readonly until: number };
}

/** What one end of a line may still send. */
export interface LineEnd {
  readonly socket: SocketId;
  readonly chars: Budget;
  readonly messages: Budget;
}

export interface Line {
  readonly room: SessionId;
  readonly visitor: LineEnd;
  readonly sharer: LineEnd;
  readonly usedAt: number;
}

export interface AddressEntry {
  readonly sockets: number;
  readonly rooms: number;
  readonly joins: Budget;
  readonly claims: Budget;
}

export const COUNTED = [
  'connected',
  'turnedAway',
  'claimed',
  'notProven',
  'opened',
  'refused',
  'relayed',
  'relayedChars',
  'malformed',
  'closed',
] as const;
export type Counted = (typeof COUNTED)[number];

/**
 * A step changes these maps in place and hands the same register on: copying ten thousand
 * rooms for each message would be the service's limit. Nobody else holds it.
 */
export interface Register {
  readonly sockets: Map<SocketId, SocketEntry>;
  readonly rooms: Map<SessionId, RoomEntry>;
  readonly nameplates: Map<Nameplate, SessionId>;
  readonly lines: Map<ChannelId, Line>;
  readonly addresses: Map<string, AddressEntry>;
  readonly counts: Record<Counted, number>;
}

export function emptyRegister(): Register {
  return {
    sockets: new Map(),
    rooms: new Map(),
    nameplates: new Map(),
    lines: new Map(),
    addresses: new Map(),
    counts: {
      connected: 0,
      turnedAway: 0,
      claimed: 0,
      notProven: 0,
      opened: 0,
      refused: 0,
      relayed: 0,
      relayedChars: 0,
      malformed: 0,
      closed: 0,
    },
  };
}

export function addressEntry(
  register: Register,
  group: string,
  limits: SignalingLimits,
  at: number,
): AddressEntry {
  return (
    register.addresses.get(group) ?? {
      sockets: 0,
      rooms: 0,
      joins: fullBudget(limits.joins, at),
      claims: fullBudget(limits.claims, at),
    }
  );
}

/** Changes how many sockets or rooms an address has. */
export function countAt(
  register: Register,
  group: string,
  change: { readonly sockets?: 1 | -1; readonly rooms?: 1 | -1 },
): void {
  const entry = register.addresses.get(group);
  if (entry === undefined) return;
  register.addresses.set(group, {
    ...entry,
    sockets: entry.sockets + (change.sockets ?? 0),
    rooms: entry.rooms + (change.rooms ?? 0),
  });
}

/** Forgets addresses that hold nothing and have used nothing lately. */
export function forgetAddresses(register: Register, limits: SignalingLimits, at: number): void {
  for (const [group, entry] of register.addresses) {
    const idle = entry.sockets === 0 && entry.rooms === 0;
    if (idle && isFull(entry.joins, limits.joins, at) && isFull(entry.claims, limits.claims, at)) {
      register.addresses.delete(group);
    }
  }
}

/** Digits a new nameplate has: the least of which not yet a tenth are taken. */
export function nameplateDigits(taken: number): number {
  let digits = NAMEPLATE_DIGITS_MIN;
  while (digits < NAMEPLATE_DIGITS_MAX && taken >= 10 ** digits * NAMEPLATES_TAKEN_SHARE) digits++;
  return digits;
}

/** Draws before giving up; at most a tenth are taken, so one or two do. */
const DRAWS_MAX = 64;

/** A nameplate nobody has, or `undefined` when none was found. */
export function freeNameplate(register: Register, entropy: Entropy): Nameplate | undefined {
  const digits = nameplateDigits(register.nameplates.size);
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const drawn = entropy(4).reduce((number, byte) => number * 256 + byte, 0);
    const span = 10 ** digits;
    if (drawn >= Math.floor(2 ** 32 / span) * span) continue; // keeps every number as likely
    const nameplate = v.parse(NameplateSchema, String(drawn % span).padStart(digits, '0'));
    if (!register.nameplates.has(nameplate)) return nameplate;
  }
  return undefined;
}

export function roomsKept(register: Register): number {
  let kept = 0;
  for (const room of register.rooms.values()) if (room.keeper.phase === 'kept') kept++;
  return kept;
}
