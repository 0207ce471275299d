// What one viewer gets of the screen: bytes while it keeps up, whole screens while it does not,
// so that a slow viewer never slows anyone and is never shown old output. Knows no links.
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';

/** A viewer may have this much of its own rate queued and unacknowledged, in ms… */
const BACKLOG_MS = 300;
/** …but at least this, so that a burst on a good link is not taken for slowness, in bytes… */
const BACKLOG_BYTES_MIN = 16 * 1024;
/** …and at most this: past it a key's echo waits behind it, in bytes. */
const BACKLOG_BYTES_MAX = 256 * 1024;
/** A screen acknowledged this fast: the viewer has caught up, in ms. */
const CAUGHT_UP_MS = 100;
/** Between two screens of one viewer, in ms: 30 a second is as much as an eye takes. */
const SCREEN_EVERY_MS = 33;
/** Bytes/s assumed before the first acknowledgement. */
const RATE_FIRST = 1_000_000;

/** `rate` is what this viewer acknowledges, in bytes/s; `since` is output it has not been sent. */
export type ScreenFeed =
  /** Nothing is sent until the viewer is let in and asks. */
  | { readonly phase: 'fresh' }
  | { readonly phase: 'live'; readonly rate: number }
  /** One screen is on its way. */
  | { readonly phase: 'screen'; readonly rate: number; readonly since: number }
  /** The last screen was acknowledged; the next is due soon. */
  | { readonly phase: 'resting'; readonly rate: number; readonly since: number };

export type ScreenFeedInput =
  /** Terminal output; `backlog` is what is queued and unacknowledged before it, in bytes. */
  | { readonly on: 'output'; readonly bytes: number; readonly backlog: number }
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

export function screenFeed(
  state: ScreenFeed,
  input: ScreenFeedInput,
): Step<ScreenFeed, ScreenFeedEffect> {
  switch (input.on) {
    case 'redraw':
      return [{ phase: 'live', rate: rateOf(state) }, [{ do: 'screen' }]];
    case 'output':
      return output(state, input.bytes, input.backlog);
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
  bytes: number,
  backlog: number,
): Step<ScreenFeed, ScreenFeedEffect> {
  switch (state.phase) {
    case 'fresh':
      return [state, []];
    case 'screen':
    case 'resting':
      return [{ ...state, since: state.since + bytes }, []];
    case 'live':
      // [SF1] Over its share: what is queued is dropped, one screen takes its place.
      if (backlog + bytes > allowance(state.rate)) {
        return [{ phase: 'screen', rate: state.rate, since: 0 }, [{ do: 'screen' }]];
      }
      return [state, [{ do: 'bytes' }]];
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
  // [SF2] Bytes again only on top of a screen that is still the truth, and only for one who
  // is quick enough, and where the output since is little enough, that they will not pile up.
  if (state.since === 0) return [{ phase: 'live', rate }, []];
  if (input.ms <= CAUGHT_UP_MS && state.since <= allowance(rate)) {
    return [{ phase: 'live', rate }, [{ do: 'screen' }]];
  }
  const afterMs = Math.max(0, SCREEN_EVERY_MS - input.ms);
  return [{ phase: 'resting', rate, since: state.since }, [{ do: 'wake', afterMs }]];
}

function wake(state: {
  readonly rate: number;
  readonly since: number;
}): Step<ScreenFeed, ScreenFeedEffect> {
  return [{ phase: 'screen', rate: state.rate, since: 0 }, [{ do: 'screen' }]];
}

function allowance(rate: number): number {
  return Math.min(BACKLOG_BYTES_MAX, Math.max(BACKLOG_BYTES_MIN, (rate * BACKLOG_MS) / 1000));
}

function rateOf(state: ScreenFeed): number {
  return state.phase === 'fresh' ? RATE_FIRST : state.rate;
}
