// Every expected failure, with its words for either side, an area a file. Whoever shows a fault
// prints these; nobody composes error text elsewhere.
import type { FaultWords } from './fault-words.ts';
import { AGENT_FAULTS } from './faults-agent.ts';
import { CONNECTION_FAULTS } from './faults-connection.ts';
import { JOINING_FAULTS } from './faults-joining.ts';
import { SESSION_FAULTS } from './faults-session.ts';

export const FAULTS = {
  ...JOINING_FAULTS,
  ...SESSION_FAULTS,
  ...AGENT_FAULTS,
  ...CONNECTION_FAULTS,
};

export type Fault = keyof typeof FAULTS;

export function isFault(code: string): code is Fault {
  return Object.hasOwn(FAULTS, code);
}

/** What `subject` it happened to, and the words. */
export function faultAbout(subject: string, fault: Fault): string {
  return `${subject}: ${FAULTS[fault].mine}`;
}

/** The words for a code that came from a peer: an unknown one is never shown as it is. */
export function faultWords(code: string): FaultWords {
  return isFault(code) ? FAULTS[code] : FAULTS['link.protocol'];
}

/** Why something was refused, for who asked for it: with the sum where a limit is reached. */
export function refusalWords(refusal: {
  readonly fault: string;
  readonly sum?: string | undefined;
}): string {
  const { mine } = faultWords(refusal.fault);
  return refusal.sum === undefined ? mine : `${mine} ${refusal.sum}`;
}
