// What turns used, summed: per thread and person, for whoever shows it and for the limits. What was
// not reported is not 0. Knows parts; not where they lie.
import type { PublicKey } from '../protocol/ids.ts';
import type { Part, TurnUsage } from '../protocol/thread.ts';

export interface Cost {
  readonly amount: number;
  readonly currency: string;
}

/** Sums over turns. A count is null where no turn reported it, which is not 0. */
export interface UsageSum {
  readonly turns: number;
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  /** One for each currency, in the order in which they were met. */
  readonly costs: readonly Cost[];
  /** At least one of the turns was counted by characters. */
  readonly estimated: boolean;
  /** Turns that reported nothing at all. */
  readonly silent: number;
}

export const NO_USAGE: UsageSum = {
  turns: 0,
  input: null,
  output: null,
  total: null,
  costs: [],
  estimated: false,
  silent: 0,
};

/** [TH34] All tokens of a turn: as reported, else what went in and what came out; null where neither was. */
export function turnTokens(usage: TurnUsage): number | null {
  if (usage.total !== null) return usage.total;
  if (usage.input === null && usage.output === null) return null;
  return (usage.input ?? 0) + (usage.output ?? 0);
}

/** The sum with one turn more. */
export function plusTurn(sum: UsageSum, usage: TurnUsage | null): UsageSum {
  if (usage === null) return { ...sum, turns: sum.turns + 1, silent: sum.silent + 1 };
  return {
    turns: sum.turns + 1,
    input: plus(sum.input, usage.input),
    output: plus(sum.output, usage.output),
    total: plus(sum.total, turnTokens(usage)),
    costs: usage.cost === null ? sum.costs : plusCost(sum.costs, usage.cost),
    estimated: sum.estimated || usage.estimated,
    silent: sum.silent,
  };
}

/** Several sums as one. */
export function usageSum(sums: readonly UsageSum[]): UsageSum {
  return sums.reduce(
    (all, one) => ({
      turns: all.turns + one.turns,
      input: plus(all.input, one.input),
      output: plus(all.output, one.output),
      total: plus(all.total, one.total),
      costs: one.costs.reduce(plusCost, all.costs),
      estimated: all.estimated || one.estimated,
      silent: all.silent + one.silent,
    }),
    NO_USAGE,
  );
}

function plus(sum: number | null, count: number | null): number | null {
  return count === null ? sum : (sum ?? 0) + count;
}

function plusCost(costs: readonly Cost[], cost: Cost): readonly Cost[] {
  const at = costs.findIndex((one) => one.currency === cost.currency);
  if (at === -1) return [...costs, cost];
  return costs.map((one, index) => {
    return index === at ? { ...one, amount: one.amount + cost.amount } : one;
  });
}

export interface ThreadUsage {
  readonly all: UsageSum;
  /** By who prompted; the turns of an agent's history are nobody's. */
  readonly by: ReadonlyMap<PublicKey, UsageSum>;
  /** Prompts that were sent, also of a turn that runs. */
  readonly prompts: number;
  readonly promptsBy: ReadonlyMap<PublicKey, number>;
}

/** [TH34] From the prompts and ends among a thread's parts, whatever else stands between. */
export function threadUsage(parts: Iterable<Part>): ThreadUsage {
  const authors = new Map<number, PublicKey>();
  const by = new Map<PublicKey, UsageSum>();
  const promptsBy = new Map<PublicKey, number>();
  let all = NO_USAGE;
  let prompts = 0;
  for (const { turn, head } of parts) {
    if (head.kind === 'prompt') {
      prompts++;
      if (head.author !== null) {
        authors.set(turn, head.author);
        promptsBy.set(head.author, (promptsBy.get(head.author) ?? 0) + 1);
      }
    }
    if (head.kind === 'end') {
      all = plusTurn(all, head.usage);
      const author = authors.get(turn);
      if (author !== undefined) by.set(author, plusTurn(by.get(author) ?? NO_USAGE, head.usage));
    }
  }
  return { all, by, prompts, promptsBy };
}

/** From here on a model's window is so full that one should know. Parts of it. */
const NEAR_FULL = 0.8;
const FULL = 0.95;

/** [TH35] How full the model's window is. A window of unknown size is fine. */
export function contextLevel(context: {
  readonly used: number;
  readonly size: number;
}): 'fine' | 'near' | 'full' {
  if (context.size <= 0) return 'fine';
  const part = context.used / context.size;
  return part >= FULL ? 'full' : part >= NEAR_FULL ? 'near' : 'fine';
}
