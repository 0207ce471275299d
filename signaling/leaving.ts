// How a socket ends: by its own leave, by too many offences, by another's better right.
import { ROOM_KEPT_MS, OFFENCES_MAX } from './limits.ts';
import { hangUp } from './lines.ts';
import { countAt, type SocketId } from './register.ts';
import { refuse, update, type Refusal, type Turn } from './turn.ts';

/** [SG10] A refusal that counts against the socket. */
export function offence(turn: Turn, socket: SocketId, fault: Refusal): void {
  refuse(turn, socket, fault);
  const offences = (turn.register.sockets.get(socket)?.offences ?? 0) + 1;
  update(turn, socket, { offences });
  if (offences >= OFFENCES_MAX) close(turn, socket);
}

export function close(turn: Turn, socket: SocketId): void {
  turn.register.counts.closed++;
  turn.effects.push({ do: 'close', socket });
  forget(turn, socket);
}

/** The socket is no more: its room is kept for a while, its lines end. */
export function forget(turn: Turn, socket: SocketId): void {
  const { register, at } = turn;
  const entry = register.sockets.get(socket);
  if (entry === undefined) return;
  register.sockets.delete(socket);
  countAt(register, entry.group, { sockets: -1 });
  const { purpose } = entry;
  if (purpose.phase === 'visiting') {
    const line = register.lines.get(purpose.channel);
    if (line !== undefined) hangUp(turn, purpose.channel, line);
  }
  if (purpose.phase !== 'holding') return;
  const room = register.rooms.get(purpose.room);
  if (room === undefined) return;
  for (const channel of room.channels) {
    const line = register.lines.get(channel);
    if (line !== undefined) hangUp(turn, channel, line);
  }
  const keeper = { phase: 'kept', until: at + ROOM_KEPT_MS } as const; // [SG5]
  register.rooms.set(purpose.room, { ...room, channels: new Set(), keeper });
}
