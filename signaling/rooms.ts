// Rooms and their nameplates: taken by proof of a key, kept a while, given up.
import { fromText, toText } from '../src/protocol/bytes.ts';
import type { Nameplate, SessionId } from '../src/protocol/ids.ts';
import type { ToService } from '../src/protocol/signaling.ts';
import { spend } from './budget.ts';
import { close, offence } from './leaving.ts';
import {
  addressEntry,
  countAt,
  freeNameplate,
  nameplateDigits,
  type RoomEntry,
  type SocketEntry,
  type SocketId,
} from './register.ts';
import { refuse, update, type Turn } from './turn.ts';

export function claim(
  turn: Turn,
  socket: SocketId,
  entry: SocketEntry,
  message: Extract<ToService, { type: 'claim' }>,
): void {
  const { register, limits, at } = turn;
  if (!fromText(message.key).ok) return offence(turn, socket, 'signal.malformed');
  const address = addressEntry(register, entry.group, limits, at);
  const claims = spend(address.claims, limits.claims, 1, at);
  if (claims === undefined) return refuse(turn, socket, 'signal.busy');
  register.addresses.set(entry.group, { ...address, claims });
  const nonce = toText(turn.entropy(32));
  update(turn, socket, { purpose: { phase: 'challenged', key: message.key, nonce, since: at } });
  turn.effects.push({ do: 'send', socket, message: { type: 'challenge', nonce } });
}

export function notProven(turn: Turn, socket: SocketId): void {
  turn.register.counts.notProven++;
  update(turn, socket, { purpose: { phase: 'none', since: turn.at } });
  offence(turn, socket, 'signal.notProven'); // [SG2]
}

/** The key is proven: the room is this socket's, whoever had it before. */
export function hold(turn: Turn, socket: SocketId, entry: SocketEntry, id: SessionId): void {
  const { register, limits } = turn;
  const room = register.rooms.get(id);
  if (room === undefined) {
    const address = addressEntry(register, entry.group, limits, turn.at);
    if (register.rooms.size >= limits.rooms || address.rooms >= limits.roomsPerAddress) {
      update(turn, socket, { purpose: { phase: 'none', since: turn.at } });
      return refuse(turn, socket, 'signal.full'); // [SG12]
    }
  } else {
    if (room.keeper.phase === 'held') supersede(turn, room.keeper.socket); // [SG4]
    countAt(register, room.group, { rooms: -1 });
  }
  countAt(register, entry.group, { rooms: 1 });
  register.rooms.set(id, {
    group: entry.group,
    nameplates: room?.nameplates ?? new Set(),
    channels: new Set(),
    keeper: { phase: 'held', socket },
  });
  register.counts.claimed++;
  update(turn, socket, { purpose: { phase: 'holding', room: id } });
  turn.effects.push({ do: 'send', socket, message: { type: 'held', room: id } });
}

function supersede(turn: Turn, socket: SocketId): void {
  refuse(turn, socket, 'signal.taken');
  close(turn, socket);
}

export function dropRoom(turn: Turn, id: SessionId, room: RoomEntry): void {
  for (const nameplate of room.nameplates) turn.register.nameplates.delete(nameplate);
  countAt(turn.register, room.group, { rooms: -1 });
  turn.register.rooms.delete(id);
}

export function takeNameplate(
  turn: Turn,
  socket: SocketId,
  id: SessionId,
  room: RoomEntry,
  wanted: Nameplate | undefined,
): void {
  const { register } = turn;
  const owner = wanted === undefined ? undefined : register.nameplates.get(wanted);
  if (wanted === undefined || owner !== id) {
    if (room.nameplates.size >= turn.limits.nameplatesPerRoom) {
      return refuse(turn, socket, 'signal.full');
    }
    // [SG7] One's own again, not a short one of one's choice.
    const short = wanted !== undefined && wanted.length < nameplateDigits(register.nameplates.size);
    if (owner !== undefined || short) return refuse(turn, socket, 'signal.taken');
  }
  const nameplate = wanted ?? freeNameplate(register, turn.entropy);
  if (nameplate === undefined) return refuse(turn, socket, 'signal.full');
  register.nameplates.set(nameplate, id);
  register.rooms.set(id, { ...room, nameplates: new Set([...room.nameplates, nameplate]) });
  turn.effects.push({ do: 'send', socket, message: { type: 'nameplate', nameplate } });
}

export function dropNameplate(
  turn: Turn,
  id: SessionId,
  room: RoomEntry,
  nameplate: Nameplate,
): void {
  if (!room.nameplates.has(nameplate)) return;
  turn.register.nameplates.delete(nameplate);
  const nameplates = new Set(room.nameplates);
  nameplates.delete(nameplate);
  turn.register.rooms.set(id, { ...room, nameplates });
}
