// Tokens and costs, wherever agents put them: the protocol's own fields and the `_meta` of those
// that came before it. What is not there stays null.
import * as v from 'valibot';
import { field } from './acp-reading.ts';
import type { TokenCount } from './agent-event.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const count = v.fallback(v.nullish(Count, null), null);

/** ACP: `usage` of a prompt's answer. Qwen: `_meta.usage` of an empty piece of text. */
const Usage = v.object({
  inputTokens: count,
  outputTokens: count,
  thoughtTokens: count,
  cachedReadTokens: count,
  cachedWriteTokens: count,
  totalTokens: count,
});

/** Gemini and Codex: `_meta.quota` of a prompt's answer. */
const Quota = v.object({
  token_count: v.fallback(v.nullish(v.object({ input_tokens: count, output_tokens: count })), null),
});

const Cost = v.object({
  amount: v.pipe(v.number(), v.finite(), v.minValue(0)),
  currency: v.pipe(v.string(), v.minLength(1), v.maxLength(8)),
});

export function tokensOf(usage: unknown): TokenCount | null {
  if (usage === undefined) return null; // as with nearly every word
  const parsed = v.safeParse(Usage, usage);
  if (!parsed.success) return null;
  const { inputTokens, outputTokens, thoughtTokens, cachedReadTokens, cachedWriteTokens } =
    parsed.output;
  return orNothing({
    input: inputTokens,
    output: outputTokens,
    thought: thoughtTokens,
    cachedRead: cachedReadTokens,
    cachedWrite: cachedWriteTokens,
    total: parsed.output.totalTokens,
  });
}

export function tokensOfQuota(quota: unknown): TokenCount | null {
  const parsed = v.safeParse(Quota, quota);
  const counted = parsed.success ? parsed.output.token_count : null;
  if (counted === null || counted === undefined) return null;
  return orNothing({
    input: counted.input_tokens,
    output: counted.output_tokens,
    thought: null,
    cachedRead: null,
    cachedWrite: null,
    total: null,
  });
}

/** A code of three letters, or a unit such as 'credits'. */
export function costOf(cost: unknown): { amount: number; currency: string } | null {
  const parsed = v.safeParse(Cost, cost);
  return parsed.success ? parsed.output : null;
}

function orNothing(tokens: TokenCount): TokenCount | null {
  return Object.values(tokens).every((value) => value === null) ? null : tokens;
}

/** Counted by characters: our own agents say so. */
export function isEstimated(message: unknown): boolean {
  return field(message, '_meta', 'meshell', 'estimated') === true;
}
