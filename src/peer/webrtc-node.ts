// WebRTC for Node: node-datachannel behind the three classes that simple-peer asks for. A rim,
// loaded only when asked for, so that a computer without its binary still has sockets.
import type { RTCPeerConnection } from 'node-datachannel/polyfill';
import type { Clock } from '../protocol/ports.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import type { Wrtc } from './webrtc.ts';

/** What SCTP may hold beyond our reach: with the default a key waits 482 ms on a 20 Mbit/s link. */
const SCTP_SEND_BYTES = 64 * 1024;
/** How long an answerer lets the offerer find it first: most answers are there by then. */
const HOLD_CANDIDATES_MS = 400;

export interface NodeRtc {
  readonly wrtc: Wrtc;
  /** Stops the library's threads: after all wires are closed, before the process ends. */
  readonly cleanup: () => void;
}

let loaded: Promise<Result<NodeRtc, 'link.noWebrtc'>> | 'not yet' = 'not yet';

/** Loads the library once; its SCTP settings hold for the whole process. */
export async function nodeRtc(clock: Clock): Promise<Result<NodeRtc, 'link.noWebrtc'>> {
  if (loaded === 'not yet') loaded = load(clock);
  return loaded;
}

async function load(clock: Clock): Promise<Result<NodeRtc, 'link.noWebrtc'>> {
  try {
    const library = await import('node-datachannel');
    const polyfill = await import('node-datachannel/polyfill');
    library.setSctpSettings({ sendBufferSize: SCTP_SEND_BYTES });
    const { RTCSessionDescription, RTCIceCandidate } = polyfill;
    const connection = connectionOf(polyfill.RTCPeerConnection, clock);
    return ok({
      wrtc: { RTCPeerConnection: connection, RTCSessionDescription, RTCIceCandidate },
      cleanup: library.cleanup,
    });
  } catch {
    return err('link.noWebrtc');
  }
}

/**
 * The library's connection, fit for simple-peer and without its second of waiting: as an answerer
 * it connects at once, and the first DTLS packet that it then sends reaches an offerer that has
 * not read the answer yet. The offerer keeps that packet and forgets it; only the repetition a
 * second later gets an answer. So an answerer keeps the offerer's addresses to itself for a while:
 * the offerer finds it, having read the answer, and is ready. (docs/decisions/node-answerer.md)
 */
function connectionOf(Base: typeof RTCPeerConnection, clock: Clock): object {
  return class extends Base {
    #answers = false;
    readonly #held = new Set<() => void>();

    constructor(config: RTCConfiguration = {}) {
      super({ ...config, iceServers: (config.iceServers ?? []).map(inAddress) });
    }

    // simple-peer writes to descriptions; the library's cannot be written to.
    override async createOffer(): Promise<Writable> {
      return writable(await super.createOffer());
    }

    override async createAnswer(): Promise<Writable> {
      return writable(await super.createAnswer());
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      this.#answers = description.type === 'offer';
      if (!this.#answers) return super.setRemoteDescription(description);
      const sdp = withoutCandidates(description.sdp ?? '');
      return super.setRemoteDescription({ type: 'offer', sdp });
    }

    override async addIceCandidate(candidate?: RTCIceCandidateInit | null): Promise<void> {
      if (this.#answers) {
        await new Promise<void>((resolve) => {
          const cancel = clock.after(HOLD_CANDIDATES_MS, () => {
            this.#held.delete(cancel);
            resolve();
          });
          this.#held.add(cancel);
        });
      }
      return super.addIceCandidate(candidate);
    }

    override close(): void {
      for (const cancel of this.#held) cancel();
      this.#held.clear();
      super.close();
    }
  };
}

/** The library writes name and password into the server's address, and reads them decoded. */
function inAddress(server: RTCIceServer): RTCIceServer {
  const { username, credential } = server;
  return {
    ...server,
    ...(username === undefined ? {} : { username: encodeURIComponent(username) }),
    ...(credential === undefined ? {} : { credential: encodeURIComponent(credential) }),
  };
}

interface Writable {
  type: RTCSdpType;
  sdp: string;
}

function writable(description: RTCSessionDescription): Writable {
  return { type: description.type, sdp: description.sdp };
}

function withoutCandidates(sdp: string): string {
  return sdp.replace(/^a=(?:candidate:.*|end-of-candidates)\r?\n/gm, '');
}
