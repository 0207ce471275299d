// What one viewer gets of the screen: bytes while it keeps up, whole screens while it does not,
// so that a slow viewer never slows anyone and is never shown old output. Knows no links.
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';

/** A viewer may have this much of its own rate queued and unacknowledged, in ms… */
const BACKLOG_MS = 300;
/** …but at least this, so that a burst on a good link is not taken for slowness, in bytes… */
const BACKLOG_BYTES_MIN = 16 * 1024;
/** …and at most this: past it a key's echo waits behind it, and a screen is the smaller, in bytes. */
const BACKLOG_BYTES_MAX = 64 * 1024;
/** More than this between two screens is a flood: gone before an eye has read it, in bytes. */
const FLOOD_BYTES = 4 * 1024;
/** The same for one who gets bytes: so much within BURST_MS, so that a page of text is no flood. */
const BURST_BYTES = 16 * 1024;
const BURST_MS = 100;
/** Less than this in one piece, after a flood: it is over, or has paused, in bytes. */
const TRICKLE_BYTES = 2 * 1024;
/** A screen acknowledged this fast: the viewer has caught up, in ms. */
const CAUGHT_UP_MS = 100;
/** Between two screens of one viewer, in ms: 30 a second is as much as an eye takes. */
const SCREEN_EVERY_MS = 33;
/** Bytes/s assumed before the first acknowledgement. */
const RATE_FIRST = 1_000_000;

/**
 * `rate` is what this viewer acknowledges, in bytes/s; `since` is output it has not been sent;
 * `isOver` where the last of that was so little that the flood seems to be over.
 */
export type ScreenFeed =
  /** Nothing is sent until the viewer is let in and asks. */
  | { readonly phase: 'fresh' }
  | { readonly phase: 'live'; readonly rate: number; readonly burst: Burst }
  /** One screen is on its way. */
  | {
      readonly phase: 'screen';
      readonly rate: number;
      readonly since: number;
      readonly isOver: boolean;
    }
  /** The last screen was acknowledged, fast enough for bytes or not; the next is due soon. */
  | {
      readonly phase: 'resting';
      readonly rate: number;
      readonly since: number;
      readonly isQuick: boolean;
    };

/** Bytes of output since a moment, in monotonic ms. */
export interface Burst {
  readonly from: number;
  readonly bytes: number;
}

export type ScreenFeedInput =
  /** Terminal output; `backlog` is what is queued and unacknowledged before it, in bytes. */
  | { readonly on: 'output'; readonly bytes: number; readonly backlog: number; readonly at: number }
  /** The link acknowledged screen-lane bytes, the last of them after `ms`. */
  | { readonly on: 'acked'; readonly ms: number; readonly rate: number; readonly backlog: number }
  | { readonly on: 'wake' }
  /** The screen must be sent anew: joined, asked for, resized, the starting point moved. */
  | { readonly on: 'redraw' };

export type ScreenFeedEffect =
  /** Send these bytes of output. */
  | { readonly do: 'bytes' }
  /** Drop what is queued, send the screen as it is. */
  | { readonly do: 'screen' }
  | { readonly do: 'wake'; readonly afterMs: number };

export const freshFeed: ScreenFeed = { phase: 'fresh' };
const NO_BURST: Burst = { from: -Infinity, bytes: 0 };

export function screenFeed(
  state: ScreenFeed,
  input: ScreenFeedInput,
): Step<ScreenFeed, ScreenFeedEffect> {
  switch (input.on) {
    case 'redraw':
      return [{ phase: 'live', rate: rateOf(state), burst: NO_BURST }, [{ do: 'screen' }]];
    case 'output':
      return output(state, input);
    case 'acked':
      return acked(state, input);
    case 'wake':
      return state.phase === 'resting' ? wake(state) : [state, []];
    default:
      return unreachable(input);
  }
}

function output(
  state: ScreenFeed,
  { bytes, backlog, at }: Extract<ScreenFeedInput, { on: 'output' }>,
): Step<ScreenFeed, ScreenFeedEffect> {
  switch (state.phase) {
    case 'fresh':
      return [state, []];
    case 'screen':
      return [{ ...state, since: state.since + bytes, isOver: bytes < TRICKLE_BYTES }, []];
    case 'resting': {
      // [SF3] The end of a flood, a prompt most often, does not wait for the next screen's turn.
      const over = bytes < TRICKLE_BYTES;
      return [{ ...state, since: state.since + bytes }, over ? [{ do: 'wake', afterMs: 0 }] : []];
    }
    case 'live': {
      const isNew = at - state.burst.from > BURST_MS;
      const burst = isNew
        ? { from: at, bytes }
        : { ...state.burst, bytes: state.burst.bytes + bytes };
      // [SF1] Over its share, or a flood: what is queued is dropped, one screen takes its place.
      // These bytes are on their way into the screen, and may not be in that one yet.
      if (backlog + bytes > allowance(state.rate) || burst.bytes > BURST_BYTES) {
        return [
          { phase: 'screen', rate: state.rate, since: bytes, isOver: false },
          [{ do: 'screen' }],
        ];
      }
      return [{ ...state, burst }, [{ do: 'bytes' }]];
    }
    default:
      return unreachable(state);
  }
}

function acked(
  state: ScreenFeed,
  input: { readonly ms: number; readonly rate: number; readonly backlog: number },
): Step<ScreenFeed, ScreenFeedEffect> {
  if (state.phase === 'fresh') return [state, []];
  const rate = state.rate * 0.75 + input.rate * 0.25;
  if (state.phase !== 'screen' || input.backlog > 0) return [{ ...state, rate }, []];
  // [SF2] The screen it has is still the truth: bytes can follow it.
  if (state.since === 0) return [{ phase: 'live', rate, burst: NO_BURST }, []];
  const isQuick = input.ms <= CAUGHT_UP_MS;
  const afterMs = isQuick && state.isOver ? 0 : Math.max(0, SCREEN_EVERY_MS - input.ms);
  return [{ phase: 'resting', rate, since: state.since, isQuick }, [{ do: 'wake', afterMs }]];
}

/**
 * [SF2] Bytes again only for one who is quick enough that they will not pile up, and only when
 * the flood is over: who takes everything in would else be sent most of it.
 */
function wake(
  state: Extract<ScreenFeed, { phase: 'resting' }>,
): Step<ScreenFeed, ScreenFeedEffect> {
  const { rate } = state;
  const calm = state.isQuick && state.since <= FLOOD_BYTES;
  return [
    calm
      ? { phase: 'live', rate, burst: NO_BURST }
      : { phase: 'screen', rate, since: 0, isOver: false },
    [{ do: 'screen' }],
  ];
}

function allowance(rate: number): number {
  return Math.min(BACKLOG_BYTES_MAX, Math.max(BACKLOG_BYTES_MIN, (rate * BACKLOG_MS) / 1000));
}

function rateOf(state: ScreenFeed): number {
  return state.phase === 'fresh' ? RATE_FIRST : state.rate;
}
