// An OpenAI-compatible endpoint on loopback that answers as a test says: chat/completions,
// streamed, and /v1/models. Knows nothing of agents; it stands where a language model would.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as v from 'valibot';

const Text = v.nullish(
  v.union([v.string(), v.array(v.looseObject({ text: v.optional(v.string()) }))]),
);
const Call = v.object({
  id: v.string(),
  function: v.object({ name: v.string(), arguments: v.string() }),
});
const ChatMessage = v.object({
  role: v.string(),
  content: v.optional(Text),
  tool_calls: v.optional(v.array(Call)),
  tool_call_id: v.optional(v.string()),
});
export type ChatMessage = v.InferOutput<typeof ChatMessage>;

const Chat = v.object({
  model: v.string(),
  messages: v.array(ChatMessage),
  stream: v.optional(v.boolean(), false),
  tools: v.optional(v.array(v.object({ function: v.object({ name: v.string() }) })), []),
  stream_options: v.optional(v.object({ include_usage: v.optional(v.boolean()) })),
});
type Chat = v.InferOutput<typeof Chat>;

export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Names of the tools it may call; none where an agent only asks for a title or a summary. */
  readonly tools: readonly string[];
  readonly authorization: string | null;
  /** What people and tools said last. */
  readonly lastUser: string;
  /** Results of tools since the last thing a person said. */
  readonly results: readonly string[];
}

export interface SaidCall {
  readonly name: string;
  readonly args: unknown;
}

/** What the endpoint does with one request. */
export type ModelAnswer =
  | {
      readonly do: 'say';
      readonly thoughts?: string;
      readonly text?: string;
      readonly calls?: readonly SaidCall[];
      /** Sent where the request asks for usage; absent: 100 in, 20 out. null: never sent. */
      readonly usage?: { readonly input: number; readonly output: number } | null;
      readonly finish?: 'stop' | 'length' | 'tool_calls';
      /** Between two pieces, in ms. */
      readonly everyMs?: number;
      /** Characters of a piece. */
      readonly piece?: number;
      /** After so many pieces the connection breaks. */
      readonly breakAfter?: number;
    }
  | {
      readonly do: 'refuse';
      readonly status: number;
      readonly message?: string;
      readonly code?: string;
      readonly retryAfter?: string;
    }
  /** Headers, and never a word. */
  | { readonly do: 'hang' }
  /** Bytes that are no event stream. */
  | { readonly do: 'garbage' };

export interface ModelEndpoint {
  /** With /v1, as people put it into settings. */
  readonly url: string;
  readonly port: number;
  /** All chat requests so far. */
  readonly requests: readonly ModelRequest[];
  /** Requests whose sender has gone before their answer was whole. */
  readonly abandoned: () => number;
  readonly close: () => Promise<void>;
}

export interface EndpointOptions {
  readonly answer: (request: ModelRequest, n: number) => ModelAnswer;
  /** What /v1/models lists; default: one, 'stage-model'. */
  readonly models?: readonly { readonly id: string; readonly [more: string]: unknown }[];
  /** Requests with any other key are answered by 401. */
  readonly key?: string;
  /** Default: any that is free. */
  readonly port?: number;
}

const MODELS = [{ id: 'stage-model', max_model_len: 32_768 }];
const PIECE_CHARS = 12;

/** Answers in order; requests without tools (titles, summaries) are answered apart. */
export function inOrder(...answers: readonly ModelAnswer[]): EndpointOptions['answer'] {
  let next = 0;
  return (request) => {
    if (request.tools.length === 0) return { do: 'say', text: 'A short title' };
    const answer = answers[next];
    next += 1;
    return answer ?? { do: 'say', text: 'There is nothing more to say.' };
  };
}

export async function openModelEndpoint(options: EndpointOptions): Promise<ModelEndpoint> {
  const requests: ModelRequest[] = [];
  let abandoned = 0;
  const server = createServer((req, res) => {
    void respond(req, res).catch(() => res.destroy());
  });

  async function respond(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const authorization = req.headers.authorization ?? null;
    if (options.key !== undefined && authorization !== `Bearer ${options.key}`) {
      return refuse(res, { do: 'refuse', status: 401, message: 'Incorrect API key provided.' });
    }
    const path = (req.url ?? '').replace(/\?.*$/, '');
    if (path === '/v1/models') {
      return json(res, 200, { object: 'list', data: options.models ?? MODELS });
    }
    if (path !== '/v1/chat/completions') {
      return refuse(res, { do: 'refuse', status: 404, message: `Nothing at ${path}.` });
    }
    const chat = v.parse(Chat, JSON.parse(await bodyOf(req)));
    const request = requestOf(chat, authorization);
    requests.push(request);
    res.on('close', () => {
      if (!res.writableFinished) abandoned += 1;
    });
    return act(res, chat, options.answer(request, requests.length - 1));
  }

  const port = await listening(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    abandoned: () => abandoned,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

function act(res: ServerResponse, chat: Chat, answer: ModelAnswer): Promise<void> | void {
  switch (answer.do) {
    case 'refuse':
      return refuse(res, answer);
    case 'hang':
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.flushHeaders();
      return undefined;
    case 'garbage':
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.end('data: {"choices": [[[\n\n<html>no stream</html>\n\n');
      return undefined;
    case 'say':
      return chat.stream ? stream(res, chat, answer) : whole(res, chat, answer);
    default:
      return answer satisfies never;
  }
}

type Said = Extract<ModelAnswer, { do: 'say' }>;

async function stream(res: ServerResponse, chat: Chat, said: Said): Promise<void> {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (more: object): boolean =>
    res.write(`data: ${JSON.stringify({ ...ENVELOPE, model: chat.model, ...more })}\n\n`);
  for (const [n, delta] of deltasOf(said).entries()) {
    // What was said before is out when the connection breaks.
    if (n === said.breakAfter) return void res.write(':\n', () => res.destroy());
    if (res.destroyed) return;
    send({ choices: [{ index: 0, delta, finish_reason: null }] });
    await pause(said.everyMs ?? 0);
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: finishOf(said) }] });
  const usage = usageOf(said);
  if (usage !== null && chat.stream_options?.include_usage === true) send({ choices: [], usage });
  res.end('data: [DONE]\n\n');
}

function whole(res: ServerResponse, chat: Chat, said: Said): void {
  const message = {
    role: 'assistant',
    content: said.text ?? null,
    reasoning_content: said.thoughts,
    tool_calls: (said.calls ?? []).map((call, n) =>
      callPiece(call.name, n, JSON.stringify(call.args)),
    ),
  };
  json(res, 200, {
    ...ENVELOPE,
    object: 'chat.completion',
    model: chat.model,
    choices: [{ index: 0, message, finish_reason: finishOf(said) }],
    usage: usageOf(said) ?? undefined,
  });
}

const ENVELOPE = { id: 'chatcmpl-stage', object: 'chat.completion.chunk', created: 1 };
let callsMade = 0;

function callPiece(name: string, index: number, text: string): object {
  callsMade += 1;
  const id = `call_${callsMade}`;
  return { index, id, type: 'function', function: { name, arguments: text } };
}

/** As models send them: role, thoughts and text in pieces; a call's arguments in two halves. */
function deltasOf(said: Said): object[] {
  const size = said.piece ?? PIECE_CHARS;
  const deltas: object[] = [{ role: 'assistant', content: '' }];
  for (const piece of piecesOf(said.thoughts ?? '', size))
    deltas.push({ reasoning_content: piece });
  for (const piece of piecesOf(said.text ?? '', size)) deltas.push({ content: piece });
  for (const [index, call] of (said.calls ?? []).entries()) {
    const text = JSON.stringify(call.args);
    const half = Math.ceil(text.length / 2);
    deltas.push({ tool_calls: [callPiece(call.name, index, text.slice(0, half))] });
    deltas.push({ tool_calls: [{ index, function: { arguments: text.slice(half) } }] });
  }
  return deltas;
}

function piecesOf(text: string, size: number): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces;
}

function finishOf(said: Said): string {
  return said.finish ?? ((said.calls ?? []).length > 0 ? 'tool_calls' : 'stop');
}

function usageOf(said: Said): object | null {
  if (said.usage === null) return null;
  const { input, output } = said.usage ?? { input: 100, output: 20 };
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function refuse(res: ServerResponse, answer: Extract<ModelAnswer, { do: 'refuse' }>): void {
  const { status, message = 'Refused by the stage.', code = null, retryAfter } = answer;
  if (retryAfter !== undefined) res.setHeader('retry-after', retryAfter);
  json(res, status, { error: { message, type: 'stage', code } });
}

function json(res: ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(value));
}

function requestOf(chat: Chat, authorization: string | null): ModelRequest {
  const { model, messages } = chat;
  const lastUserAt = messages.findLastIndex((m) => m.role === 'user');
  return {
    model,
    messages,
    tools: chat.tools.map((tool) => tool.function.name),
    authorization,
    lastUser: textOf(messages[lastUserAt]),
    results: messages.slice(lastUserAt + 1).flatMap((m) => (m.role === 'tool' ? [textOf(m)] : [])),
  };
}

export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content ?? '';
  return typeof content === 'string' ? content : content.map((c) => c.text ?? '').join('');
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  req.setEncoding('utf8');
  let body = '';
  for await (const piece of req) body += String(piece);
  return body;
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((listens, fails) => {
    server.once('error', fails);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      listens(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function pause(ms: number): Promise<void> {
  return ms === 0
    ? Promise.resolve()
    : new Promise((passed) => {
        setTimeout(passed, ms);
      });
}
