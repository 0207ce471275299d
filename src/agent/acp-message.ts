// One line of an agent's output as a JSON-RPC message, or none. What is no message goes no
// further: the protocol's library would answer or log it.
import * as v from 'valibot';
import { field } from './acp-reading.ts';

/** JSON-RPC's. */
const INTERNAL_ERROR = -32603;
const Id = v.union([v.string(), v.number(), v.null()]);
const version = v.literal('2.0');
const Request = v.object({
  jsonrpc: version,
  id: Id,
  method: v.string(),
  params: v.optional(v.unknown()),
});
interface Notification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: unknown;
}
const Answer = v.object({ jsonrpc: version, id: Id, result: v.unknown() });
const Failure = v.object({
  jsonrpc: version,
  id: Id,
  // Some write no number, or nothing to read: it is an error all the same, and ends what was asked.
  error: v.fallback(
    v.object({
      code: v.fallback(v.pipe(v.number(), v.safeInteger()), INTERNAL_ERROR),
      message: v.fallback(v.string(), 'Internal error'),
      data: v.optional(v.unknown()),
    }),
    { code: INTERNAL_ERROR, message: 'Internal error' },
  ),
});

export type AcpMessage =
  | { readonly is: 'request'; readonly message: v.InferOutput<typeof Request> }
  | { readonly is: 'notification'; readonly message: Notification }
  | {
      readonly is: 'response';
      readonly message: v.InferOutput<typeof Answer> | v.InferOutput<typeof Failure>;
    };

/** null where the line is no message of JSON-RPC 2.0; a batch is none either, ACP has no batches. */
export function parseAcpMessage(line: string): AcpMessage | null {
  const raw = parseJson(line);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return null;
  if ('method' in raw) {
    const isRequest = 'id' in raw;
    if (isRequest) {
      const request = v.safeParse(Request, raw);
      return request.success ? { is: 'request', message: request.output } : null;
    }
    return notification(raw);
  }
  const failure = 'error' in raw && raw.error !== null ? v.safeParse(Failure, raw) : null;
  if (failure?.success === true) return { is: 'response', message: failure.output };
  const answer = 'result' in raw ? v.safeParse(Answer, raw) : null;
  return answer?.success === true ? { is: 'response', message: answer.output } : null;
}

/** Without a schema: an agent that streams sends one for each word. */
function notification(raw: object): AcpMessage | null {
  const [jsonrpc, method] = [field(raw, 'jsonrpc'), field(raw, 'method')];
  if (jsonrpc !== '2.0' || typeof method !== 'string') return null;
  return { is: 'notification', message: { jsonrpc, method, params: field(raw, 'params') } };
}

function parseJson(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return null;
  }
}
