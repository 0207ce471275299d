// Lines from visitors to a room's holder: opened, used within bounds, ended. Bodies pass
// through and stay nowhere.
import * as v from 'valibot';
import { toText } from '../src/protocol/bytes.ts';
import type { SessionId } from '../src/protocol/ids.ts';
import { ChannelId, type FromService } from '../src/protocol/signaling.ts';
import { fullBudget, spend } from './budget.ts';
import { CHANNEL_CHARS, CHANNEL_MESSAGES } from './limits.ts';
import {
  addressEntry,
  type Line,
  type LineEnd,
  type SocketEntry,
  type SocketId,
} from './register.ts';
import { refuse, update, type Turn } from './turn.ts';

export function spendJoin(turn: Turn, socket: SocketId, entry: SocketEntry): boolean {
  const { register, limits, at } = turn;
  if (limits.joinsBy === 'socket') {
    const joins = spend(entry.joins, limits.joins, 1, at);
    if (joins !== undefined) update(turn, socket, { joins });
    return joins !== undefined;
  }
  const address = addressEntry(register, entry.group, limits, at);
  const joins = spend(address.joins, limits.joins, 1, at);
  if (joins !== undefined) register.addresses.set(entry.group, { ...address, joins });
  return joins !== undefined;
}

export function join(turn: Turn, visitor: SocketId, id: SessionId): void {
  const { register, limits, at } = turn;
  const room = register.rooms.get(id);
  // [SG6] A room nobody holds and one that never was look the same to a visitor.
  if (room === undefined || room.keeper.phase === 'kept') {
    return refuse(turn, visitor, 'signal.noRoom');
  }
  if (register.lines.size >= limits.channels || room.channels.size >= limits.channelsPerRoom) {
    return refuse(turn, visitor, 'signal.full');
  }
  const channel = v.parse(ChannelId, toText(turn.entropy(16)));
  const sharer = room.keeper.socket;
  const end = (socket: SocketId): LineEnd => ({
    socket,
    chars: fullBudget(CHANNEL_CHARS, at),
    messages: fullBudget(CHANNEL_MESSAGES, at),
  });
  register.lines.set(channel, { room: id, visitor: end(visitor), sharer: end(sharer), usedAt: at });
  register.rooms.set(id, { ...room, channels: new Set([...room.channels, channel]) });
  register.counts.opened++;
  update(turn, visitor, { purpose: { phase: 'visiting', channel } });
  turn.effects.push(
    { do: 'send', socket: sharer, message: { type: 'visitor', channel } },
    { do: 'send', socket: visitor, message: { type: 'open', channel, room: id } },
  );
}

/** [SG8] The line, if this socket is one of its ends: nobody else's word reaches it. */
export function lineOf(turn: Turn, socket: SocketId, channel: ChannelId): Line | undefined {
  const line = turn.register.lines.get(channel);
  const mine = line?.visitor.socket === socket || line?.sharer.socket === socket;
  return mine ? line : undefined;
}

export function relay(turn: Turn, from: SocketId, channel: ChannelId, body: string): void {
  const { register, at } = turn;
  const line = lineOf(turn, from, channel);
  if (line === undefined) {
    // Most often the other end has just hung up and the word is on its way.
    turn.effects.push({ do: 'send', socket: from, message: { type: 'hungUp', channel } });
    return;
  }
  const [side, other] =
    line.visitor.socket === from
      ? (['visitor', 'sharer'] as const)
      : (['sharer', 'visitor'] as const);
  const chars = spend(line[side].chars, CHANNEL_CHARS, body.length, at);
  const messages = spend(line[side].messages, CHANNEL_MESSAGES, 1, at);
  if (chars === undefined || messages === undefined) return hangUp(turn, channel, line); // [SG13]
  register.lines.set(channel, { ...line, [side]: { socket: from, chars, messages }, usedAt: at });
  register.counts.relayed++;
  register.counts.relayedChars += body.length;
  const message: FromService = { type: 'relay', channel, body };
  turn.effects.push({ do: 'send', socket: line[other].socket, message });
}

/** Ends a line and tells both ends that are still here. */
export function hangUp(turn: Turn, channel: ChannelId, line: Line): void {
  const { register, at } = turn;
  register.lines.delete(channel);
  const room = register.rooms.get(line.room);
  if (room !== undefined) {
    const channels = new Set(room.channels);
    channels.delete(channel);
    register.rooms.set(line.room, { ...room, channels });
  }
  for (const { socket } of [line.visitor, line.sharer]) {
    if (!register.sockets.has(socket)) continue;
    turn.effects.push({ do: 'send', socket, message: { type: 'hungUp', channel } });
  }
  update(turn, line.visitor.socket, { purpose: { phase: 'none', since: at } });
}
