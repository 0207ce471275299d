// What an arrival needs of WebRTC, said once for both sides: one attempt to connect. The rim
// webrtc.ts fills it; where there is no WebRTC it is absent.
import type { Result } from '../protocol/result.ts';
import type { Wire } from './wire.ts';

/** One attempt. */
export interface RtcDial {
  /** The other side's description or candidate. */
  readonly take: (data: string) => void;
  readonly wire: Promise<Result<Wire, 'link.noPath'>>;
  readonly close: () => void;
}

/** `initiator` makes the offer. `send` carries descriptions and candidates to the other side. */
export type RtcDialer = (options: {
  readonly initiator: boolean;
  readonly iceServers: readonly { readonly urls: string }[];
  readonly send: (data: string) => void;
}) => RtcDial;

/** A dial that fails is tried once more. */
export const ATTEMPTS_MAX = 2;
