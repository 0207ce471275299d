// Whether the other end still answers: a pure machine fed with half seconds and with whatever
// is heard. Notices a dead link long before ICE does. Knows no wire and no clock.
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';

/** Half of the heartbeat's second. Ticks are counted, not timed: a computer that slept or was busy for ten seconds has missed one tick, not ten. */
export const TICK_MS = 500;
/** Two heartbeats missed, 2.5 to 3 s: time to dial anew beside this link. */
const SUSPECT_TICKS = 6;
/** Three missed, 3.5 to 4 s: the link is dead. */
const SILENT_TICKS = 8;

/** An answer later than this many pings says nothing any more. */
const PINGS_MAX = 8;

interface Ping {
  readonly n: number;
  /** Monotonic ms. */
  readonly at: number;
}

export interface Heartbeat {
  /** Ticks since anything was heard. */
  readonly quiet: number;
  readonly ticks: number;
  /** The pings that are out, newest last. */
  readonly pings: readonly Ping[];
  readonly rttMs: number | null;
}

export const firstHeartbeat: Heartbeat = {
  quiet: 0,
  ticks: 0,
  pings: [],
  rttMs: null,
};

export type HeartbeatInput =
  | { readonly on: 'tick'; readonly now: number }
  /** Anything at all came. */
  | { readonly on: 'heard' }
  | { readonly on: 'pong'; readonly n: number; readonly now: number };

export type HeartbeatEffect =
  | { readonly do: 'ping'; readonly n: number }
  | { readonly do: 'suspect' }
  | { readonly do: 'silent' };

export function heartbeat(
  state: Heartbeat,
  input: HeartbeatInput,
): Step<Heartbeat, HeartbeatEffect> {
  switch (input.on) {
    case 'heard':
      return state.quiet === 0 ? [state, []] : [{ ...state, quiet: 0 }, []];
    case 'pong': {
      const answered = state.pings.find((ping) => ping.n === input.n);
      if (answered === undefined) return [state, []];
      const pings = state.pings.filter((ping) => ping.n > input.n);
      return [{ ...state, pings, rttMs: Math.max(0, input.now - answered.at) }, []];
    }
    case 'tick': {
      const quiet = state.quiet + 1;
      const ticks = state.ticks + 1;
      const effects: HeartbeatEffect[] = [];
      if (quiet === SUSPECT_TICKS) effects.push({ do: 'suspect' });
      if (quiet >= SILENT_TICKS) effects.push({ do: 'silent' });
      if (state.ticks % 2 !== 0) return [{ ...state, quiet, ticks }, effects];
      const n = state.ticks / 2 + 1; // a second each: four bytes last for 136 years
      effects.push({ do: 'ping', n });
      const pings = [...state.pings, { n, at: input.now }].slice(-PINGS_MAX);
      return [{ ...state, quiet, ticks, pings }, effects];
    }
    default:
      return unreachable(input);
  }
}
