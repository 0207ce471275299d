// Whether one more prompt may be sent: what a person and a thread may use, against what they have.
// Knows sums, no turns.
import type { Fault } from '../protocol/faults.ts';
import type { Cost, UsageSum } from './usage.ts';

/** null: no limit. Tokens and cost are checked before a prompt; the turn itself may go over. */
export interface Limits {
  readonly prompts: number | null;
  readonly tokens: number | null;
  readonly cost: Cost | null;
}

export const NO_LIMITS: Limits = { prompts: null, tokens: null, cost: null };

/** What was used so far: of a thread, or of a person in all threads. */
export interface Spent {
  readonly prompts: number;
  readonly usage: UsageSum;
}

export interface Reached {
  readonly fault: Extract<Fault, 'thread.limitPrompts' | 'thread.limitTokens' | 'thread.limitCost'>;
  /** With the sum, for people. */
  readonly sentence: string;
}

/** [TH28] The first limit that is reached; 'none' where none is. */
export function reachedLimit(
  whose: 'person' | 'thread',
  limits: Limits,
  spent: Spent,
): Reached | 'none' {
  const who = whose === 'person' ? 'One person may use' : 'One conversation may use';
  const { prompts, tokens, cost } = limits;
  const { usage } = spent;
  if (prompts !== null && spent.prompts >= prompts) {
    const sentence = `${who} ${shown(prompts)} prompts; ${shown(spent.prompts)} are used.`;
    return { fault: 'thread.limitPrompts', sentence };
  }
  if (tokens !== null && usage.total !== null && usage.total >= tokens) {
    const about = usage.estimated ? 'about ' : '';
    const sentence = `${who} ${shown(tokens)} tokens; ${about}${shown(usage.total)} are used.`;
    return { fault: 'thread.limitTokens', sentence };
  }
  const paid = cost === null ? undefined : usage.costs.find((c) => c.currency === cost.currency);
  if (cost !== null && paid !== undefined && paid.amount >= cost.amount) {
    const sentence = `${who} ${shown(cost.amount)} ${cost.currency}; ${shown(paid.amount)} ${paid.currency} are used.`;
    return { fault: 'thread.limitCost', sentence };
  }
  return 'none';
}

/** Thousands apart, fractions to six places: 12,400 or 0.018846. */
function shown(count: number): string {
  const [whole = '', fraction] = String(Math.round(count * 1e6) / 1e6).split('.');
  const apart = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}
