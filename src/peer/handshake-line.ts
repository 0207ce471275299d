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
  /** [LK29] From now on the bytes go here, first those that came and were not read; no more `next`. */
  readonly handOn: (take: (bytes: Uint8Array) => void) => void;
}

type Item = Uint8Array | 'end';

export function openLine(channel: Channel, clock: Clock): Line {
  /** Unread: the other end may say more in one breath than is the handshake's. */
  const arrived: Item[] = [];
  let taker: ((item: Item) => void) | 'none' = 'none';
  let stays = false;
  function put(item: Item): void {
    if (taker === 'none') {
      arrived.push(item);
      return;
    }
    const take = taker;
    if (!stays) taker = 'none';
    take(item);
  }
  function follow(take: (item: Item) => void): void {
    stays = true;
    taker = take;
    for (let next = arrived.shift(); next !== undefined; next = arrived.shift()) take(next);
  }
  channel.onMessage(put);
  channel.onClosed(() => put('end'));
  return {
    send: (message) => channel.send(encodeHandshake(message)),
    next() {
      const waiting = arrived.shift();
      if (waiting !== undefined) return Promise.resolve(read(waiting));
      return new Promise((answer) => {
        const cancel = clock.after(ANSWER_MS, () => {
          taker = 'none';
          answer(err('link.silent'));
        });
        taker = (item) => {
          cancel();
          answer(read(item));
        };
      });
    },
    stream: (take) => follow((item) => take(read(item))),
    handOn: (take) =>
      follow((item) => {
        if (item !== 'end') take(item);
      }),
  };
}

function read(item: Item): Result<HandshakeMessage, Fault> {
  if (item === 'end') return err('link.broken');
  const message = decodeHandshake(item);
  return message.ok ? message : err('link.protocol');
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
