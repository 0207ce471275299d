// The sharer's side of one arrival: a line for handshake messages comes in, a link goes out.
// Drives the handshake and the negotiation; whether a proven visitor may come in is asked outside.
import {
  linkKeys,
  openNegotiation,
  sealNegotiation,
  sharerHandshake,
  startSharerHandshake,
  type HelloBy,
  type Proven,
  type SealedRefusal,
  type SharerHandshakeEffect,
  type SharerHandshakeInput,
  type SharerSecrets,
} from '../crypto/handshake.ts';
import { decodeHandshake, encodeHandshake, type Negotiation } from '../protocol/handshake.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import type { Channel } from './channel.ts';
import { ATTEMPTS_MAX, type RtcDial, type RtcDialer } from './dialing.ts';
import { toldIce, type IceServer } from './ice.ts';
import { openLink, type Link } from './link.ts';
import type { BinarySocket } from './socket.ts';
import { websocketWire } from './websocket.ts';
import type { Wire } from './wire.ts';

/** From the reply to the confirmation: a round trip. The invite book ends a try a second later. */
const CONFIRM_MS = 9_000;
/** From the hello to a link: two dials of four seconds, and a slow network's round trips. */
const ARRIVAL_MS = 20_000;

export interface Arrived {
  readonly link: Link;
  readonly by: HelloBy;
  readonly viewer: PublicKey;
  /** Four check words. */
  readonly words: string;
  readonly wire: Wire['kind'];
}

export interface ArrivalPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly secrets: SharerSecrets;
  /** The invite book's or the grants' word on one who has proved a door. */
  readonly judge: (by: HelloBy, viewer: PublicKey) => 'accept' | SealedRefusal;
  /** What the handshake says of tries of a code. */
  readonly tried: (
    effect: Extract<SharerHandshakeEffect, { do: 'tryTaken' | 'tryReturned' | 'wrong' }>,
  ) => void;
  readonly arrived: (arrived: Arrived) => void;
}

export interface RtcPorts {
  readonly dial: RtcDialer;
  readonly iceServers: readonly IceServer[];
}

/** A visitor over signaling: the link is WebRTC. */
export function receive(channel: Channel, ports: ArrivalPorts, rtc: RtcPorts): void {
  let dial: RtcDial | 'none' = 'none';
  let attempt = 0;
  let proven: Proven | 'none' = 'none';
  const reception = receiveBy(channel, ports, (who) => {
    proven = who;
    offer(1);
  });

  function offer(number: number): void {
    if (dial !== 'none') dial.close();
    attempt = number;
    // [LK28] The viewer begins to look for its own address when it hears of the first offer.
    let ice: { readonly ice?: string[] } = number === 1 ? { ice: toldIce(rtc.iceServers) } : {};
    const mine = rtc.dial({
      initiator: true,
      iceServers: rtc.iceServers,
      send: (data) => {
        if (attempt !== number) return;
        say({ type: 'signal', attempt: number, data, ...ice });
        ice = {};
      },
    });
    dial = mine;
    void mine.wire.then((wire) => {
      if (wire.ok && attempt === number) arrived(wire.value);
    });
  }

  function say(negotiation: Negotiation): void {
    if (proven === 'none') return;
    const [message, next] = sealNegotiation(proven, negotiation);
    proven = next;
    channel.send(encodeHandshake(message));
  }

  function arrived(wire: Wire): void {
    if (proven === 'none') return;
    reception.finish(proven, wire);
    channel.close();
  }

  reception.onSealed((message) => {
    if (proven === 'none') return false;
    const opened = openNegotiation(proven, message);
    if (!opened.ok) return false;
    const [negotiation, next] = opened.value;
    proven = next;
    switch (negotiation.type) {
      case 'signal':
        if (negotiation.attempt === attempt && dial !== 'none') dial.take(negotiation.data);
        return true;
      case 'again':
        if (negotiation.attempt !== attempt || attempt >= ATTEMPTS_MAX) return false;
        offer(attempt + 1);
        return true;
      case 'no':
        return false;
      default:
        return unreachable(negotiation);
    }
  });
  reception.onOver(() => {
    if (dial !== 'none') dial.close();
  });
}

/** A visitor on a socket straight to us: once it is `proven` that socket is the link. */
export function receiveDirect(
  socket: BinarySocket,
  ports: ArrivalPorts,
  proven: () => void = () => {},
): void {
  const channel: Channel = {
    send: socket.send,
    onMessage: socket.onBytes,
    onClosed: socket.onClosed,
    close: socket.close,
  };
  const reception = receiveBy(channel, ports, (who) => {
    proven();
    reception.finish(who, websocketWire(socket));
  });
}

interface Reception {
  readonly onSealed: (take: (message: Parameters<typeof openNegotiation>[1]) => boolean) => void;
  /** The line is over before there was a link. */
  readonly onOver: (over: () => void) => void;
  readonly finish: (proven: Proven, wire: Wire) => void;
}

/** The handshake on a line. `done` is called once, when the visitor has been welcomed. */
function receiveBy(
  channel: Channel,
  ports: ArrivalPorts,
  done: (proven: Proven) => void,
): Reception {
  const { clock, entropy, secrets } = ports;
  let by: HelloBy | 'none' = 'none';
  let sealed: (message: Parameters<typeof openNegotiation>[1]) => boolean = () => false;
  let over: () => void = () => {};
  let finished = false;
  let cancelConfirm: () => void = () => {};

  const driver = drive(
    startSharerHandshake(),
    (state, input: SharerHandshakeInput) => sharerHandshake(state, input, secrets, entropy),
    (effect) => {
      switch (effect.do) {
        case 'send':
          channel.send(encodeHandshake(effect.message));
          break;
        case 'tryTaken':
        case 'tryReturned':
        case 'wrong':
          ports.tried(effect);
          break;
        case 'proven': {
          by = effect.by;
          const verdict = ports.judge(effect.by, effect.viewer);
          driver.feed(verdict === 'accept' ? { on: 'accept' } : { on: 'refuse', fault: verdict });
          break;
        }
        default:
          unreachable(effect);
      }
    },
    (state) => {
      cancelConfirm();
      if (state.phase === 'replied') cancelConfirm = clock.after(CONFIRM_MS, end);
      if (state.phase === 'proven') done(state.proven);
      if (state.phase === 'failed') end();
    },
  );

  const cancel = clock.after(ARRIVAL_MS, end);
  channel.onMessage((bytes) => {
    if (finished) return;
    try {
      heard(bytes);
    } catch {
      end(); // [LK25] a bug in hearing one visitor costs that visitor
    }
  });

  function heard(bytes: Uint8Array): void {
    const message = decodeHandshake(bytes);
    if (!message.ok) return end();
    if (driver.state().phase === 'proven') {
      if (!sealed(message.value)) end();
      return;
    }
    driver.feed({ on: 'message', message: message.value });
  }

  channel.onClosed(() => {
    // The visitor hangs up as soon as its end of the connection stands; ours may still open.
    if (driver.state().phase !== 'proven') end();
  });

  /** No link came of it. */
  function end(): void {
    if (finished) return;
    finished = true;
    cancel();
    driver.feed({ on: 'lost' });
    over();
    channel.close();
  }

  return {
    onSealed: (take) => {
      sealed = take;
    },
    onOver: (run) => {
      over = run;
    },
    finish(proven, wire) {
      if (finished || by === 'none') {
        wire.close();
        return;
      }
      finished = true;
      cancel();
      try {
        const keys = linkKeys(proven, wire.binding);
        const link = openLink({ wire, keys, clock, role: 'sharer' });
        ports.arrived({ link, by, viewer: proven.viewer, words: keys.words, wire: wire.kind });
      } catch {
        wire.close(); // [LK25]
      }
    },
  };
}
