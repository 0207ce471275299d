// The service's machine on a stage: people with sockets, a clock one turns by hand, and proofs
// that are right because the test says so.
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { idOf, PublicKey, type SessionId } from '../../../src/protocol/ids.ts';
import { sessionIdOf } from '../../../src/crypto/identity.ts';
import type { Clock, Entropy } from '../../../src/protocol/ports.ts';
import type { ChannelId, FromService, ToService } from '../../../src/protocol/signaling.ts';
import { SIGNALING_LIMITS, type SignalingLimits } from '../../../signaling/limits.ts';
import { emptyRegister, type Register, type SocketId } from '../../../signaling/register.ts';
import {
  rendezvous,
  type RendezvousEffect,
  type RendezvousInput,
} from '../../../signaling/rendezvous.ts';

export interface Person {
  readonly socket: SocketId;
  readonly heard: FromService[];
  readonly says: (message: ToService) => void;
  readonly leaves: () => void;
  readonly isClosed: () => boolean;
  readonly pings: () => number;
}

export interface Stage {
  readonly register: () => Register;
  readonly arrives: (address?: string) => Person;
  readonly feed: (input: Unstamped) => void;
  readonly passes: (ms: number) => void;
  /** Takes the room of the key named `name`, with a right proof. */
  readonly holds: (person: Person, name: string) => SessionId;
  readonly at: () => number;
}

type Unstamped = RendezvousInput extends infer I
  ? I extends RendezvousInput
    ? Omit<I, 'at'>
    : never
  : never;

export function keyOf(name: string): PublicKey {
  return idOf(PublicKey, sha256(utf8(name)));
}

export function roomOf(name: string): SessionId {
  return sessionIdOf(sha256(utf8(name)));
}

export const SIGNATURE = 'A'.repeat(86);

/** Bytes that differ each time and are the same each run. */
export function countingEntropy(): Entropy {
  let count = 0;
  return (bytes) => {
    const drawn = sha256(utf8(`entropy ${count++}`));
    return drawn.slice(0, bytes);
  };
}

export function openStage(
  limits: Partial<SignalingLimits> = {},
  entropy = countingEntropy(),
): Stage {
  const world = { entropy, limits: { ...SIGNALING_LIMITS, ...limits } };
  const register = emptyRegister();
  const people = new Map<SocketId, { heard: FromService[]; closed: boolean; pings: number }>();
  let at = 1_000;
  let next = 1;

  function feed(input: Unstamped): void {
    const [, effects] = rendezvous(register, { ...input, at }, world);
    for (const effect of effects) perform(effect);
  }
  function perform(effect: RendezvousEffect): void {
    const person = people.get(effect.socket);
    if (person === undefined) return;
    if (effect.do === 'send') person.heard.push(effect.message);
    if (effect.do === 'close') person.closed = true;
    if (effect.do === 'ping') person.pings++;
  }
  function arrives(address = '192.0.2.1'): Person {
    const socket = next++;
    const record = { heard: [], closed: false, pings: 0 };
    people.set(socket, record);
    feed({ on: 'connected', socket, address });
    return {
      socket,
      heard: record.heard,
      says: (message) => feed({ on: 'message', socket, message }),
      leaves: () => feed({ on: 'gone', socket }),
      isClosed: () => record.closed,
      pings: () => record.pings,
    };
  }
  return {
    register: () => register,
    arrives,
    feed,
    at: () => at,
    passes: (ms) => {
      at += ms;
      feed({ on: 'tick' });
    },
    holds: (person, name) => {
      person.says({ type: 'claim', key: keyOf(name) });
      person.says({ type: 'prove', signature: SIGNATURE });
      feed({ on: 'proved', socket: person.socket });
      return roomOf(name);
    },
  };
}

/** The last thing a person heard. */
export function last(person: Person): FromService | undefined {
  return person.heard.at(-1);
}

export function channelOf(person: Person): ChannelId {
  for (const message of person.heard.toReversed()) {
    if (message.type === 'open' || message.type === 'visitor') return message.channel;
  }
  throw new Error('no line was opened');
}

export interface FakeClock extends Clock {
  /** Lets time pass, timers in order. */
  readonly passes: (ms: number) => void;
  readonly waiting: () => number;
}

export function fakeClock(): FakeClock {
  let now = 0;
  const timers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => now,
    monotonic: () => now,
    after: (afterMs, wake) => {
      const timer = { at: now + afterMs, wake };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    passes: (ms) => {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers.delete(due);
        now = due.at;
        due.wake();
      }
      now = until;
    },
    waiting: () => timers.size,
  };
}

/** Lets everything that was promised happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
}
