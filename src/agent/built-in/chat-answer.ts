// One streamed answer of chat/completions, gathered piece by piece: text, thoughts, tool calls
// from their deltas, usage. Every server has its own way to say the same; they meet here.
import * as v from 'valibot';
import type { ModelFault } from './model-faults.ts';

/** Of one answer's text, thoughts or one call's arguments, in UTF-16 units: past it a model raves. */
export const ANSWER_CHARS_MAX = 512 * 1024;
/** Calls in one answer: more than anybody would read. */
export const ANSWER_CALLS_MAX = 32;

const Count = v.nullish(v.number());
const Words = v.nullish(v.string());
const Delta = v.object({
  content: Words,
  /** llama.cpp, LM Studio and most. */
  reasoning_content: Words,
  /** Ollama, vLLM since 0.11, routers. */
  reasoning: Words,
  tool_calls: v.nullish(
    v.array(
      v.object({
        index: Count,
        id: Words,
        function: v.nullish(v.object({ name: Words, arguments: Words })),
      }),
    ),
  ),
});
const Usage = v.object({
  prompt_tokens: v.number(),
  completion_tokens: v.number(),
  prompt_tokens_details: v.nullish(v.object({ cached_tokens: Count })),
  completion_tokens_details: v.nullish(v.object({ reasoning_tokens: Count })),
});
const Chunk = v.object({
  choices: v.nullish(v.array(v.object({ delta: v.nullish(Delta), finish_reason: Words }))),
  usage: v.nullish(Usage),
  error: v.nullish(v.union([v.string(), v.looseObject({ message: v.optional(v.string()) })])),
});
type Chunk = v.InferOutput<typeof Chunk>;

export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** JSON, if the model kept to it. */
  readonly args: string;
}

export interface ModelTokens {
  readonly input: number;
  readonly output: number;
  /** null: not reported. */
  readonly thought: number | null;
  readonly cachedRead: number | null;
}

export interface ChatAnswer {
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly ModelCall[];
  /** '' while the model has not said that it is done. */
  readonly finish: string;
  readonly tokens: ModelTokens | null;
  /** Where the text is with regard to the tags in which some models think. */
  readonly tags: { readonly phase: 'before' | 'inside' | 'after'; readonly held: string };
}

export const NO_ANSWER: ChatAnswer = {
  text: '',
  thoughts: '',
  calls: [],
  finish: '',
  tokens: null,
  tags: { phase: 'before', held: '' },
};

/** What a chunk added, to be shown. */
export interface ChatPiece {
  readonly text: string;
  readonly thoughts: string;
}

export type Gathered =
  | { readonly ok: true; readonly answer: ChatAnswer; readonly piece: ChatPiece }
  | { readonly ok: false; readonly fault: ModelFault };

/** `data` is one event's. */
export function gathered(answer: ChatAnswer, data: string): Gathered {
  const chunk = v.safeParse(Chunk, parsed(data));
  if (!chunk.success) return { ok: false, fault: { fault: 'notChat' } };
  const { error, usage } = chunk.output;
  if (error !== undefined && error !== null) {
    const detail = typeof error === 'string' ? error : (error.message ?? 'without a word.');
    return { ok: false, fault: { fault: 'said', detail } };
  }
  const choice = chunk.output.choices?.[0];
  const [tags, piece] = untagged(answer.tags, choice?.delta?.content ?? '');
  const { reasoning_content: reasoning, reasoning: other } = choice?.delta ?? {};
  const thoughts = (reasoning ?? other ?? '') + piece.thoughts;
  const next: ChatAnswer = {
    text: answer.text + piece.text,
    thoughts: answer.thoughts + thoughts,
    calls: withCalls(answer.calls, choice?.delta?.tool_calls ?? []),
    finish: choice?.finish_reason ?? answer.finish,
    tokens: usage === undefined || usage === null ? answer.tokens : tokensOf(usage),
    tags,
  };
  if (isFlood(next)) return { ok: false, fault: { fault: 'flood' } };
  return { ok: true, answer: next, piece: { text: piece.text, thoughts } };
}

/** No more comes: what was held back for a tag is none. */
export function finished(answer: ChatAnswer): { answer: ChatAnswer; piece: ChatPiece } {
  const { phase, held } = answer.tags;
  const piece = phase === 'inside' ? { text: '', thoughts: held } : { text: held, thoughts: '' };
  const text = answer.text + piece.text;
  const thoughts = answer.thoughts + piece.thoughts;
  return { answer: { ...answer, text, thoughts, tags: { phase: 'after', held: '' } }, piece };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

type CallDelta = NonNullable<v.InferOutput<typeof Delta>['tool_calls']>[number];

/** A delta belongs to the call of its index, unless it brings an id of its own. */
function withCalls(
  calls: readonly ModelCall[],
  deltas: readonly CallDelta[],
): readonly ModelCall[] {
  const next = [...calls];
  for (const delta of deltas) {
    const id = delta.id ?? '';
    const name = delta.function?.name ?? '';
    const args = delta.function?.arguments ?? '';
    const known = id === '' ? -1 : next.findIndex((call) => call.id === id);
    const last = next.length - 1;
    const at = known >= 0 ? known : Math.min(delta.index ?? last, last);
    const before = next[at];
    const isNew = before === undefined || (id !== '' && known < 0) || isBeyond(delta.index, last);
    if (isNew) next.push({ id: id === '' ? `call-${next.length}` : id, name, args });
    else next[at] = { id: before.id, name: before.name + name, args: before.args + args };
  }
  return next;
}

function isBeyond(index: number | null | undefined, last: number): boolean {
  return index !== undefined && index !== null && index > last;
}

function tokensOf(usage: NonNullable<Chunk['usage']>): ModelTokens {
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    thought: usage.completion_tokens_details?.reasoning_tokens ?? null,
    cachedRead: usage.prompt_tokens_details?.cached_tokens ?? null,
  };
}

function isFlood({ text, thoughts, calls }: ChatAnswer): boolean {
  return (
    calls.length > ANSWER_CALLS_MAX ||
    [text, thoughts, ...calls.map((call) => call.args)].some((t) => t.length > ANSWER_CHARS_MAX)
  );
}

const OPEN = '<think>';
const CLOSE = '</think>';

/** Where a server does not part thoughts from text, they stand in tags at its beginning. */
function untagged(
  tags: ChatAnswer['tags'],
  more: string,
): readonly [ChatAnswer['tags'], ChatPiece] {
  const text = tags.held + more;
  if (tags.phase === 'after') return [tags, { text, thoughts: '' }];
  if (tags.phase === 'before') {
    const begin = text.trimStart();
    if (begin.startsWith(OPEN)) {
      return untagged({ phase: 'inside', held: '' }, begin.slice(OPEN.length));
    }
    if (OPEN.startsWith(begin)) return [{ phase: 'before', held: text }, NOTHING];
    return [
      { phase: 'after', held: '' },
      { text, thoughts: '' },
    ];
  }
  const end = text.indexOf(CLOSE);
  if (end >= 0) {
    const after = text.slice(end + CLOSE.length).trimStart();
    return [
      { phase: 'after', held: '' },
      { text: after, thoughts: text.slice(0, end) },
    ];
  }
  const held = heldBack(text);
  return [
    { phase: 'inside', held },
    { text: '', thoughts: text.slice(0, text.length - held.length) },
  ];
}

const NOTHING: ChatPiece = { text: '', thoughts: '' };

/** The end of the text that may be the beginning of the closing tag. */
function heldBack(text: string): string {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1) {
    if (CLOSE.startsWith(text.slice(-length))) return text.slice(-length);
  }
  return '';
}
