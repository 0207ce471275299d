// What the command line's stories need: a clock one moves, a viewer's state, a doorstep.
import type { Capability } from '../../../src/protocol/capability.ts';
import { lasting } from '../../../src/protocol/capability.ts';
import { idOf, KnockId, PublicKey, SessionId } from '../../../src/protocol/ids.ts';
import type { Clock } from '../../../src/protocol/ports.ts';
import type { KnockCard, RequestCard } from '../../../src/protocol/message.ts';
import type { ViewerState } from '../../../src/session/viewer-state.ts';
import type { Doorstep } from '../../../src/cli/share-panel.ts';

export interface HandClock extends Clock {
  readonly pass: (ms: number) => void;
}

export function openHandClock(): HandClock {
  let now = 0;
  let waiting: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    monotonic: () => now,
    after(afterMs, wake) {
      const one = { at: now + afterMs, wake };
      waiting.push(one);
      return () => {
        waiting = waiting.filter((other) => other !== one);
      };
    },
    pass(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = waiting.filter((one) => one.at <= until).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = next.at;
        waiting = waiting.filter((one) => one !== next);
        next.wake();
      }
      now = until;
    },
  };
}

export const keyOf = (byte: number) => idOf(PublicKey, new Uint8Array(32).fill(byte));
const ALICE = keyOf(1);
export const BOB = keyOf(2);

/** Bob's view of Alice's session. */
export function viewerState(
  capabilities: readonly Capability[],
  changes: Partial<ViewerState> = {},
): ViewerState {
  return {
    connection: { phase: 'live', path: 'webrtc', rttMs: 12.4 },
    session: idOf(SessionId, new Uint8Array(16)),
    me: { key: BOB, name: 'Bob', hue: 20, owner: false },
    grant: {
      session: idOf(SessionId, new Uint8Array(16)),
      to: BOB,
      number: 1,
      start: 0,
      capabilities: lasting(capabilities, null),
      at: 0,
    },
    document: {
      cols: 80,
      rows: 24,
      roster: [
        { key: ALICE, name: 'Al\u202eice', hue: 1, role: 'sharer', present: true },
        { key: BOB, name: 'Bob', hue: 20, role: 'viewer', present: true },
        { key: keyOf(3), name: 'Carol', hue: 30, role: 'viewer', present: false },
      ],
      grants: {},
      queue: [],
      shell: 'prompt',
    },
    blocks: [],
    segments: [],
    blocksToCome: 0,
    place: null,
    desk: null,
    request: 'none',
    ...changes,
  };
}

export function knock(byte: number, name: string): KnockCard {
  return {
    id: idOf(KnockId, new Uint8Array(8).fill(byte)),
    key: keyOf(byte),
    name,
    hue: 1,
    words: 'off trade option achieve',
    at: 0,
    capabilities: { view: null },
  };
}

export function request(byte: number, name: string): RequestCard {
  return { key: keyOf(byte), name, capabilities: ['type'], at: 0 };
}

export function doorstep(
  knocks: readonly KnockCard[],
  requests: readonly RequestCard[] = [],
): Doorstep {
  return {
    desk: { knocks: [...knocks], requests: [...requests], invites: [], notices: [] },
    questions: [],
    here: [],
    isShared: true,
    autoAdmit: null,
  };
}
