// What can go wrong between the local model's agent and its endpoint, and the sentence for each.
// Knows no sockets.
import * as v from 'valibot';
import { firstWords } from '../cut-words.ts';

/** Of what an endpoint says about its refusal, in UTF-16 units. */
const DETAIL_CHARS_MAX = 300;

export type ModelFault =
  | { readonly fault: 'noEndpoint' }
  | { readonly fault: 'badUrl' }
  /** Nobody listens there (any more), or the name is unknown. */
  | { readonly fault: 'gone'; readonly detail: string }
  | { readonly fault: 'silent'; readonly seconds: number }
  | { readonly fault: 'key'; readonly status: number }
  | { readonly fault: 'noModel'; readonly model: string }
  /** There is none to choose. */
  | { readonly fault: 'noModels' }
  /** Over its limit: null where it does not say how long. */
  | { readonly fault: 'busy'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly fault: 'full'; readonly detail: string }
  | { readonly fault: 'noTools'; readonly model: string }
  | { readonly fault: 'status'; readonly status: number; readonly detail: string }
  /** The answer broke off. */
  | { readonly fault: 'broken' }
  | { readonly fault: 'notChat' }
  | { readonly fault: 'flood' }
  /** An error in the middle of the answer. */
  | { readonly fault: 'said'; readonly detail: string };

/** `place` is the endpoint's address without what is secret in it. */
export function faultWords(fault: ModelFault, place: string): string {
  switch (fault.fault) {
    case 'noEndpoint':
      return 'No model’s endpoint is set. Say /find to look for one on this computer, or put its address into the settings: "local_model": {"url": "http://…/v1"}.';
    case 'badUrl':
      return 'The address of the model’s endpoint is none: it begins with http:// or https://.';
    case 'gone':
      return `Nothing answers at ${place} (${fault.detail}). Is the model’s server running?`;
    case 'silent':
      return `${place} has said nothing for ${fault.seconds} s.`;
    case 'key':
      return `${place} does not take the key (${fault.status}). Put the right one into the settings: "local_model": {"key": "…"}.`;
    case 'noModel':
      return `${place} has no model “${fault.model}”. Choose another one.`;
    case 'noModels':
      return `${place} offers no model. Load one there, or name it in the settings: "local_model": {"name": "…"}.`;
    case 'busy':
      return fault.retryAfterMs === null
        ? `${place} is over its limit (${fault.status}) and does not say for how long.`
        : `${place} is over its limit (${fault.status}) for another ${seconds(fault.retryAfterMs)}.`;
    case 'full':
      return `The conversation no longer fits the model’s window: begin a new one. ${place} says: ${fault.detail}`;
    case 'noTools':
      return `“${fault.model}” cannot call tools: choose a model that can.`;
    case 'status':
      return `${place} refused (${fault.status}): ${fault.detail}`;
    case 'broken':
      return `The answer from ${place} broke off.`;
    case 'notChat':
      return `${place} answers, but not as an OpenAI-compatible endpoint does.`;
    case 'flood':
      return `${place} sent more than an answer can be. It was ended.`;
    case 'said':
      return `${place} ended its answer with an error: ${fault.detail}`;
    default:
      return fault satisfies never;
  }
}

export function seconds(ms: number): string {
  const whole = Math.ceil(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.ceil(whole / 60)} minutes`;
}

export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** The header, as it came. */
  readonly retryAfter: string | null;
  readonly model: string;
}

const FULL =
  /context.{0,20}(length|size|window)|maximum context|context_length|too many tokens|n_ctx/i;
const NO_TOOLS = /(does not|doesn.t) support (tools|function)/i;

/** `now` is for a Retry-After that is a date. */
export function refusalFault(refusal: Refusal, now: number): ModelFault {
  const { status, model } = refusal;
  const detail = detailOf(refusal.body);
  // What is said of a key may hold a part of it.
  if (status === 401 || status === 403) return { fault: 'key', status };
  if (status === 429 || status === 503) {
    return { fault: 'busy', status, retryAfterMs: retryAfterMs(refusal.retryAfter, now) };
  }
  if (FULL.test(detail)) return { fault: 'full', detail };
  if (NO_TOOLS.test(detail)) return { fault: 'noTools', model };
  if (status === 404 && /model/i.test(detail)) return { fault: 'noModel', model };
  if (status === 404) return { fault: 'notChat' };
  return { fault: 'status', status, detail };
}

/** A Retry-After is seconds or a date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+(\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header) * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(at - now, 0);
}

const ErrorBody = v.object({
  error: v.union([v.string(), v.looseObject({ message: v.string() })]),
});

function detailOf(body: string): string {
  const text = messageIn(body) ?? body.trim();
  if (text === '') return 'without a word.';
  return firstWords(text, DETAIL_CHARS_MAX);
}

function messageIn(body: string): string | null {
  try {
    const parsed = v.safeParse(ErrorBody, JSON.parse(body));
    if (!parsed.success) return null;
    const { error } = parsed.output;
    return typeof error === 'string' ? error : error.message;
  } catch {
    return null;
  }
}
