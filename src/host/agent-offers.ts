// The agents that may be had in a session, and how each is started. Knows no conversation.
import type { AgentLine } from '../agent/agent-search.ts';
import type { AgentChoice } from '../protocol/thread.ts';

export interface AgentOffer extends AgentChoice {
  /** Null where it is not on this computer. */
  readonly start: AgentLine | null;
}

export interface AgentOffers {
  /** Those of a directory at this moment. */
  readonly in: (directory: string) => readonly AgentOffer[];
  /** A file that names agents cannot be read any more: once until it can be read again. */
  readonly onBroken: (tell: () => void) => void;
}

/** As everyone may know of them: no commands, no variables. */
export function choicesOf(
  offers: readonly AgentOffer[],
  needsSignIn: (agent: string) => boolean,
): readonly AgentChoice[] {
  return offers.map(({ card, state, actsAlone }) => {
    const isSignedOut = state === 'found' && needsSignIn(card.id);
    return { card, state: isSignedOut ? 'signIn' : state, actsAlone };
  });
}
