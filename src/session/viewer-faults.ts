// Fault codes as they come from a peer: one that is not ours becomes the protocol's own.
import { isFault, type Fault } from '../protocol/faults.ts';

export function faultOf(code: string): Fault {
  return isFault(code) ? code : 'link.protocol';
}
