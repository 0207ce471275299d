// Dials one WebRTC connection with one ordered data channel. The only file that knows simple-peer;
// a rim, for the page and for Node alike (there with webrtc-node.ts's implementation).
import Peer from 'simple-peer/simplepeer.min.js';
import { PIECE_BYTES_MAX } from '../protocol/limits.ts';
import type { Clock } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { RtcDial, RtcDialer } from './dialing.ts';
import type { IceServer } from './ice.ts';
import { openInbox } from './inbox.ts';
import { fingerprintOf, parseRtcSignal, rtcSignalOf } from './rtc-signal.ts';
import { KEPT_PIECES_MAX, type Binding, type Wire } from './wire.ts';

/** Long enough for a handshake at 100 ms and 2 % loss (1.1 s); a stuck one never gets through. */
const DIAL_MS = 4_000;
/** One description and its candidates: a host with many addresses has twenty. */
const SIGNALS_MAX = 100;
/** `onDrain` is called when the channel's buffer falls to this. */
const LOW_MARK_BYTES = 32 * 1024;

/** The three classes that simple-peer asks for; the page has them, Node gets them from a library. */
export interface Wrtc {
  readonly RTCPeerConnection: object;
  readonly RTCSessionDescription: object;
  readonly RTCIceCandidate: object;
}

export interface RtcOptions {
  /** The sharer always offers. */
  readonly initiator: boolean;
  /** Left out in the page. */
  readonly wrtc?: Wrtc;
  readonly iceServers: readonly IceServer[];
  /** Carries a text to the other dial, sealed. */
  readonly send: (data: string) => void;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

/** WebRTC with these parts, as an arrival asks for it. `wrtc` is left out in the page. */
export function rtcDialer(clock: Clock, wrtc?: Wrtc): RtcDialer {
  return (options) => dialRtc({ ...options, clock, ...(wrtc === undefined ? {} : { wrtc }) });
}

/** One attempt; who wants another asks for another. After its wire is made, the wire's taker closes that. */
export function dialRtc(options: RtcOptions): RtcDial {
  const opened = openPeer(options);
  if (!opened.ok) return { take: () => {}, wire: Promise.resolve(opened), close: () => {} };
  const peer = opened.value;
  const inbox = openInbox<Uint8Array>(KEPT_PIECES_MAX, () => peer.destroy());
  let phase: 'dialing' | 'made' | 'failed' = 'dialing';
  let described = false;
  let signals = 0;
  let settle: (result: Result<Wire, 'link.noPath'>) => void = () => {};
  const wire = new Promise<Result<Wire, 'link.noPath'>>((resolve) => {
    settle = resolve;
  });
  const giveUp = (): void => {
    if (phase !== 'dialing') return;
    phase = 'failed';
    cancelTimeout();
    peer.destroy();
    settle(err('link.noPath'));
  };
  const cancelTimeout = options.clock.after(options.timeoutMs ?? DIAL_MS, giveUp);

  peer.on('signal', (data) => {
    const signal = rtcSignalOf(data); // leaves out renegotiation and the empty candidate
    if (signal.ok && phase === 'dialing') options.send(JSON.stringify(signal.value));
  });
  peer.on('data', (data) => {
    if (data instanceof Uint8Array && data.length <= PIECE_BYTES_MAX) inbox.put(data);
    else peer.destroy();
  });
  peer.on('connect', () => {
    if (phase !== 'dialing') return;
    const binding = bindingOf(peer, options.initiator);
    if (!binding.ok) return giveUp();
    phase = 'made';
    cancelTimeout();
    settle(ok(wireOf(peer, binding.value, inbox)));
  });
  // Always heard: unheard it would be thrown. What it says is that the dial or the wire is over.
  peer.on('error', () => {});
  peer.on('close', () => {
    giveUp();
    inbox.end();
  });
  return {
    take(data) {
      if (phase !== 'dialing' || ++signals > SIGNALS_MAX) return;
      const signal = parseRtcSignal(data);
      if (!signal.ok) return giveUp();
      if (signal.value.type !== 'candidate') {
        // [LK7] One description a dial: another could change the fingerprint that is bound.
        if (described) return giveUp();
        described = true;
      }
      peer.signal(signal.value);
    },
    wire,
    close: giveUp,
  };
}

function openPeer(options: RtcOptions): Result<Peer, 'link.noPath'> {
  try {
    return ok(
      new Peer({
        initiator: options.initiator,
        trickle: true,
        // Each message stays one message; a stream of bytes would join them.
        objectMode: true,
        // Always said: the library's own list names public servers.
        config: { iceServers: [...options.iceServers] },
        ...(options.wrtc === undefined ? {} : { wrtc: options.wrtc }),
      }),
    );
  } catch {
    return err('link.noPath'); // a page without WebRTC
  }
}

function wireOf(
  peer: Peer,
  binding: Binding,
  inbox: ReturnType<typeof openInbox<Uint8Array>>,
): Wire {
  const { _channel: channel } = peer;
  let drained: () => void = () => {};
  if (channel !== null) {
    channel.bufferedAmountLowThreshold = LOW_MARK_BYTES;
    channel.addEventListener('bufferedamountlow', () => drained());
  }
  return {
    kind: 'webrtc',
    binding,
    send(bytes) {
      if (channel?.readyState !== 'open') return;
      try {
        peer.send(bytes);
      } catch {
        peer.destroy(); // the channel closed in this very moment: 'close' tells
      }
    },
    buffered: () => peer.bufferSize,
    onDrain(listener) {
      drained = listener;
    },
    onMessage: inbox.onItem,
    onClosed: inbox.onEnded,
    close: () => peer.destroy(),
  };
}

/** Both fingerprints, from the descriptions in use. */
function bindingOf(peer: Peer, initiator: boolean): Result<Binding, 'link.binding'> {
  const { _pc: connection } = peer;
  const local = fingerprintOf(connection?.localDescription?.sdp ?? '');
  const remote = fingerprintOf(connection?.remoteDescription?.sdp ?? '');
  if (!local.ok) return local;
  if (!remote.ok) return remote;
  return ok(
    initiator
      ? { sharer: local.value, viewer: remote.value }
      : { sharer: remote.value, viewer: local.value },
  );
}
