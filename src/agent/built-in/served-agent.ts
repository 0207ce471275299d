// What the built-in agents share of ACP: initialize, sessions with their mode, one turn at a time,
// Stop. What a turn does is for whoever serves.
import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import {
  agent,
  PROTOCOL_VERSION,
  RequestError,
  type AgentApp,
  type AgentContext,
  type AvailableCommand,
  type ContentBlock,
  type PromptResponse,
  type SessionConfigOption,
  type StopReason,
} from '@agentclientprotocol/sdk/unstable';
import type { ModelTokens } from './chat-answer.ts';
import { ESTIMATED, openTurn, type Leave, type Showing, type Turn } from './turn.ts';

/** Conversations of one process: a host opens a process for each. */
const SESSIONS_MAX = 16;
const MODE = 'mode';

export interface TurnOutcome {
  readonly stop: StopReason;
  readonly tokens: ModelTokens | null;
  readonly estimated: boolean;
}

/** One conversation, as the agent that serves it sees it. */
export interface Conversation {
  /** Besides the mode. */
  readonly options: () => SessionConfigOption[];
  /** False where there is no such choice. */
  readonly choose: (option: string, value: string) => Promise<boolean>;
  /** Throws TurnFailed with a sentence, or whatever an aborted signal throws. */
  readonly turn: (text: string, turn: Turn) => Promise<TurnOutcome>;
}

export interface ServedAgent {
  readonly name: string;
  readonly version: string;
  readonly commands: AvailableCommand[];
  readonly open: (directory: string) => Promise<Conversation>;
}

/** The turn cannot go on: a sentence for people. */
export class TurnFailed extends Error {}

interface Session {
  readonly id: string;
  readonly directory: string;
  readonly conversation: Conversation;
  readonly leaves: Set<Leave>;
  actsAlone: boolean;
  /** Of the turn that runs. */
  running: AbortController | null;
  calls: number;
}

export function servedAgent(served: ServedAgent): AgentApp {
  const sessions = new Map<string, Session>();
  let showing: Showing = { notices: false, terminalOutput: false };

  function sessionOf(id: string): Session {
    const session = sessions.get(id);
    if (session === undefined) throw RequestError.sessionNotFound(id);
    return session;
  }

  return agent({ name: served.name })
    .onRequest('initialize', ({ params }) => {
      const { session, _meta: more } = params.clientCapabilities ?? {};
      showing = {
        notices: session?.notices !== undefined && session.notices !== null,
        terminalOutput: more?.['terminal_output'] === true,
      };
      return {
        protocolVersion: PROTOCOL_VERSION,
        agentInfo: { name: served.name, title: served.name, version: served.version },
        agentCapabilities: { loadSession: false },
        authMethods: [],
      };
    })
    .onRequest('session/new', async ({ params, client }) => {
      if (!isAbsolute(params.cwd)) throw RequestError.invalidParams(undefined, 'cwd is relative.');
      if (sessions.size >= SESSIONS_MAX) {
        throw new RequestError(-32603, `One process holds ${SESSIONS_MAX} conversations.`);
      }
      const session = newSession(params.cwd, await served.open(params.cwd));
      sessions.set(session.id, session);
      afterAnswer(() => tellCommands(client, session.id, served.commands));
      return { sessionId: session.id, configOptions: optionsOf(session) };
    })
    .onRequest('session/set_config_option', async ({ params }) => {
      const session = sessionOf(params.sessionId);
      const { configId, value } = params;
      if (typeof value !== 'string' || !(await choose(session, configId, value))) {
        throw RequestError.invalidParams(undefined, 'There is no such choice.');
      }
      return { configOptions: optionsOf(session) };
    })
    .onRequest('session/prompt', async ({ params, client, signal }) => {
      const session = sessionOf(params.sessionId);
      if (session.running !== null) {
        throw RequestError.invalidRequest(undefined, 'A prompt is being answered already.');
      }
      return runTurn(session, client, showing, signal, promptText(params.prompt));
    })
    .onNotification('session/cancel', ({ params }) => {
      sessions.get(params.sessionId)?.running?.abort();
    });
}

function newSession(directory: string, conversation: Conversation): Session {
  const id = randomUUID();
  const leaves = new Set<Leave>();
  return { id, directory, conversation, leaves, actsAlone: false, running: null, calls: 0 };
}

async function runTurn(
  session: Session,
  client: AgentContext,
  showing: Showing,
  requested: AbortSignal,
  text: string,
): Promise<PromptResponse> {
  const running = new AbortController();
  session.running = running;
  const signal = AbortSignal.any([running.signal, requested]);
  const { id: sessionId, directory, leaves } = session;
  const actsAlone = (): boolean => session.actsAlone;
  const nextCall = (): string => `call-${(session.calls += 1)}`;
  const stop = (): void => running.abort();
  const ways = { client, sessionId, showing, signal, stop };
  const place = { ...ways, directory, actsAlone, leaves, nextCall };
  const turn = openTurn(place);
  const options = JSON.stringify(optionsOf(session));
  try {
    const outcome = await session.conversation.turn(text, turn);
    if (JSON.stringify(optionsOf(session)) !== options) await turn.options(optionsOf(session));
    return responseOf(outcome);
  } catch (cause) {
    if (signal.aborted) return { stopReason: 'cancelled' };
    if (cause instanceof TurnFailed) throw new RequestError(-32603, cause.message);
    throw cause;
  } finally {
    session.running = null;
    await turn.close();
  }
}

function responseOf({ stop, tokens, estimated }: TurnOutcome): PromptResponse {
  if (tokens === null) return { stopReason: stop };
  const usage = {
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    thoughtTokens: tokens.thought,
    cachedReadTokens: tokens.cachedRead,
    totalTokens: tokens.input + tokens.output,
  };
  return { stopReason: stop, usage, ...(estimated ? ESTIMATED : {}) };
}

function optionsOf(session: Session): SessionConfigOption[] {
  return [
    {
      type: 'select',
      id: MODE,
      category: 'mode',
      name: 'Mode',
      currentValue: session.actsAlone ? 'act' : 'ask',
      options: [
        { value: 'ask', name: 'Ask first', description: 'Asks before it runs or changes anything' },
        { value: 'act', name: 'Act without asking', description: 'Runs and changes at once' },
      ],
    },
    ...session.conversation.options(),
  ];
}

async function choose(session: Session, option: string, value: string): Promise<boolean> {
  if (option !== MODE) return session.conversation.choose(option, value);
  if (value !== 'ask' && value !== 'act') return false;
  session.actsAlone = value === 'act';
  return true;
}

function promptText(prompt: readonly ContentBlock[]): string {
  return prompt
    .map((block) => {
      if (block.type === 'text') return block.text;
      return block.type === 'resource_link' ? block.uri.replace(/^file:\/\//, '') : '';
    })
    .filter((text) => text !== '')
    .join('\n');
}

/** A client learns of a session from the answer: what is told of it comes after. */
function afterAnswer(tell: () => Promise<void>): void {
  setImmediate(() => void tell().catch(() => undefined));
}

function tellCommands(
  client: AgentContext,
  sessionId: string,
  availableCommands: AvailableCommand[],
): Promise<void> {
  const update = { sessionUpdate: 'available_commands_update' as const, availableCommands };
  return client.notify('session/update', { sessionId, update });
}
