// The handshake, for those who run it: two machines, what they prove, and what follows from it.
export {
  startViewerHandshake,
  viewerHandshake,
  type ViewerDoor,
  type ViewerHandshake,
  type ViewerHandshakeEffect,
} from './handshake-viewer.ts';
export {
  sharerHandshake,
  startSharerHandshake,
  type SealedRefusal,
  type SharerHandshake,
  type SharerHandshakeEffect,
  type SharerHandshakeInput,
  type SharerSecrets,
} from './handshake-sharer.ts';
export {
  linkKeys,
  openNegotiation,
  sealNegotiation,
  type ChannelBinding,
  type LinkKeys,
  type Proven,
  type Role,
} from './proven.ts';
export type { HelloBy } from './transcript.ts';
