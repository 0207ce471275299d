// An authenticated, encrypted connection between two participants: messages in lanes, over one
// wire. Proves its ends to each other, keeps the heartbeat, ends once; sending and receiving have
// their own rooms. Knows no sessions and no meaning of messages.
import type { LinkKeys } from '../crypto/handshake.ts';
import { equalBytes } from '../protocol/bytes.ts';
import { LANES, type Lane } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import { claimOf, decodeControl, type Control, type Role } from './control.ts';
import { firstHeartbeat, heartbeat, TICK_MS, type HeartbeatEffect } from './heartbeat.ts';
import { messageBytesMax, openReceiver, type Opened } from './receiver.ts';
import { openSeals } from './seals.ts';
import { openSender, type LinkReport } from './sender.ts';
import type { Wire } from './wire.ts';

export type { LinkReport } from './sender.ts';

/** How long a closing link waits for its last messages to arrive, in ms. */
const LINGER_MS = 500;

export type LinkFault = 'link.silent' | 'link.broken' | 'link.binding' | 'link.protocol';

export interface LinkStats {
  readonly rttMs: number | null;
  /** Of the screen's lane. */
  readonly windowBytes: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly messagesSent: number;
  readonly messagesReceived: number;
}

/** Each `on…` takes one listener; a second call replaces it. */
export interface Link {
  /** Queued, and sent by priority. After the end it does nothing. Too large a message ends it. */
  readonly send: (lane: Lane, message: Uint8Array) => void;
  /** Drops the lane's messages of which nothing has left; returns their bytes. */
  readonly dropQueued: (lane: Lane) => number;
  readonly backlog: (lane: Lane) => { readonly queuedBytes: number; readonly unackedBytes: number };
  /** Messages of a lane come in order, one at a time; bulk is acknowledged when `take` is done. */
  readonly onMessage: (take: (lane: Lane, message: Uint8Array) => void | Promise<void>) => void;
  readonly onAcked: (acked: (report: LinkReport) => void) => void;
  /** Two heartbeats are missing: time to dial a second link beside this one. */
  readonly onSuspect: (suspect: () => void) => void;
  /** Called once, at once if it has ended already; not after `close`. */
  readonly onClosed: (closed: (fault: LinkFault) => void) => void;
  readonly stats: () => LinkStats;
  /** Lets control messages out first, for at most LINGER_MS; drops everything else. */
  readonly close: () => void;
  /** Resolves when nothing more leaves or arrives, however it ended. */
  readonly over: Promise<void>;
}

export interface LinkOptions {
  readonly wire: Wire;
  readonly keys: LinkKeys;
  readonly clock: Clock;
  readonly role: Role;
}

type Phase =
  /** Nothing of the session leaves before the other end has proven itself. */
  | { readonly phase: 'proving' }
  | { readonly phase: 'open' }
  /** The other end has said farewell; what it said before is still being processed. */
  | { readonly phase: 'left' }
  /** We have said farewell and wait for the other end to close. */
  | { readonly phase: 'leaving'; readonly cancelLinger: () => void }
  | { readonly phase: 'over'; readonly fault: LinkFault | 'none' };

/** Sends its proof at once; the rest waits for the other end's. */
export function openLink({ wire, keys, clock, role }: LinkOptions): Link {
  const other: Role = role === 'sharer' ? 'viewer' : 'sharer';
  const seals = openSeals(keys, wire.binding !== null);
  const sender = openSender(wire, seals, clock, {
    kind: 'bound',
    claim: claimOf(role, wire.binding),
  });
  const receiver = openReceiver({
    seals,
    clock,
    from: other,
    tell: (receipts) => sender.urge({ kind: 'receipts', receipts }),
    processed: (lane) => {
      if (lane === 'control') farewell();
    },
    broken: () => fail('link.broken'),
  });
  const beat = drive(firstHeartbeat, heartbeat, performBeat);

  let state: Phase = { phase: 'proving' };
  let cancelTick = clock.after(TICK_MS, tick);
  let nowOver: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    nowOver = resolve;
  });
  let onAcked: (report: LinkReport) => void = () => {};
  let onSuspect: () => void = () => {};
  let onClosed: (fault: LinkFault) => void = () => {};

  wire.onClosed(lost);
  wire.onMessage(take);

  return {
    send(lane, message) {
      if (state.phase !== 'proving' && state.phase !== 'open') return;
      // The other end would take neither: this link is lost, and whoever sends goes on.
      const fits = message.length <= messageBytesMax(role);
      if (!fits || !sender.send(lane, message)) fail('link.broken');
    },
    dropQueued: sender.drop,
    backlog: (lane) => ({ queuedBytes: sender.queued(lane), unackedBytes: sender.inFlight(lane) }),
    onMessage: receiver.open,
    onAcked(listener) {
      onAcked = listener;
    },
    onSuspect(listener) {
      onSuspect = listener;
    },
    onClosed(listener) {
      onClosed = listener;
      if (state.phase === 'over' && state.fault !== 'none') listener(state.fault);
    },
    stats: () => ({
      rttMs: beat.state().rttMs,
      windowBytes: sender.windowBytes('screen'),
      sentBytes: sender.counted().bytes,
      receivedBytes: receiver.counted().bytes,
      messagesSent: sender.counted().messages,
      messagesReceived: receiver.counted().messages,
    }),
    close,
    over,
  };

  function take(piece: Uint8Array): void {
    if (isOver()) return;
    beat.feed({ on: 'heard' });
    const taken = receiver.take(piece);
    if (!taken.ok) return fail(taken.fault);
    if (taken.value === 'more to come' || isOver()) return;
    if (taken.value.lane === 'control') return takeControl(taken.value.message);
    // [LK3] The first thing from the other end is its proof.
    if (state.phase === 'proving') return fail('link.binding');
    hand(taken.value);
  }

  function takeControl(bytes: Uint8Array): void {
    const control = decodeControl(bytes);
    if (state.phase === 'proving') {
      const proven = control.ok && control.value.kind === 'bound' && proves(control.value.claim);
      if (!proven) return fail('link.binding');
      state = { phase: 'open' };
      return sender.open();
    }
    if (!control.ok) return fail(control.fault);
    performControl(control.value);
  }

  function isOver(): boolean {
    return state.phase === 'over';
  }

  /** [LK2] The other role, over the channel that this end sees. */
  function proves(claim: Uint8Array): boolean {
    return equalBytes(claim, claimOf(other, wire.binding));
  }

  function performControl(control: Control): void {
    switch (control.kind) {
      case 'bound':
        return fail('link.protocol'); // it proves itself once
      case 'message':
        return hand({ lane: 'control', message: control.message });
      case 'ping':
        return sender.urge({ kind: 'pong', n: control.n });
      case 'pong':
        return beat.feed({ on: 'pong', n: control.n, now: clock.monotonic() });
      case 'receipts': {
        const acked = sender.acked(control.receipts, (report) => {
          if (state.phase === 'open') onAcked(report);
        });
        return acked.ok ? undefined : fail(acked.fault);
      }
      case 'bye':
        if (state.phase === 'leaving') return fail('link.broken');
        state = { phase: 'left' };
        return farewell();
      default:
        return unreachable(control);
    }
  }

  function hand(opened: Opened): void {
    const handed = receiver.hand(opened);
    if (!handed.ok) fail(handed.fault);
  }

  /** [LK18] What came before the wire closed is still processed: it may say why. */
  function lost(): void {
    if (state.phase !== 'open' && state.phase !== 'left') return fail('link.broken');
    state = { phase: 'left' };
    farewell();
  }

  /** [LK18] A farewell counts when everything said before it has been processed. */
  function farewell(): void {
    if (state.phase === 'left' && receiver.idle('control')) fail('link.broken');
  }

  function tick(): void {
    cancelTick = clock.after(TICK_MS, tick);
    beat.feed({ on: 'tick', now: clock.monotonic() });
  }

  function performBeat(effect: HeartbeatEffect): void {
    switch (effect.do) {
      case 'ping':
        return sender.urge({ kind: 'ping', n: effect.n });
      case 'suspect':
        return onSuspect();
      case 'silent':
        return fail('link.silent');
      default:
        return unreachable(effect);
    }
  }

  function close(): void {
    if (state.phase === 'over' || state.phase === 'leaving') return;
    if (state.phase !== 'open') return end('none');
    for (const lane of LANES) if (lane !== 'control') sender.drop(lane);
    receiver.close();
    state = { phase: 'leaving', cancelLinger: clock.after(LINGER_MS, () => end('none')) };
    sender.bye();
  }

  function fail(fault: LinkFault): void {
    if (state.phase === 'over') return;
    if (state.phase === 'leaving') return end('none');
    end(fault);
    onClosed(fault);
  }

  function end(fault: LinkFault | 'none'): void {
    if (state.phase === 'leaving') state.cancelLinger();
    state = { phase: 'over', fault };
    cancelTick();
    sender.close();
    receiver.close();
    for (const lane of LANES) sender.drop(lane);
    wire.close();
    nowOver();
  }
}
