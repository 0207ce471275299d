// The part of simple-peer 9 that webrtc.ts uses, with the two inner fields it needs: what the
// published types leave out or type as `any`.
declare module 'simple-peer/simplepeer.min.js' {
  interface Description {
    readonly sdp: string;
  }
  interface Options {
    readonly initiator: boolean;
    readonly trickle: boolean;
    readonly objectMode: boolean;
    readonly config: {
      readonly iceServers: readonly {
        readonly urls: string;
        readonly username?: string;
        readonly credential?: string;
      }[];
    };
    readonly wrtc?: object;
  }
  export default class Peer {
    constructor(options: Options);
    signal(data: object): void;
    send(data: Uint8Array): void;
    destroy(): void;
    on(event: 'connect' | 'close', listener: () => void): this;
    on(event: 'signal' | 'data', listener: (data: unknown) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    /** The channel's bufferedAmount. */
    readonly bufferSize: number;
    /** Null after the end. */
    readonly _channel: RTCDataChannel | null;
    /** Null after the end. */
    readonly _pc: {
      readonly localDescription: Description | null;
      readonly remoteDescription: Description | null;
    } | null;
  }
}
