// The service as one machine: who holds a room, who may have a line to it, and what is too
// much. It passes bodies on and keeps none. Knows no socket, no clock, no signature's arithmetic.
import { sessionIdOf } from '../src/crypto/identity.ts';
import { fromText } from '../src/protocol/bytes.ts';
import { unreachable } from '../src/protocol/result.ts';
import type { ToService } from '../src/protocol/signaling.ts';
import type { Step } from '../src/protocol/step.ts';
import { addressGroup } from './address.ts';
import { fullBudget, spend } from './budget.ts';
import { close, forget, offence } from './leaving.ts';
import {
  CHANNEL_IDLE_MS,
  MESSAGES,
  PING_AFTER_MS,
  PURPOSELESS_MS,
  REQUESTS,
  SHARER_BUFFERED_BYTES_MAX,
  SILENT_MS,
  VISITOR_BUFFERED_BYTES_MAX,
} from './limits.ts';
import { hangUp, join, lineOf, relay, spendJoin } from './lines.ts';
import {
  addressEntry,
  countAt,
  forgetAddresses,
  type Register,
  type SocketEntry,
  type SocketId,
} from './register.ts';
import { claim, dropNameplate, dropRoom, hold, notProven, takeNameplate } from './rooms.ts';
import {
  refusal,
  refuse,
  update,
  type RendezvousEffect,
  type RendezvousInput,
  type RendezvousWorld,
  type Turn,
} from './turn.ts';

export type { RendezvousEffect, RendezvousInput, RendezvousWorld } from './turn.ts';

export function rendezvous(
  register: Register,
  input: RendezvousInput,
  world: RendezvousWorld,
): Step<Register, RendezvousEffect> {
  const turn: Turn = { ...world, register, at: input.at, effects: [] };
  switch (input.on) {
    case 'connected':
      connected(turn, input.socket, input.address);
      break;
    case 'tick':
      tick(turn);
      break;
    case 'message':
    case 'malformed':
    case 'heard':
    case 'proved':
    case 'notProven':
    case 'buffered':
    case 'gone': {
      const entry = register.sockets.get(input.socket);
      if (entry !== undefined) bySocket(turn, input, entry); // else it was closed: a late word
      break;
    }
    default:
      unreachable(input);
  }
  return [register, turn.effects];
}

type SocketInput = Exclude<RendezvousInput, { on: 'connected' } | { on: 'tick' }>;

function bySocket(turn: Turn, input: SocketInput, entry: SocketEntry): void {
  const { socket } = input;
  switch (input.on) {
    case 'message':
      message(turn, socket, entry, input.message);
      break;
    case 'malformed':
      turn.register.counts.malformed++;
      offence(turn, socket, 'signal.malformed');
      break;
    case 'heard':
      update(turn, socket, { heardAt: turn.at });
      break;
    case 'proved':
    case 'notProven':
      if (entry.purpose.phase !== 'checking') break;
      if (input.on === 'proved') hold(turn, socket, entry, entry.purpose.room);
      else notProven(turn, socket);
      break;
    case 'buffered': {
      const holds = entry.purpose.phase === 'holding';
      const bytesMax = holds ? SHARER_BUFFERED_BYTES_MAX : VISITOR_BUFFERED_BYTES_MAX;
      if (input.bytes > bytesMax) close(turn, socket); // [SG14]
      break;
    }
    case 'gone':
      forget(turn, socket);
      break;
    default:
      unreachable(input);
  }
}

function connected(turn: Turn, socket: SocketId, address: string): void {
  const { register, limits, at } = turn;
  const group = addressGroup(address);
  const entry = addressEntry(register, group, limits, at);
  const strangers = register.addresses.has(group) ? 0 : 1;
  if (
    register.sockets.size >= limits.sockets ||
    entry.sockets >= limits.socketsPerAddress ||
    register.addresses.size + strangers > limits.addresses
  ) {
    register.counts.turnedAway++;
    turn.effects.push(refusal(socket, 'signal.full'), { do: 'close', socket }); // [SG12]
    return;
  }
  register.counts.connected++;
  register.addresses.set(group, entry);
  countAt(register, group, { sockets: 1 });
  register.sockets.set(socket, {
    group,
    heardAt: at,
    offences: 0,
    messages: fullBudget(MESSAGES, at),
    requests: fullBudget(REQUESTS, at),
    joins: fullBudget(limits.joins, at),
    purpose: { phase: 'none', since: at },
  });
}

function message(turn: Turn, socket: SocketId, entry: SocketEntry, message: ToService): void {
  const messages = spend(entry.messages, MESSAGES, 1, turn.at);
  if (messages === undefined) return close(turn, socket); // [SG13] nothing we speak sends so much
  update(turn, socket, { messages, heardAt: turn.at });
  if (message.type === 'relay') {
    return relay(turn, socket, message.channel, message.body);
  }
  if (message.type === 'hangUp') {
    const line = lineOf(turn, socket, message.channel);
    if (line !== undefined) hangUp(turn, message.channel, line);
    return;
  }
  const requests = spend(entry.requests, REQUESTS, 1, turn.at);
  if (requests === undefined) return offence(turn, socket, 'signal.busy');
  update(turn, socket, { requests });
  request(turn, socket, entry, message);
}

type Request = Exclude<ToService, { type: 'relay' } | { type: 'hangUp' }>;

function request(turn: Turn, socket: SocketId, entry: SocketEntry, message: Request): void {
  const { purpose } = entry;
  switch (message.type) {
    case 'claim':
      if (purpose.phase !== 'none') return offence(turn, socket, 'signal.malformed');
      return claim(turn, socket, entry, message);
    case 'prove': {
      if (purpose.phase !== 'challenged') return offence(turn, socket, 'signal.malformed');
      const { key, nonce, since } = purpose;
      const bytes = fromText(key);
      if (!bytes.ok) return offence(turn, socket, 'signal.malformed');
      // [SG2] A nonce is used once: the purpose no longer holds it.
      update(turn, socket, {
        purpose: { phase: 'checking', key, room: sessionIdOf(bytes.value), since },
      });
      const { signature } = message;
      turn.effects.push({ do: 'verify', socket, key, nonce, signature });
      return;
    }
    case 'takeNameplate':
    case 'dropNameplate': {
      if (purpose.phase !== 'holding') return offence(turn, socket, 'signal.malformed');
      const room = turn.register.rooms.get(purpose.room);
      if (room === undefined) return;
      if (message.type === 'takeNameplate') {
        return takeNameplate(turn, socket, purpose.room, room, message.wanted);
      }
      return dropNameplate(turn, purpose.room, room, message.nameplate);
    }
    case 'join':
    case 'joinNameplate': {
      if (purpose.phase !== 'none') return offence(turn, socket, 'signal.malformed');
      if (!spendJoin(turn, socket, entry)) return refuse(turn, socket, 'signal.busy'); // [SG11]
      const room =
        message.type === 'join' ? message.room : turn.register.nameplates.get(message.nameplate);
      return room === undefined ? refuse(turn, socket, 'signal.noRoom') : join(turn, socket, room);
    }
    default:
      unreachable(message);
  }
}

function tick(turn: Turn): void {
  const { register, at } = turn;
  for (const [socket, { heardAt, purpose }] of register.sockets) {
    const waits =
      purpose.phase === 'none' || purpose.phase === 'challenged' || purpose.phase === 'checking';
    if (at - heardAt >= SILENT_MS || (waits && at - purpose.since >= PURPOSELESS_MS)) {
      close(turn, socket);
    } else if (at - heardAt >= PING_AFTER_MS) turn.effects.push({ do: 'ping', socket });
  }
  for (const [channel, line] of register.lines) {
    if (at - line.usedAt >= CHANNEL_IDLE_MS) hangUp(turn, channel, line);
  }
  for (const [id, room] of register.rooms) {
    if (room.keeper.phase === 'kept' && at >= room.keeper.until) dropRoom(turn, id, room);
  }
  forgetAddresses(register, turn.limits, at);
}
