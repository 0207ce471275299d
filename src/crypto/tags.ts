// Every domain tag, once: what a signature, a hash or a derived key is for. A tag is followed
// by a 0 byte, so none can be the beginning of another. Knows nothing of what follows it.
import { concat, utf8 } from '../protocol/bytes.ts';

export const TAGS = {
  /** Signed by a participant: one action. */
  action: 'meshell/action/1',
  /** Signed by the session: one grant. */
  grant: 'meshell/grant/1',
  /** Signed by the session: one frame of the replica. */
  frame: 'meshell/frame/1',
  /** Signed by the session: the signaling service's challenge. */
  room: 'meshell/room/1',
  /** Hashed: everything both sides sent before the first proof. */
  hello: 'meshell/hello/1',
  /** Signed by a viewer in `confirm`. */
  viewer: 'meshell/viewer/1',
  /** Signed by the session in `welcome`. */
  sharer: 'meshell/sharer/1',
  /** Hashed: the opening and both identities. */
  proven: 'meshell/proven/1',
  /** Hashed: that, and the channel's binding. */
  bound: 'meshell/bound/1',
  /** Derives one key per purpose, direction and lane. */
  key: 'meshell/key/1',
  /** CPace's channel identifier. */
  code: 'meshell/code/1',
} as const satisfies Record<string, `meshell/${string}/${number}`>;
export type Tag = (typeof TAGS)[keyof typeof TAGS];

/** tag ‖ 00 ‖ parts. At most one part may be of variable length, and it stands last. */
export function tagged(tag: Tag, ...parts: Uint8Array[]): Uint8Array {
  return concat(utf8(tag), Uint8Array.of(0), ...parts);
}
