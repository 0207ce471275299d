// A room at the signaling service: it is named by its session, and taken by a signature, so
// that nobody squats it.
import { utf8 } from '../protocol/bytes.ts';
import { TAGS, tagged } from './tags.ts';

/** The message to sign for the service's challenge, whose text stands in it as it came. */
export function roomProof(nonceText: string): Uint8Array {
  return tagged(TAGS.room, utf8(nonceText));
}
