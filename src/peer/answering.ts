// The viewer's part in making a WebRTC connection, sealed under its handshake: answers the
// sharer's offers until one connects.
import { openNegotiation, sealNegotiation, type Proven } from '../crypto/handshake.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Negotiation } from '../protocol/handshake.ts';
import { err, type Result } from '../protocol/result.ts';
import { ATTEMPTS_MAX, type RtcDialer } from './dialing.ts';
import type { Line } from './handshake-line.ts';
import type { IceServer } from './ice.ts';
import type { Wire } from './wire.ts';

export interface AnsweringPorts {
  readonly dial: RtcDialer;
  /** Which servers are asked, by what the sharer has said of them; null where it has not. */
  readonly iceServers: (told: readonly string[] | null) => readonly IceServer[];
  /** What is to be closed should the way be given up. */
  readonly holds: (close: () => void) => void;
}

/** Asks once for another offer where the first does not connect. */
export async function answerOffers(
  line: Line,
  before: Proven,
  ports: AnsweringPorts,
): Promise<Result<Wire, Fault>> {
  const first = await line.next();
  if (!first.ok) return first;
  const opened = openNegotiation(before, first.value);
  if (!opened.ok) return opened;
  const [offer, proven] = opened.value;
  if (offer.type !== 'signal') return err('link.protocol');
  return await answers(line, proven, ports, offer);
}

function answers(
  line: Line,
  afterOffer: Proven,
  ports: AnsweringPorts,
  offer: Extract<Negotiation, { type: 'signal' }>,
): Promise<Result<Wire, Fault>> {
  const iceServers = ports.iceServers(offer.ice ?? null);
  return new Promise((answer) => {
    let proven = afterOffer;
    let attempt = 1;
    let over = false;
    let dial = begin();
    if (offer.attempt === attempt) dial.take(offer.data);
    ports.holds(() => {
      over = true;
      dial.close();
      answer(err('link.noPath'));
    });

    function begin() {
      const mine = attempt;
      const dialled = ports.dial({
        initiator: false,
        iceServers,
        send: (data) => {
          if (attempt === mine) say({ type: 'signal', attempt: mine, data });
        },
      });
      void dialled.wire.then((wire) => {
        if (over) {
          if (wire.ok) wire.value.close();
          return;
        }
        if (attempt !== mine) return;
        if (wire.ok) answer(wire);
        else if (mine >= ATTEMPTS_MAX) answer(wire);
        else again();
      });
      return dialled;
    }

    function again(): void {
      say({ type: 'again', attempt });
      attempt++;
      dial = begin();
    }

    function say(negotiation: Negotiation): void {
      const [message, next] = sealNegotiation(proven, negotiation);
      proven = next;
      line.send(message);
    }

    line.stream((message) => {
      if (!message.ok) {
        // The line may end as soon as the connection stands: then the dial has the last word.
        if (message.fault === 'link.protocol') answer(err('link.protocol'));
        return;
      }
      const opened = openNegotiation(proven, message.value);
      if (!opened.ok) {
        answer(err('link.protocol'));
        return;
      }
      const [negotiation, next] = opened.value;
      proven = next;
      if (negotiation.type === 'signal' && negotiation.attempt === attempt) {
        dial.take(negotiation.data);
      }
    });
  });
}
