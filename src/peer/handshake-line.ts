// The viewer's end of a line for handshake messages, read one at a time, and the handshake on it.
// Knows no way by which a line comes to be.
import {
  startViewerHandshake,
  viewerHandshake,
  type Proven,
  type ViewerDoor,
} from '../crypto/handshake.ts';
import type { Identity } from '../crypto/identity.ts';
import type { Fault } from '../protocol/faults.ts';
import { decodeHandshake, encodeHandshake, type HandshakeMessage } from '../protocol/handshake.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import type { Channel } from './channel.ts';

/** A handshake answers within a round trip; the sharer's WebRTC within two dials. */
const ANSWER_MS = 10_000;

/** A line read one message at a time; the end of it is an answer too. */
export interface Line {
  readonly send: (message: HandshakeMessage) => void;
  /** The next message, 'link.broken' at the end of the line, 'link.silent' after ANSWER_MS. */
  readonly next: () => Promise<Result<HandshakeMessage, Fault>>;
  /** From now on each message goes here; no more `next`. */
  readonly stream: (take: (message: Result<HandshakeMessage, Fault>) => void) => void;
}

export function openLine(channel: Channel, clock: Clock): Line {
  const arrived: Result<HandshakeMessage, Fault>[] = [];
  let taker: ((message: Result<HandshakeMessage, Fault>) => void) | 'none' = 'none';
  let streaming = false;
  function put(message: Result<HandshakeMessage, Fault>): void {
    if (taker === 'none') {
      arrived.push(message);
      return;
    }
    const take = taker;
    if (!streaming) taker = 'none';
    take(message);
  }
  channel.onMessage((bytes) => {
    const message = decodeHandshake(bytes);
    put(message.ok ? message : err('link.protocol'));
  });
  channel.onClosed(() => put(err('link.broken')));
  return {
    send: (message) => channel.send(encodeHandshake(message)),
    next() {
      const waiting = arrived.shift();
      if (waiting !== undefined) return Promise.resolve(waiting);
      return new Promise((answer) => {
        const cancel = clock.after(ANSWER_MS, () => {
          taker = 'none';
          answer(err('link.silent'));
        });
        taker = (message) => {
          cancel();
          answer(message);
        };
      });
    },
    stream(take) {
      streaming = true;
      taker = take;
      for (let next = arrived.shift(); next !== undefined; next = arrived.shift()) take(next);
    },
  };
}

/** Proves `door` on the line: what both sides know after it, or why not. */
export async function prove(
  line: Line,
  door: ViewerDoor,
  ports: { readonly identity: Identity; readonly entropy: Entropy },
): Promise<Result<Proven, Fault>> {
  const [first, greetings] = startViewerHandshake(door, ports.identity, ports.entropy);
  for (const effect of greetings) line.send(effect.message);
  const handshake = drive(first, viewerHandshake, (effect) => line.send(effect.message));
  for (;;) {
    const state = handshake.state();
    if (state.phase === 'proven') return ok(state.proven);
    if (state.phase === 'failed') return err(state.fault);
    const message = await line.next();
    if (!message.ok) return message;
    handshake.feed(message.value);
  }
}
