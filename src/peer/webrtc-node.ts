// WebRTC for Node: node-datachannel behind the three classes that simple-peer asks for. A rim,
// loaded only when asked for, so that a computer without its binary still has sockets.
import { err, ok, type Result } from '../protocol/result.ts';
import type { Wrtc } from './webrtc.ts';

/** What SCTP may hold beyond our reach: with the default a key waits 482 ms on a 20 Mbit/s link. */
const SCTP_SEND_BYTES = 64 * 1024;

export interface NodeRtc {
  readonly wrtc: Wrtc;
  /** Stops the library's threads: after all wires are closed, before the process ends. */
  readonly cleanup: () => void;
}

let loaded: Promise<Result<NodeRtc, 'link.noWebrtc'>> | 'not yet' = 'not yet';

/** Loads the library once; its SCTP settings hold for the whole process. */
export async function nodeRtc(): Promise<Result<NodeRtc, 'link.noWebrtc'>> {
  if (loaded === 'not yet') loaded = load();
  return loaded;
}

async function load(): Promise<Result<NodeRtc, 'link.noWebrtc'>> {
  try {
    const library = await import('node-datachannel');
    const { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate } =
      await import('node-datachannel/polyfill');
    library.setSctpSettings({ sendBufferSize: SCTP_SEND_BYTES });
    const wrtc: Wrtc = {
      RTCPeerConnection: class extends RTCPeerConnection {
        // simple-peer writes to descriptions; the library's cannot be written to.
        override async createOffer(): Promise<{ type: RTCSdpType; sdp: string }> {
          return writable(await super.createOffer());
        }
        override async createAnswer(): Promise<{ type: RTCSdpType; sdp: string }> {
          return writable(await super.createAnswer());
        }
      },
      RTCSessionDescription,
      RTCIceCandidate,
    };
    return ok({ wrtc, cleanup: library.cleanup });
  } catch {
    return err('link.noWebrtc');
  }
}

function writable(description: RTCSessionDescription): { type: RTCSdpType; sdp: string } {
  return { type: description.type, sdp: description.sdp };
}
