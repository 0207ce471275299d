// One step in the making: what came in at the door, what is remembered, what shall be done.
// Decides nothing.
import type { Entropy } from '../src/protocol/ports.ts';
import type { FromService, ToService } from '../src/protocol/signaling.ts';
import type { SignalingLimits } from './limits.ts';
import type { Register, SocketEntry, SocketId } from './register.ts';

export type RendezvousInput = { readonly at: number } & (
  | { readonly on: 'connected'; readonly socket: SocketId; readonly address: string }
  | { readonly on: 'message'; readonly socket: SocketId; readonly message: ToService }
  | { readonly on: 'malformed'; readonly socket: SocketId }
  /** It answered a ping. */
  | { readonly on: 'heard'; readonly socket: SocketId }
  | { readonly on: 'proved' | 'notProven'; readonly socket: SocketId }
  /** `bytes` given to it have not left. */
  | { readonly on: 'buffered'; readonly socket: SocketId; readonly bytes: number }
  | { readonly on: 'gone'; readonly socket: SocketId }
  | { readonly on: 'tick' }
);

export type RendezvousEffect =
  | { readonly do: 'send'; readonly socket: SocketId; readonly message: FromService }
  | { readonly do: 'ping' | 'close'; readonly socket: SocketId }
  /** Answered by `proved` or `notProven`. */
  | {
      readonly do: 'verify';
      readonly socket: SocketId;
      readonly key: string;
      readonly nonce: string;
      readonly signature: string;
    };

export interface RendezvousWorld {
  readonly limits: SignalingLimits;
  readonly entropy: Entropy;
}

export type Refusal = Extract<FromService, { type: 'refused' }>['fault'];

/** One step in the making. */
export interface Turn extends RendezvousWorld {
  readonly register: Register;
  readonly at: number;
  readonly effects: RendezvousEffect[];
}

export function update(turn: Turn, socket: SocketId, change: Partial<SocketEntry>): void {
  const entry = turn.register.sockets.get(socket);
  if (entry !== undefined) turn.register.sockets.set(socket, { ...entry, ...change });
}

export function refusal(socket: SocketId, fault: Refusal): RendezvousEffect {
  return { do: 'send', socket, message: { type: 'refused', fault } };
}

export function refuse(turn: Turn, socket: SocketId, fault: Refusal): void {
  turn.register.counts.refused++;
  turn.effects.push(refusal(socket, fault));
}
