// When to dial: again after a lost link, beside one that no longer answers, at once when the
// network or the person is back. Knows no links; its driver dials, waits and switches.
import type { Random } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';

/** The first wait is up to this, each next up to twice the one before, in ms… */
const BACKOFF_FIRST_MS = 500;
/** …and never over this: ten seconds after a sharer is back, so is everyone. */
const BACKOFF_MS_MAX = 5_000;

export type Redial =
  /** One dial is under way, and no link. `attempt` counts those since the last link, from 0. */
  | { readonly phase: 'dialing'; readonly attempt: number }
  | { readonly phase: 'live' }
  /** A second dial runs beside a link that may be dead. */
  | { readonly phase: 'doubting' }
  | { readonly phase: 'waiting'; readonly attempt: number }
  | { readonly phase: 'over'; readonly because: 'refused' | 'left' };

export type RedialInput =
  /** The dial under way made a link. */
  | { readonly on: 'opened' }
  /** The dial under way came to nothing. */
  | { readonly on: 'failed' }
  /** The sharer answered, and the answer is no. */
  | { readonly on: 'refused' }
  /** The link is dead. */
  | { readonly on: 'lost' }
  /** Two heartbeats are missing, or the network is another one. */
  | { readonly on: 'suspect' }
  /** The wait is over. */
  | { readonly on: 'wake' }
  /** The network is back, or the person looks again, or asks. */
  | { readonly on: 'nudge' }
  /** The person goes. */
  | { readonly on: 'leave' };

export type RedialEffect =
  | { readonly do: 'dial' }
  | { readonly do: 'wakeLater'; readonly afterMs: number }
  | { readonly do: 'dontWake' }
  /** Go over to the new link, then close the old one. */
  | { readonly do: 'switch' }
  /** Close whatever is open or under way. */
  | { readonly do: 'stop' };

export const firstDial: Step<Redial, RedialEffect> = [
  { phase: 'dialing', attempt: 0 },
  [{ do: 'dial' }],
];

export function redial(
  state: Redial,
  input: RedialInput,
  random: Random,
): Step<Redial, RedialEffect> {
  if (state.phase === 'over') return [state, []];
  switch (input.on) {
    case 'leave':
      return [{ phase: 'over', because: 'left' }, stopping(state)];
    case 'refused': // [RD3] an answer, not a failure: asking again would get the same
      return [{ phase: 'over', because: 'refused' }, stopping(state)];
    case 'opened':
      if (state.phase === 'doubting') return [{ phase: 'live' }, [{ do: 'switch' }]];
      return state.phase === 'dialing' ? [{ phase: 'live' }, []] : [state, []];
    case 'failed':
      if (state.phase === 'doubting') return [{ phase: 'live' }, []];
      return state.phase === 'dialing' ? wait(state.attempt, random) : [state, []];
    case 'lost':
      if (state.phase === 'doubting') return [{ phase: 'dialing', attempt: 0 }, []];
      return state.phase === 'live' ? wait(0, random) : [state, []];
    case 'suspect':
      return state.phase === 'live' ? [{ phase: 'doubting' }, [{ do: 'dial' }]] : [state, []];
    case 'wake':
      return state.phase === 'waiting' ? dialAgain(state.attempt, []) : [state, []];
    case 'nudge':
      return state.phase === 'waiting'
        ? dialAgain(state.attempt, [{ do: 'dontWake' }])
        : [state, []];
    default:
      return unreachable(input);
  }
}

function dialAgain(attempt: number, before: RedialEffect[]): Step<Redial, RedialEffect> {
  return [{ phase: 'dialing', attempt: attempt + 1 }, [...before, { do: 'dial' }]];
}

function wait(attempt: number, random: Random): Step<Redial, RedialEffect> {
  return [
    { phase: 'waiting', attempt },
    [{ do: 'wakeLater', afterMs: backoffMs(attempt, random) }],
  ];
}

function stopping(state: Redial): readonly RedialEffect[] {
  return state.phase === 'waiting' ? [{ do: 'dontWake' }, { do: 'stop' }] : [{ do: 'stop' }];
}

/** [RD2] Full jitter: a sharer that comes back is not met by all its viewers at once. */
export function backoffMs(attempt: number, random: Random): number {
  return Math.floor(random() * Math.min(BACKOFF_MS_MAX, BACKOFF_FIRST_MS * 2 ** attempt));
}
