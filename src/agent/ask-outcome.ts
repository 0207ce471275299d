// How an ask is answered: done, or refused with a fault. Part of the machine in conversation.ts.
import type { Fault } from '../protocol/faults.ts';
import {
  andThen,
  type Ask,
  type Conversation,
  type ConversationStep,
} from './conversation-state.ts';

/** `sum`: of a limit that is reached, in a sentence. */
export function refused(
  state: Conversation,
  { id }: Ask,
  fault: Fault,
  sum?: string,
): ConversationStep {
  const said = sum === undefined ? {} : { sum };
  return [state, [{ do: 'outcome', id, outcome: { ok: false, fault, ...said } }]];
}

export function done(step: ConversationStep, { id }: Ask): ConversationStep {
  return andThen(step, (s) => [s, [{ do: 'outcome', id, outcome: { ok: true } }]]);
}
