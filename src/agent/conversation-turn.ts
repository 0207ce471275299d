// How a process and a turn begin, stop and end in a conversation. Part of the machine in
// conversation.ts.
import type { PublicKey } from '../protocol/ids.ts';
import {
  CANCEL_MS,
  QUIET_MS,
  andThen,
  type Conversation,
  type ConversationEffect,
  type ConversationStep,
} from './conversation-state.ts';
import { noted, type At } from './parts-state.ts';
import type { AgentNotice } from './notices.ts';
import { turnEnded, type Ending } from './thread-turns.ts';
import { answered } from './tool-cards.ts';

/** A process anew: it comes back to its own session where it had one. */
export function opened(state: Conversation): ConversationStep {
  const agent = state.agents + 1;
  return [
    { ...state, agents: agent, phase: { phase: 'starting', agent } },
    [{ do: 'open', agent, resume: state.kept.session }],
  ];
}

export function withNotice(
  state: Conversation,
  code: AgentNotice,
  detail: string,
  at: At,
): Conversation {
  return { ...state, parts: noted(state.parts, code, detail, at) };
}

/** [TH19] Its questions are withdrawn, its cards settled, its cost kept. Leaves the phase to the caller. */
export function turnOver(state: Conversation, ending: Ending, at: At): ConversationStep {
  const [next, effects] = withdrawAll(state);
  const parts = turnEnded(next.parts, ending, at);
  const cost = typeof parts.costSeen === 'object' ? parts.costSeen : state.kept.cost;
  const kept = cost === state.kept.cost ? state.kept : { ...state.kept, cost };
  return [{ ...next, parts, kept }, effects];
}

/** Every question that waits is taken back, for people and for the agent. */
export function withdrawAll(state: Conversation): ConversationStep {
  const { phase, parts } = state;
  if (parts.asked.size === 0 || phase.phase === 'stopped' || phase.phase === 'closed') {
    return [state, []];
  }
  const { agent } = phase;
  const effects = [...parts.asked.values()].map(({ request }): ConversationEffect => ({
    do: 'withdraw',
    agent,
    request,
  }));
  return [{ ...state, parts: withoutQuestions(parts) }, effects];
}

function withoutQuestions(parts: Conversation['parts']): Conversation['parts'] {
  let next = parts;
  for (const [id] of parts.asked) next = answered(next, id, { state: 'withdrawn' });
  return next;
}

/** [TH22] Asks the agent to end its turn; by force once it has not answered. */
export function cancelled(
  state: Conversation,
  by: PublicKey,
  next: 'goes' | 'held',
): ConversationStep {
  const { phase } = state;
  if (phase.phase !== 'running') return [state, []];
  const { agent } = phase;
  const wake = state.wakes + 1;
  return andThen(withdrawAll(state), (s) => [
    { ...s, wakes: wake, phase: { phase: 'stopping', agent, by, wake, next } },
    [
      { do: 'cancel', agent },
      { do: 'wakeLater', wake, afterMs: CANCEL_MS },
    ],
  ]);
}

/** [TH23] The process is ended, and its turn, if one runs, by the one who asked for that. */
export function ended(state: Conversation, by: PublicKey | null, at: At): ConversationStep {
  const { phase } = state;
  if (phase.phase === 'stopped' || phase.phase === 'closed') return [state, []];
  const { agent } = phase;
  const over = turnOver(state, { reason: 'cancelled', by, tokens: null }, at);
  return andThen(over, (s) => [
    { ...s, phase: { phase: 'stopped', because: 'ended' } },
    [{ do: 'close', agent }],
  ]);
}

/** [TH24] Any word of the agent's ends its silence; from an answer to its question on it has the time anew. */
export function stillTalking(state: Conversation, at: number): ConversationStep {
  const { phase } = state;
  if (phase.phase !== 'running') return [state, []];
  const { quiet } = phase;
  if (quiet.is === 'talking') {
    if (quiet.heardAt >= at) return [state, []];
    return [{ ...state, phase: { ...phase, quiet: { ...quiet, heardAt: at } } }, []];
  }
  const wake = state.wakes + 1;
  return [
    { ...state, wakes: wake, phase: { ...phase, quiet: { is: 'talking', heardAt: at, wake } } },
    [{ do: 'wakeLater', wake, afterMs: QUIET_MS }],
  ];
}
