// A rate as a token bucket: whole at first, spent by use, filled by time. Knows no clock.
import type { Rate } from './limits.ts';

export interface Budget {
  readonly left: number;
  /** When `left` was right, in ms. */
  readonly at: number;
}

export function fullBudget(rate: Rate, at: number): Budget {
  return { left: rate.burst, at };
}

/** What is left after spending `cost`; `undefined` when there is not as much. */
export function spend(budget: Budget, rate: Rate, cost: number, at: number): Budget | undefined {
  const left = leftAt(budget, rate, at) - cost;
  return left < 0 ? undefined : { left, at };
}

/** Nothing of it is remembered any more. */
export function isFull(budget: Budget, rate: Rate, at: number): boolean {
  return leftAt(budget, rate, at) >= rate.burst;
}

function leftAt(budget: Budget, rate: Rate, at: number): number {
  const passedMs = Math.max(0, at - budget.at);
  return Math.min(rate.burst, budget.left + (passedMs * rate.perSecond) / 1000);
}
