// How a turn of a thread begins and ends. Knows neither who may begin one nor what is sent.
import type { PublicKey } from '../protocol/ids.ts';
import type { TurnEnd } from '../protocol/thread.ts';
import type { TokenCount } from './agent-event.ts';
import { partAt } from './part-list.ts';
import { added, interrupted, type At, type ThreadParts } from './parts-state.ts';
import { settled } from './tool-cards.ts';
import { NO_TALLY, usageOf, withReported } from './turn-tally.ts';

/** `text` is safe to show; it is masked here. */
export function turnBegun(
  state: ThreadParts,
  { author, text }: { readonly author: PublicKey; readonly text: string },
  { at, mask }: At,
): ThreadParts {
  const begun = added(
    {
      ...interrupted(state, at),
      turns: state.turns + 1,
      turn: { is: 'running', by: author, since: at },
      calls: new Map(),
      callsBefore: state.calls,
      plan: { part: 0, keeper: '' },
      compaction: 0,
      tally: NO_TALLY,
      end: 0,
      noted: new Set(),
    },
    { kind: 'prompt', author, at },
    { text: mask(text) },
  );
  return { ...begun, prompt: begun.list.last };
}

export interface Ending {
  readonly reason: TurnEnd;
  readonly by: PublicKey | null;
  readonly tokens: TokenCount | null;
}

/** [TH19] Everything that is open is settled, and the end is the turn's last part. */
export function turnEnded(state: ThreadParts, ending: Ending, { at }: At): ThreadParts {
  if (state.turn.is === 'none') return state;
  const quiet = settled(interrupted(state, at), at);
  const tally = withReported(quiet.tally, ending.tokens);
  const ended = added(quiet, {
    kind: 'end',
    reason: ending.reason,
    by: ending.by,
    startedAt: state.turn.since,
    endedAt: at,
    usage: usageOf(tally),
  });
  return { ...ended, tally, turn: { is: 'none' }, end: ended.list.last, noted: new Set() };
}

/** How the newest turn ended; 'none' while it runs, or where there is none. */
export function lastEnd(state: ThreadParts): TurnEnd | 'none' {
  const head = partAt(state.list, state.end)?.head;
  return head?.kind === 'end' ? head.reason : 'none';
}
