// Drives a visitor's joining: one socket, one timer, and the channel that comes of it. Decides
// nothing; what the channel carries it does not know.
import { fromText, toText } from '../protocol/bytes.ts';
import type { Fault } from '../protocol/faults.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Clock } from '../protocol/ports.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import { decodeFromService, encodeSignaling } from '../protocol/signaling.ts';
import { drive } from '../protocol/step.ts';
import { KEPT_MESSAGES_MAX, type Channel } from './channel.ts';
import { openInbox } from './inbox.ts';
import { JOIN_MS, joining, type JoiningEffect, type JoiningState, type Where } from './joining.ts';
import type { SocketFactory, TextSocket } from './socket.ts';

export interface JoinOptions {
  /** The service's socket: ws://HOST:PORT/signal or wss://… */
  readonly url: string;
  readonly where: Where;
  readonly socket: SocketFactory;
  readonly clock: Clock;
}

export interface Joined {
  readonly channel: Channel;
  /** Where the line leads, as the service says: the handshake proves it. */
  readonly room: SessionId;
}

/** A line to the sharer, or why there is none: signal.unreachable, noRoom, busy, full. */
export async function joinRoom(options: JoinOptions): Promise<Result<Joined, Fault>> {
  const { url, where, clock } = options;
  return new Promise((answer) => {
    let socket: TextSocket | 'none' = 'none';
    const initial: JoiningState = { phase: 'reaching', where };
    const driver = drive(initial, joining, perform);
    const { feed } = driver;
    const inbox = openInbox<Uint8Array>(KEPT_MESSAGES_MAX, () => feed({ on: 'hangUp' }));
    const channel: Channel = {
      send: (bytes) => feed({ on: 'say', body: toText(bytes) }),
      onMessage: inbox.onItem,
      onClosed: inbox.onEnded,
      close: () => feed({ on: 'hangUp' }),
    };
    const cancelTimer = clock.after(JOIN_MS, () => feed({ on: 'tooLate' }));

    function perform(effect: JoiningEffect): void {
      switch (effect.do) {
        case 'send':
          if (socket !== 'none') socket.send(encodeSignaling(effect.message));
          return;
        case 'joined':
          cancelTimer();
          answer(ok({ channel, room: effect.room }));
          return;
        case 'failed':
          cancelTimer();
          answer(err(effect.fault));
          return;
        case 'deliver': {
          const bytes = fromText(effect.body);
          if (bytes.ok) inbox.put(bytes.value);
          else feed({ on: 'hangUp' });
          return;
        }
        case 'ended':
          inbox.end();
          return;
        case 'closeSocket':
          if (socket !== 'none') socket.close();
          return;
        default:
          unreachable(effect);
      }
    }

    const dial = async (): Promise<void> => {
      const opened = await options.socket(url);
      if (!opened.ok) return feed({ on: 'unreachable' });
      const { value } = opened;
      if (driver.state().phase === 'over') return value.close(); // it came too late
      socket = value;
      feed({ on: 'opened' });
      value.onText((text) => {
        const message = decodeFromService(text);
        if (message.ok) feed({ on: 'message', message: message.value });
        else value.close(); // a service that speaks otherwise; `lost` follows
      });
      value.onClosed(() => feed({ on: 'lost' }));
    };
    void dial();
  });
}
