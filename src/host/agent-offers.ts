// The agents that may be had in a session, and how each is started. Knows no conversation.
import type { AgentLaunch } from '../agent/agent-event.ts';
import type { AgentChoice } from '../protocol/thread.ts';

/** A command and what it is given; where it runs is for whoever starts it. */
export type AgentCommandLine = Pick<AgentLaunch, 'command' | 'args' | 'env'>;

export interface AgentOffer extends AgentChoice {
  /** Null where it is not on this computer. */
  readonly start: AgentCommandLine | null;
}

export interface AgentOffers {
  readonly list: () => readonly AgentOffer[];
}

/** As everyone may know of them: no commands, no variables. */
export function choicesOf(offers: AgentOffers): readonly AgentChoice[] {
  return offers.list().map(({ card, state, actsAlone }) => ({ card, state, actsAlone }));
}
