// Which lanes of a link are sealed, and the sealing of each, one key per lane and direction.
// Knows no wire beyond whether it has keys of its own.
import type { LinkKeys } from '../crypto/handshake.ts';
import { openOpener, openSealer, SEAL_BYTES } from '../crypto/seal.ts';
import type { Lane } from '../protocol/message.ts';
import { ok, type Result } from '../protocol/result.ts';
import type { Sealing } from './lanes.ts';

export interface Seals extends Sealing {
  /** Boxes of a lane open in the order in which they were sealed, or not at all. */
  readonly open: (lane: Lane, box: Uint8Array) => Result<Uint8Array, 'link.binding'>;
}

/** [LK4] Everything is sealed, but for the screen where `bound`: on a channel with keys of its own. */
export function openSeals(keys: LinkKeys, bound: boolean): Seals {
  const bare = (lane: Lane): boolean => lane === 'screen' && bound;
  const sealers = byLane((lane) => openSealer(keys.send[lane]));
  const openers = byLane((lane) => openOpener(keys.receive[lane]));
  return {
    overhead: (lane) => (bare(lane) ? 0 : SEAL_BYTES),
    seal: (lane, message) => (bare(lane) ? message : sealers[lane](message)),
    open: (lane, box) => (bare(lane) ? ok(box) : openers[lane](box)),
  };
}

export function byLane<T>(make: (lane: Lane) => T): { readonly [L in Lane]: T } {
  return {
    control: make('control'),
    screen: make('screen'),
    presence: make('presence'),
    replica: make('replica'),
    history: make('history'),
  };
}
