// Drives the room machine: sockets, one timer, signatures, and a channel for each visitor.
// Decides nothing; what a channel carries it does not know.
import { roomProof } from '../crypto/room.ts';
import { fromText, toText } from '../protocol/bytes.ts';
import type { Fault } from '../protocol/faults.ts';
import { idOf, PublicKey, type Nameplate, type SessionId } from '../protocol/ids.ts';
import type { Clock, Random, Signer } from '../protocol/ports.ts';
import { unreachable, type Result } from '../protocol/result.ts';
import { decodeFromService, encodeSignaling, type ChannelId } from '../protocol/signaling.ts';
import { drive } from '../protocol/step.ts';
import { KEPT_MESSAGES_MAX, type Channel } from './channel.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { firstRoom, room } from './room.ts';
import type { RoomEffect, RoomInput, RoomState } from './room-state.ts';
import type { SocketFactory, TextSocket } from './socket.ts';

/** How the room stands, in what a person needs to know of it. */
export type RoomPhase =
  | { readonly phase: 'reaching' }
  | { readonly phase: 'held'; readonly room: SessionId }
  /** It is tried again by itself. */
  | { readonly phase: 'away'; readonly because: Fault }
  | { readonly phase: 'over' };

export interface Room {
  readonly phase: () => RoomPhase;
  /** Told of each change from now on. */
  readonly watch: (changed: (phase: RoomPhase) => void) => void;
  /** While the service is away the answer is its fault, at once; past NAMEPLATE_MS it is as well. */
  readonly takeNameplate: () => Promise<Result<Nameplate, Fault>>;
  readonly dropNameplate: (nameplate: Nameplate) => void;
  /** The service forgot this one and someone else has it now: its code leads elsewhere. */
  readonly onNameplateLost: (lost: (nameplate: Nameplate) => void) => void;
  /** One taker; visitors before that are kept waiting, up to VISITORS_KEPT_MAX. */
  readonly onVisitor: (take: (channel: Channel) => void) => void;
  readonly close: () => void;
}

export interface RoomOptions {
  /** The service's socket: ws://HOST:PORT/signal or wss://… */
  readonly url: string;
  /** The session's key: the room is named by it. */
  readonly signer: Signer;
  /** [SG22] Those it had in a process before, asked for again. */
  readonly nameplates?: readonly Nameplate[];
  readonly socket: SocketFactory;
  readonly clock: Clock;
  readonly random: Random;
}

/** [SG25] A service answers within a round trip; an invite without a code is better than none. */
const NAMEPLATE_MS = 5_000;

const VISITORS_KEPT_MAX = 64;

export function openRoom(options: RoomOptions): Room {
  const { url, signer, clock, random } = options;
  const world = { key: idOf(PublicKey, signer.publicKey), random };
  const visitors = openInbox<Channel>(VISITORS_KEPT_MAX, (late) => late.close());
  const channels = new Map<ChannelId, Inbox<Uint8Array>>();
  const asks = new Map<number, (answer: Result<Nameplate, Fault>) => void>();
  const watchers: ((phase: RoomPhase) => void)[] = [];
  let nameplateLost: (nameplate: Nameplate) => void = () => {};
  let nextAsk = 1;
  let closeSocket = (): void => {};
  let sendText: TextSocket['send'] = () => {};
  let cancelTimer = (): void => {};
  let shown: RoomPhase = { phase: 'reaching' };

  const [initial, firstEffects] = firstRoom(options.nameplates ?? []);
  const driver = drive(
    initial,
    (state: RoomState, input: RoomInput) => room(state, input, world),
    perform,
    (state) => {
      const phase = phaseOf(state);
      if (samePhase(phase, shown)) return;
      shown = phase;
      for (const watcher of watchers) watcher(phase);
    },
  );
  const { feed } = driver;

  function perform(effect: RoomEffect): void {
    switch (effect.do) {
      case 'dial':
        void dial(effect.dial);
        return;
      case 'closeSocket':
        closeSocket();
        return;
      case 'send':
        sendText(encodeSignaling(effect.message));
        return;
      case 'sign': {
        const { dial } = effect;
        void signer
          .sign(roomProof(effect.nonce))
          .then((signature) => feed({ on: 'signed', dial, signature: toText(signature) }));
        return;
      }
      case 'wakeLater': {
        const { dial } = effect;
        cancelTimer();
        cancelTimer = clock.after(effect.afterMs, () => feed({ on: 'wake', dial }));
        return;
      }
      case 'sleep':
        cancelTimer();
        return;
      case 'answerAsk':
        asks.get(effect.ask)?.(effect.answer);
        asks.delete(effect.ask);
        return;
      case 'nameplateLost':
        nameplateLost(effect.nameplate);
        return;
      case 'visitor':
        visitors.put(openChannel(effect.channel));
        return;
      case 'deliver': {
        const bytes = fromText(effect.body);
        if (bytes.ok) channels.get(effect.channel)?.put(bytes.value);
        else feed({ on: 'hangUp', channel: effect.channel });
        return;
      }
      case 'channelEnded':
        channels.get(effect.channel)?.end();
        channels.delete(effect.channel);
        return;
      default:
        unreachable(effect);
    }
  }

  async function dial(number: number): Promise<void> {
    const opened = await options.socket(url);
    if (!opened.ok) return feed({ on: 'unreachable', dial: number });
    if (!isDialing(driver.state(), number)) return opened.value.close(); // it came too late
    const socket = opened.value;
    closeSocket = socket.close;
    sendText = socket.send;
    feed({ on: 'opened', dial: number });
    socket.onText((text) => {
      const message = decodeFromService(text);
      if (message.ok) feed({ on: 'message', dial: number, message: message.value });
      else socket.close(); // a service that speaks otherwise; `lost` follows
    });
    socket.onClosed(() => feed({ on: 'lost', dial: number }));
  }

  function openChannel(channel: ChannelId): Channel {
    const hangUp = (): void => feed({ on: 'hangUp', channel });
    const inbox = openInbox<Uint8Array>(KEPT_MESSAGES_MAX, hangUp);
    channels.set(channel, inbox);
    return {
      send: (bytes) => feed({ on: 'say', channel, body: toText(bytes) }),
      onMessage: inbox.onItem,
      onClosed: inbox.onEnded,
      close: hangUp,
    };
  }

  for (const effect of firstEffects) perform(effect);
  return {
    phase: () => shown,
    watch: (changed) => void watchers.push(changed),
    takeNameplate: () =>
      new Promise((answer) => {
        const ask = nextAsk++;
        const cancel = clock.after(NAMEPLATE_MS, () => feed({ on: 'askTooLate', ask }));
        asks.set(ask, (nameplate) => {
          cancel();
          answer(nameplate);
        });
        feed({ on: 'takeNameplate', ask });
      }),
    dropNameplate: (nameplate) => feed({ on: 'dropNameplate', nameplate }),
    onNameplateLost: (lost) => {
      nameplateLost = lost;
    },
    onVisitor: visitors.onItem,
    close: () => feed({ on: 'close' }),
  };
}

function isDialing(state: RoomState, dial: number): boolean {
  return state.phase === 'dialing' && state.dial === dial;
}

function phaseOf(state: RoomState): RoomPhase {
  switch (state.phase) {
    case 'dialing':
    case 'claiming':
    case 'proving':
      return { phase: 'reaching' };
    case 'held':
      return { phase: 'held', room: state.room };
    case 'away':
      return { phase: 'away', because: state.because };
    case 'over':
      return { phase: 'over' };
    default:
      return unreachable(state);
  }
}

function samePhase(a: RoomPhase, b: RoomPhase): boolean {
  const because = (phase: RoomPhase): string => (phase.phase === 'away' ? phase.because : '');
  return a.phase === b.phase && because(a) === because(b);
}
