// A built-in agent as a real process, and a client of the library's own beside it: what the agent
// tells is kept, its questions wait until a test answers them.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  client,
  ndJsonStream,
  type ClientCapabilities,
  type NewSessionResponse,
  type PromptResponse,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
} from '@agentclientprotocol/sdk/unstable';
import { vi } from 'vitest';
import {
  builtInLaunch,
  type BuiltInKind,
  type ModelSettings,
} from '../../../src/agent/built-in/launch.ts';
import { removeFolder } from '../../remove-folder.ts';
import { commandLine } from '../../stage/command-line.ts';

const WITHIN_MS = 20_000;

export interface Question {
  readonly request: RequestPermissionRequest;
  readonly answer: (option: 'once' | 'always' | 'no') => void;
  readonly cancel: () => void;
}

export interface AgentRig {
  readonly directory: string;
  readonly pid: number;
  readonly session: NewSessionResponse;
  readonly updates: readonly SessionUpdate[];
  readonly prompt: (text: string) => Promise<PromptResponse>;
  readonly stop: () => Promise<void>;
  readonly choose: (option: string, value: string) => Promise<NewSessionResponse['configOptions']>;
  /** The next question that nobody has answered. */
  readonly question: () => Promise<Question>;
  readonly questions: () => number;
  readonly said: () => string;
  readonly thought: () => string;
  /** Output of commands, of all cards. */
  readonly output: () => string;
  /** The cards as they stand, in the order in which they came. */
  readonly cards: () => readonly CardShown[];
  readonly until: (what: () => boolean) => Promise<void>;
  readonly exited: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Its stdin ends, as when its client is gone. */
  readonly hangUp: () => void;
  /** Nobody reads what it says any more. */
  readonly turnAway: () => void;
  readonly close: () => Promise<void>;
}

export interface CardShown {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly status: string;
  readonly contents: readonly object[];
}

export interface RigOptions {
  readonly kind: BuiltInKind;
  readonly model?: ModelSettings;
  readonly capabilities?: ClientCapabilities;
  readonly env?: Readonly<Record<string, string>>;
}

export const ALL_SHOWN: ClientCapabilities = {
  session: { notices: {} },
  _meta: { terminal_output: true },
};

export async function openAgentRig(options: RigOptions): Promise<AgentRig> {
  const directory = mkdtempSync(join(tmpdir(), 'meshell-agent-'));
  const place = { node: process.execPath, cli: await commandLine() };
  const launch = builtInLaunch(options.kind, place, options.model);
  const child = spawn(launch.command, launch.args, {
    env: { ...process.env, ...launch.env, ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const { pid = -1 } = child;
  const exited = new Promise<number | null>((over) => child.once('exit', (code) => over(code)));
  const updates: SessionUpdate[] = [];
  const waiting: Question[] = [];
  let questions = 0;
  const app = client({ name: 'rig' })
    .onNotification('session/update', ({ params }) => void updates.push(params.update))
    .onRequest('session/request_permission', ({ params, signal }) => {
      questions += 1;
      return new Promise<RequestPermissionResponse>((answered) => {
        const cancel = (): void => answered({ outcome: { outcome: 'cancelled' } });
        signal.addEventListener('abort', cancel);
        waiting.push({
          request: params,
          cancel,
          answer: (optionId) => answered({ outcome: { outcome: 'selected', optionId } }),
        });
      });
    });
  const pieces = child.stdout.iterator();
  const input = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(new Uint8Array(next.value));
    },
  });
  const connection = app.connect(ndJsonStream(Writable.toWeb(child.stdin), input));
  const { agent } = connection;
  await agent.request('initialize', {
    protocolVersion: 1,
    clientCapabilities: options.capabilities ?? ALL_SHOWN,
  });
  const session = await agent.request('session/new', { cwd: directory, mcpServers: [] });
  const { sessionId } = session;
  const until = (what: () => boolean): Promise<void> =>
    vi.waitFor(
      () => {
        if (!what()) throw new Error('It has not come to pass.');
      },
      { timeout: WITHIN_MS, interval: 10 },
    );
  const textOf = (kind: SessionUpdate['sessionUpdate']): string =>
    updates
      .map((u) => (u.sessionUpdate === kind && 'content' in u ? textIn(u.content) : ''))
      .join('');
  return {
    directory,
    pid,
    session,
    updates,
    prompt: (text) =>
      agent.request('session/prompt', { sessionId, prompt: [{ type: 'text', text }] }),
    stop: () => agent.notify('session/cancel', { sessionId }),
    choose: async (configId, value) => {
      const done = await agent.request('session/set_config_option', { sessionId, configId, value });
      return done.configOptions;
    },
    question: async () => {
      await until(() => waiting.length > 0);
      const next = waiting.shift();
      if (next === undefined) throw new Error('No question waits.');
      return next;
    },
    questions: () => questions,
    said: () => textOf('agent_message_chunk'),
    thought: () => textOf('agent_thought_chunk'),
    output: () => updates.map(outputIn).join(''),
    cards: () => cardsOf(updates),
    until,
    exited,
    kill: (signal) => void process.kill(-pid, signal),
    hangUp: () => void child.stdin.end(),
    turnAway: () => void child.stdout.destroy(),
    close: async () => {
      connection.close();
      child.stdin.destroy();
      await exited;
      await removeFolder(directory);
    },
  };
}

function textIn(content: unknown): string {
  const isText = typeof content === 'object' && content !== null && 'text' in content;
  return isText && typeof content.text === 'string' ? content.text : '';
}

function outputIn(update: SessionUpdate): string {
  if (update.sessionUpdate !== 'tool_call_update') return '';
  const { _meta: more } = update;
  const output = more?.['terminal_output'];
  const isOutput = typeof output === 'object' && output !== null && 'data' in output;
  return isOutput ? String(output.data) : '';
}

function cardsOf(updates: readonly SessionUpdate[]): readonly CardShown[] {
  const cards = new Map<string, CardShown>();
  for (const update of updates) {
    if (update.sessionUpdate !== 'tool_call' && update.sessionUpdate !== 'tool_call_update')
      continue;
    const { toolCallId: id, title, kind, status, content } = update;
    const before = cards.get(id) ?? { id, title: '', kind: '', status: '', contents: [] };
    cards.set(id, {
      id,
      title: title ?? before.title,
      kind: kind ?? before.kind,
      status: status ?? before.status,
      contents: content ?? before.contents,
    });
  }
  return [...cards.values()];
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
