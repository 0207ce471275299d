// One OpenAI-compatible endpoint: its models, one streamed answer. Every way it fails is a
// ModelTrouble; what is said about it never holds the key.
import { createParser } from 'eventsource-parser';
import * as v from 'valibot';
import { finished, gathered, NO_ANSWER, type ChatAnswer, type ChatPiece } from './chat-answer.ts';
import type { ModelSettings } from './launch.ts';
import { refusalFault, type ModelFault } from './model-faults.ts';

/** One event, in UTF-16 units: an answer's largest piece with its envelope. */
const EVENT_CHARS_MAX = 1024 * 1024;
/** A refusal or a list of models, in UTF-16 units: past it nobody reads on. */
const BODY_CHARS_MAX = 1024 * 1024;

export class ModelTrouble extends Error {
  readonly fault: ModelFault;
  constructor(fault: ModelFault) {
    super(fault.fault);
    this.fault = fault;
  }
}

export interface ModelPlace {
  /** Ends before /chat/completions, without a slash. */
  readonly base: string;
  /** For people: without a name, a password or a query that may be in it. */
  readonly shown: string;
  readonly key: string | null;
}

export interface ModelInfo {
  readonly id: string;
  /** Of its window, in tokens, where the endpoint says so. */
  readonly window: number | null;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: 'function';
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

export interface ChatOrder {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly object[];
  readonly signal: AbortSignal;
  /** Without a byte for so long it is given up. */
  readonly silenceMs: number;
  readonly onPiece: (piece: ChatPiece) => Promise<void>;
}

/** `http://host` means `http://host/v1`, as most people put it. */
export function modelPlace({ url, key }: ModelSettings): ModelPlace {
  if (url === undefined) throw new ModelTrouble({ fault: 'noEndpoint' });
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new ModelTrouble({ fault: 'badUrl' });
  }
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  const base = `${parsed.origin}${path === '' ? '/v1' : path}`;
  return { base, shown: base, key: key ?? null };
}

const Models = v.object({
  data: v.array(
    v.looseObject({
      id: v.string(),
      max_model_len: v.nullish(v.number()),
      context_length: v.nullish(v.number()),
    }),
  ),
});

export async function listModels(place: ModelPlace, signal: AbortSignal): Promise<ModelInfo[]> {
  const response = await reached(place, '/models', { headers: headers(place), signal });
  const body = await bodyOf(response);
  if (!response.ok) throw new ModelTrouble(refused(response, body, ''));
  const models = v.safeParse(Models, jsonOf(body));
  if (!models.success) throw new ModelTrouble({ fault: 'notChat' });
  return models.output.data.map((model) => ({
    id: model.id,
    window: model.max_model_len ?? model.context_length ?? null,
  }));
}

export async function chat(place: ModelPlace, order: ChatOrder): Promise<ChatAnswer> {
  const silence = openSilence(order.silenceMs);
  const signal = AbortSignal.any([order.signal, silence.signal]);
  const { model, messages, tools } = order;
  const body = JSON.stringify({
    model,
    messages,
    tools,
    stream: true,
    stream_options: { include_usage: true },
  });
  try {
    const init = { method: 'POST', headers: headers(place), body, signal };
    const response = await reached(place, '/chat/completions', init);
    if (!response.ok) throw new ModelTrouble(refused(response, await bodyOf(response), model));
    return await answerOf(response, order, silence.heard);
  } catch (cause) {
    if (order.signal.aborted) throw cause;
    if (!silence.signal.aborted) throw cause;
    throw new ModelTrouble({ fault: 'silent', seconds: Math.round(order.silenceMs / 1000) });
  } finally {
    silence.close();
  }
}

async function answerOf(
  response: Response,
  order: ChatOrder,
  heard: () => void,
): Promise<ChatAnswer> {
  const reading = openReading();
  for await (const text of textsOf(response, order.signal)) {
    heard();
    for (const piece of reading.feed(text)) await order.onPiece(piece);
    if (reading.isDone()) break;
  }
  const { answer, piece } = finished(reading.answer());
  await order.onPiece(piece);
  return answer;
}

/** From an event stream's text to the answer. */
function openReading() {
  let answer = NO_ANSWER;
  let isDone = false;
  const pieces: ChatPiece[] = [];
  const troubles: ModelFault[] = [];
  const parser = createParser({
    maxBufferSize: EVENT_CHARS_MAX,
    onEvent: ({ data }) => {
      isDone ||= data === '[DONE]';
      if (isDone || troubles.length > 0) return;
      const next = gathered(answer, data);
      if (next.ok) {
        answer = next.answer;
        pieces.push(next.piece);
      } else troubles.push(next.fault);
    },
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') troubles.push({ fault: 'flood' });
    },
  });
  return {
    feed: (text: string): ChatPiece[] => {
      parser.feed(text);
      const [trouble] = troubles;
      if (trouble !== undefined) throw new ModelTrouble(trouble);
      return pieces.splice(0);
    },
    isDone: () => isDone,
    answer: (): ChatAnswer => {
      if (isDone || answer.finish !== '') return answer;
      throw new ModelTrouble({ fault: answer === NO_ANSWER ? 'notChat' : 'broken' });
    },
  };
}

async function* textsOf(response: Response, signal: AbortSignal): AsyncGenerator<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const next = await reader?.read();
      if (next === undefined || next.done) return;
      yield decoder.decode(next.value, { stream: true });
    }
  } catch (cause) {
    if (signal.aborted || isAbort(cause)) throw cause;
    throw new ModelTrouble({ fault: 'broken' });
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

async function reached(place: ModelPlace, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${place.base}${path}`, init);
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    throw new ModelTrouble({ fault: 'gone', detail: reasonOf(cause) });
  }
}

function isAbort(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'AbortError';
}

/** fetch says 'fetch failed' and keeps what happened in its cause. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && cause.name === 'TimeoutError') return 'no answer in time';
  const inner = cause instanceof Error ? cause.cause : undefined;
  if (inner instanceof Error && 'code' in inner) return String(inner.code);
  return inner instanceof Error ? inner.message : 'no connection';
}

function headers(place: ModelPlace): Record<string, string> {
  const authorization = place.key === null ? {} : { authorization: `Bearer ${place.key}` };
  return {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json',
    ...authorization,
  };
}

function refused(response: Response, body: string, model: string): ModelFault {
  const retryAfter = response.headers.get('retry-after');
  return refusalFault({ status: response.status, body, retryAfter, model }, Date.now());
}

async function bodyOf(response: Response): Promise<string> {
  let body = '';
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const next = await reader?.read().catch(() => undefined);
    if (next === undefined || next.done || body.length > BODY_CHARS_MAX) break;
    body += decoder.decode(next.value, { stream: true });
  }
  await reader?.cancel().catch(() => undefined);
  return body;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function openSilence(ms: number) {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer = setTimeout(abort, ms);
  return {
    signal: controller.signal,
    heard: (): void => {
      clearTimeout(timer);
      timer = setTimeout(abort, ms);
    },
    close: (): void => clearTimeout(timer),
  };
}
