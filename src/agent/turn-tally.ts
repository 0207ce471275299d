// What a turn has used, as it is reported bit by bit: tokens counted call by call, a cost that is
// of the whole session so far. What is not reported stays null. Knows no parts.
import type { TurnUsage } from '../protocol/thread.ts';
import type { TokenCount } from './agent-event.ts';

export interface Cost {
  readonly amount: number;
  readonly currency: string;
}

/** Of the agent's session so far: nothing while it is new; 'unknown' where it was resumed without ours. */
export type CostSeen = Cost | 'nothing' | 'unknown';

export interface TurnTally {
  readonly counted: TokenCount | null;
  readonly estimated: boolean;
  /** What the prompt's answer reported: then what was counted is not asked for. */
  readonly reported: TokenCount | null;
  readonly cost: Cost | null;
}

export const NO_TALLY: TurnTally = { counted: null, estimated: false, reported: null, cost: null };

/** A currency's code; longer is none. */
const CURRENCY_CHARS_MAX = 8;

const FIELDS = ['input', 'output', 'thought', 'cachedRead', 'cachedWrite', 'total'] as const;

export function withCounted(tally: TurnTally, tokens: TokenCount, estimated: boolean): TurnTally {
  const counted = plus(tally.counted, cleanTokens(tokens));
  return { ...tally, counted, estimated: tally.estimated || estimated };
}

export function withReported(tally: TurnTally, tokens: TokenCount | null): TurnTally {
  const clean = tokens === null ? null : cleanTokens(tokens);
  return clean === null || isSilent(clean) ? tally : { ...tally, reported: clean };
}

/** [TH12] A cost is of the session so far: the turn's own is the difference. One that fell began anew. */
export function withCost(
  tally: TurnTally,
  seen: CostSeen,
  raw: Cost,
): readonly [TurnTally, CostSeen] {
  const currency = raw.currency.slice(0, CURRENCY_CHARS_MAX);
  if (!Number.isFinite(raw.amount) || raw.amount < 0) return [tally, seen];
  const now = { amount: raw.amount, currency };
  if (seen === 'unknown') return [tally, now];
  const isSame = seen !== 'nothing' && seen.currency === currency && seen.amount <= now.amount;
  const more = isSame ? now.amount - seen.amount : now.amount;
  const before = tally.cost !== null && tally.cost.currency === currency ? tally.cost.amount : 0;
  return [{ ...tally, cost: { amount: rounded(before + more), currency } }, now];
}

/** null where nothing was reported. */
export function usageOf(tally: TurnTally): TurnUsage | null {
  const tokens = tally.reported ?? tally.counted;
  if (tokens === null && tally.cost === null) return null;
  const estimated = tally.reported === null && tally.counted !== null && tally.estimated;
  return { ...(tokens ?? SILENT), cost: tally.cost, estimated };
}

const SILENT: TokenCount = {
  input: null,
  output: null,
  thought: null,
  cachedRead: null,
  cachedWrite: null,
  total: null,
};

function plus(sum: TokenCount | null, more: TokenCount): TokenCount | null {
  if (isSilent(more)) return sum;
  if (sum === null) return more;
  const all = { ...sum };
  for (const field of FIELDS) {
    const [a, b] = [sum[field], more[field]];
    all[field] = a === null ? b : b === null ? a : a + b;
  }
  return all;
}

function isSilent(tokens: TokenCount): boolean {
  return FIELDS.every((field) => tokens[field] === null);
}

function cleanTokens(tokens: TokenCount): TokenCount {
  const clean = { ...SILENT };
  for (const field of FIELDS) clean[field] = natural(tokens[field]);
  return clean;
}

function natural(count: number | null): number | null {
  if (count === null || !Number.isFinite(count) || count < 0) return null;
  return Math.min(Math.round(count), Number.MAX_SAFE_INTEGER);
}

/** Differences of decimal fractions are none: to a thousand millionth. */
function rounded(amount: number): number {
  return Math.round(amount * 1e9) / 1e9;
}
