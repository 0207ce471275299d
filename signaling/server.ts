// A signaling service at work: feeds the machine from sockets and does what it says. The
// sharer's own process embeds it; `meshell signal` runs it alone. Decides nothing, logs nothing.
import type { WebSocket } from 'ws';
import { roomProof } from '../src/crypto/room.ts';
import { fromText } from '../src/protocol/bytes.ts';
import type { Clock, Entropy, Verifier } from '../src/protocol/ports.ts';
import { ok, unreachable } from '../src/protocol/result.ts';
import { decodeToService, encodeSignaling } from '../src/protocol/signaling.ts';
import { drive } from '../src/protocol/step.ts';
import { SIGNALING_LIMITS, TICK_MS, type SignalingLimits } from './limits.ts';
import { signalingMetrics } from './metrics.ts';
import { emptyRegister, roomsKept, type SocketId } from './register.ts';
import { rendezvous, type RendezvousEffect, type RendezvousInput } from './rendezvous.ts';
import {
  insidePair,
  serviceSocketOf,
  type InsideSocket,
  type ServiceSocket,
} from './service-socket.ts';

export interface Signaling {
  /** Takes over an open socket that came from `address`. */
  readonly attach: (socket: WebSocket, address: string) => void;
  /** A socket of this very process: no port, no network. Fits peer's SocketFactory. */
  readonly inside: () => Promise<{ readonly ok: true; readonly value: InsideSocket }>;
  /** Prometheus text: counts only. */
  readonly metrics: () => string;
  readonly health: () => SignalingHealth;
  /** Closes every socket. */
  readonly close: () => void;
}

export interface SignalingHealth {
  readonly rooms: number;
  readonly kept: number;
  readonly sockets: number;
  readonly lines: number;
  readonly nameplates: number;
}

export interface SignalingOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly verify: Verifier;
  readonly limits?: Partial<SignalingLimits>;
}

/** The address that sockets of this process are counted under. */
const INSIDE = 'inside';

export function openSignaling(options: SignalingOptions): Signaling {
  const { clock, entropy, verify } = options;
  const world = { entropy, limits: { ...SIGNALING_LIMITS, ...options.limits } };
  const sockets = new Map<SocketId, ServiceSocket>();
  let nextSocket = 1;
  let open = true;

  const driver = drive(
    emptyRegister(),
    (register, input: RendezvousInput) => rendezvous(register, input, world),
    perform,
  );
  const at = (): number => clock.monotonic();
  const feed = (input: RendezvousInput): void => {
    if (open) driver.feed(input);
  };

  function perform(effect: RendezvousEffect): void {
    const { socket } = effect;
    switch (effect.do) {
      case 'send': {
        const target = sockets.get(socket);
        if (target === undefined) return;
        target.send(encodeSignaling(effect.message));
        const bytes = target.buffered();
        if (bytes > 0) feed({ on: 'buffered', socket, bytes, at: at() });
        return;
      }
      case 'ping':
        sockets.get(socket)?.ping();
        return;
      case 'close':
        sockets.get(socket)?.close();
        sockets.delete(socket);
        return;
      case 'verify':
        void check(effect).then((proven) =>
          feed({ on: proven ? 'proved' : 'notProven', socket, at: at() }),
        );
        return;
      default:
        unreachable(effect);
    }
  }

  async function check(effect: Extract<RendezvousEffect, { do: 'verify' }>): Promise<boolean> {
    const key = fromText(effect.key);
    const signature = fromText(effect.signature);
    if (!key.ok || !signature.ok) return false;
    try {
      return await verify(key.value, roomProof(effect.nonce), signature.value);
    } catch {
      return false; // a key that is no point on the curve proves nothing
    }
  }

  function accept(target: ServiceSocket, address: string): void {
    if (!open) return target.close();
    const socket = nextSocket++;
    sockets.set(socket, target);
    feed({ on: 'connected', socket, address, at: at() });
    target.listen({
      text: (text) => {
        const message = decodeToService(text);
        if (message.ok) feed({ on: 'message', socket, message: message.value, at: at() });
        else feed({ on: 'malformed', socket, at: at() });
      },
      bytes: () => feed({ on: 'malformed', socket, at: at() }),
      pong: () => feed({ on: 'heard', socket, at: at() }),
      closed: () => {
        sockets.delete(socket);
        feed({ on: 'gone', socket, at: at() });
      },
    });
  }

  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    feed({ on: 'tick', at: at() });
    cancelTick = clock.after(TICK_MS, tick);
  }

  return {
    attach: (socket, address) => accept(serviceSocketOf(socket), address),
    inside: () => {
      const [mine, theirs] = insidePair();
      accept(theirs, INSIDE);
      return Promise.resolve(ok(mine));
    },
    metrics: () => signalingMetrics(driver.state()),
    health: () => {
      const { rooms, sockets, lines, nameplates } = driver.state();
      return {
        rooms: rooms.size,
        kept: roomsKept(driver.state()),
        sockets: sockets.size,
        lines: lines.size,
        nameplates: nameplates.size,
      };
    },
    close: () => {
      if (!open) return;
      open = false;
      cancelTick();
      for (const socket of sockets.values()) socket.close();
      sockets.clear();
    },
  };
}
