// The local model's agent: a model behind any OpenAI-compatible endpoint, with tools for commands,
// files and a plan. Its memory of the conversation is its own and ends with the process.
import { setTimeout as after } from 'node:timers/promises';
import type { AvailableCommand, SessionConfigOption } from '@agentclientprotocol/sdk/unstable';
import { firstWords } from '../cut-words.ts';
import type { ChatAnswer, ModelTokens } from './chat-answer.ts';
import { BUILT_IN, type ModelSettings } from './launch.ts';
import { chat, ModelTrouble, type ChatMessage } from './model-endpoint.ts';
import { openModelChoice, type ModelChoice } from './model-choice.ts';
import { faultWords, seconds, type ModelFault } from './model-faults.ts';
import { carryOut } from './model-work.ts';
import { TOOL_LIST } from './model-tools.ts';
import {
  TurnFailed,
  type Conversation,
  type ServedAgent,
  type TurnOutcome,
} from './served-agent.ts';
import type { Turn } from './turn.ts';

/** Answers in one turn: past it a model goes in circles. */
const STEPS_MAX = 50;
/** Without a byte: loading a large model and reading a long prompt take minutes, in ms. */
const SILENCE_MS = 280_000;
/** What an endpoint over its limit may ask to wait, in ms: longer is for people to decide. */
const WAIT_MS_MAX = 120_000;
/** Where it does not say how long, doubled each time, in ms. */
const WAIT_MS = 2000;
const WAITS_MAX = 4;
/** Of a whole conversation, in UTF-16 units: more than the largest window takes. */
const MEMORY_CHARS_MAX = 8 * 1024 * 1024;
const TITLE_CHARS_MAX = 60;

const COMMANDS: AvailableCommand[] = [
  { name: 'find', description: 'look for Ollama, LM Studio, llama.cpp and vLLM on this computer' },
];

export function modelAgent(version: string, settings: ModelSettings): ServedAgent {
  return {
    name: BUILT_IN.model.name,
    version,
    commands: COMMANDS,
    open: async (directory) => openConversation(directory, await openModelChoice(settings)),
  };
}

function openConversation(directory: string, choice: ModelChoice): Conversation {
  const memory: ChatMessage[] = [{ role: 'system', content: instructions(directory) }];
  return {
    options: (): SessionConfigOption[] => choice.options(),
    choose: choice.choose,
    turn: async (text, turn) => {
      if (/^\/find\s*$/.test(text.trim())) return find(choice, turn);
      if (memory.length === 1) await turn.title(titleOf(text));
      const before = memory.length;
      memory.push({ role: 'user', content: text });
      try {
        await choice.ready();
        return await converse(memory, choice, turn);
      } catch (cause) {
        // What failed at once is as if it had never been asked: it can be asked again.
        if (!turn.signal.aborted && memory.length === before + 1) memory.length = before;
        else settle(memory);
        throw cause instanceof ModelTrouble ? failure(cause.fault, choice) : cause;
      }
    },
  };
}

function instructions(directory: string): string {
  return [
    `You are a coding agent in the directory ${directory} (${process.platform}).`,
    'Work with your tools: look before you change anything, change as little as is needed, and check what you did by running it.',
    'Paths are relative to that directory. People are asked before a command runs or a file changes; when they reject it, do not try the same again.',
    'For work of several steps show a plan and keep it up to date. Answer shortly, in Markdown.',
  ].join('\n');
}

/** Answers and tools in turn, until the model has said what it has to say. */
async function converse(
  memory: ChatMessage[],
  choice: ModelChoice,
  turn: Turn,
): Promise<TurnOutcome> {
  let tokens: ModelTokens | null = null;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const answer = await answered(memory, choice, turn);
    tokens = sum(tokens, answer.tokens);
    memory.push(remembered(answer));
    const { window } = choice.model();
    if (answer.tokens !== null && window !== null) {
      await turn.context(answer.tokens.input + answer.tokens.output, window, false);
    }
    if (answer.calls.length === 0) return { stop: stopOf(answer), tokens, estimated: false };
    for (const call of answer.calls) {
      const result = await carryOut(turn, call);
      memory.push({ role: 'tool', content: result, tool_call_id: call.id });
    }
  }
  return { stop: 'max_turn_requests', tokens, estimated: false };
}

/** One answer, after as many waits as an endpoint over its limit asks for. */
async function answered(
  messages: readonly ChatMessage[],
  choice: ModelChoice,
  turn: Turn,
): Promise<ChatAnswer> {
  const chars = messages.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  if (chars > MEMORY_CHARS_MAX)
    throw new ModelTrouble({ fault: 'full', detail: `${chars} characters.` });
  for (let waits = 0; ; waits += 1) {
    try {
      return await chat(choice.place(), {
        model: choice.model().id,
        messages,
        tools: TOOL_LIST,
        signal: turn.signal,
        silenceMs: SILENCE_MS,
        onPiece: async ({ text, thoughts }) => {
          if (thoughts !== '') await turn.think(thoughts);
          if (text !== '') await turn.say(text);
        },
      });
    } catch (cause) {
      const fault = cause instanceof ModelTrouble ? cause.fault : null;
      if (fault?.fault !== 'busy' || waits === WAITS_MAX) throw cause;
      const waitMs = fault.retryAfterMs ?? WAIT_MS * 2 ** waits;
      if (waitMs > WAIT_MS_MAX) throw cause;
      const { shown } = choice.place();
      const again = `Trying again in ${seconds(waitMs)}.`;
      await turn.notice('warning', `${shown} is over its limit (${fault.status}). ${again}`);
      await after(waitMs, undefined, { signal: turn.signal });
    }
  }
}

function remembered({ text, calls }: ChatAnswer): ChatMessage {
  if (calls.length === 0) return { role: 'assistant', content: text };
  const called = calls.map(({ id, name, args }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: args },
  }));
  return { role: 'assistant', content: text === '' ? null : text, tool_calls: called };
}

/** A stopped turn leaves no call without its result, and no prompt without an answer. */
function settle(memory: ChatMessage[]): void {
  const last = memory.findLastIndex((message) => message.role === 'assistant');
  const results = new Set(memory.slice(last + 1).map((message) => message.tool_call_id));
  for (const call of memory[last]?.tool_calls ?? []) {
    if (results.has(call.id)) continue;
    memory.push({ role: 'tool', content: 'It was stopped.', tool_call_id: call.id });
  }
  memory.push({ role: 'assistant', content: '(I was stopped.)' });
}

function sum(a: ModelTokens | null, b: ModelTokens | null): ModelTokens | null {
  if (a === null || b === null) return a ?? b;
  const both = (x: number | null, y: number | null): number | null =>
    x === null && y === null ? null : (x ?? 0) + (y ?? 0);
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    thought: both(a.thought, b.thought),
    cachedRead: both(a.cachedRead, b.cachedRead),
  };
}

function stopOf({ finish }: ChatAnswer): TurnOutcome['stop'] {
  if (finish === 'length') return 'max_tokens';
  return finish === 'content_filter' ? 'refusal' : 'end_turn';
}

function failure(fault: ModelFault, choice: ModelChoice): TurnFailed {
  return new TurnFailed(faultWords(fault, choice.shown()));
}

async function find(choice: ModelChoice, turn: Turn): Promise<TurnOutcome> {
  await turn.say(await choice.find(turn.signal));
  return { stop: 'end_turn', tokens: null, estimated: false };
}

function titleOf(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return firstWords(line, TITLE_CHARS_MAX);
}
