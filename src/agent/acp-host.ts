// Runs an agent that speaks the Agent Client Protocol (v1) over its stdin and stdout, and tells
// what it says in our own events, in the order in which it said it. Offers it neither files nor
// terminals. Decides nothing about threads, and says nothing on our own stdout or stderr.
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { client, RequestError } from '@agentclientprotocol/sdk/unstable';
import type { Clock } from '../protocol/ports.ts';
import { openWire } from './acp-wire.ts';
import { CANCELLED, openQuestions, type PermissionAnswer } from './acp-questions.ts';
import { acpUpdate } from './acp-events.ts';
import {
  acpMemory,
  isAlone,
  rememberChoice,
  rememberSession,
  type AcpMemory,
  type AcpStep,
} from './acp-memory.ts';
import { acpQuestion, acpTurnEnd } from './acp-turn.ts';
import { acpHello, failureWords, SIGN_IN_CODE, signInWays, type AcpHello } from './acp-hello.ts';
import { parseAcpMessage } from './acp-message.ts';
import { optionRequest } from './acp-options.ts';
import { field } from './acp-reading.ts';
import type { Agent, AgentEvent, AgentLaunch, OpenAgent, SignInWays } from './agent-event.ts';
import { firstWords } from './cut-words.ts';
import { openAgentProcess, plainLines, type ProcessEnd } from './agent-process.ts';
import { openJoinedSpeech } from './joined-speech.ts';
import type { SharedMoments } from './shared-moments.ts';

/** Version 1 of ACP, the only one spoken here. */
const PROTOCOL = 1;
/** From its start to its session, in ms: slow agents take 4 s, and four times that under load. */
const AGENT_START_MS = 20_000;
/** Lines that are no message, one after the other: some agents greet, none recite. */
const GARBAGE_LINES_MAX = 100;
/** Of such a line, in UTF-16 units. */
const GARBAGE_CHARS_MAX = 400;
/** Updates that came before the answer that names their session. */
const EARLY_UPDATES_MAX = 256;

export interface AcpHostPorts {
  readonly clock: Clock;
  readonly moments: SharedMoments;
  /** The sharer's own environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Of meshell, as the agent is told it. */
  readonly version: string;
  /** Shorter in tests. */
  readonly startMs?: number;
}

/** What it takes, as `initialize` says it. */
const CAPABILITIES = {
  fs: { readTextFile: false, writeTextFile: false },
  terminal: false,
  session: { notices: {}, compaction: {}, configOptions: { boolean: {} } },
  plan: {},
  auth: { terminal: true },
  _meta: { terminal_output: true },
} as const;

type Phase =
  | { readonly is: 'starting' }
  | { readonly is: 'ready'; readonly session: string; readonly ways: SignInWays }
  /** It has ended or was given up; nothing more is told. */
  | { readonly is: 'over' };

export function openAcpHost(ports: AcpHostPorts): OpenAgent {
  return (launch, tell) => openAcpAgent(ports, launch, tell);
}

function openAcpAgent(
  ports: AcpHostPorts,
  launch: AgentLaunch,
  tell: (event: AgentEvent) => void,
): Agent {
  const env = { ...ports.env, ...launch.env };
  let phase: Phase = { is: 'starting' };
  let memory: AcpMemory = acpMemory('', env);
  let early: unknown[] = [];
  let dropped = 0;
  let isReplay = false;
  let garbage: readonly string[] = [];
  const questions = openQuestions();
  const speech = openJoinedSpeech(tell);
  const say = (event: AgentEvent): void => {
    if (phase.is !== 'over') speech.tell(event);
  };
  const step = ([after, events]: AcpStep): void => {
    memory = after;
    for (const event of events) say(event);
  };

  const proc = openAgentProcess(launch, env, ports, {
    line: (text) => hear(text),
    rest: () => speech.flush(),
    flood: () => giveUp({ on: 'failed', because: 'flood', detail: '' }),
    missing: (detail) => giveUp({ on: 'failed', because: 'missing', detail }),
    ended: (how) => giveUp(endEvent(how)),
  });
  const wire = openWire((line) => proc.write(line));
  const connection = client({ name: 'meshell' })
    .onRequest('session/request_permission', raw, ({ params, signal }) => ask(params, signal))
    .onRequest('*', ({ method }) => {
      throw RequestError.methodNotFound(method);
    })
    .onNotification('*', () => undefined)
    .connect(wire.stream);
  const request = (method: string, params: object): Promise<unknown> =>
    connection.agent.request(method, params);
  const stopWaiting = ports.clock.after(ports.startMs ?? AGENT_START_MS, () => {
    const [first] = garbage;
    if (first === undefined) giveUp({ on: 'failed', because: 'silent', detail: proc.lastLines() });
    else giveUp({ on: 'failed', because: 'garbage', detail: first });
  });
  void begin().catch(refused);

  async function begin(): Promise<void> {
    const hello = acpHello(
      await request('initialize', {
        protocolVersion: PROTOCOL,
        clientCapabilities: CAPABILITIES,
        clientInfo: { name: 'meshell', title: 'meshell', version: ports.version },
      }),
    );
    if (hello === null || hello.protocol !== PROTOCOL) {
      return giveUp({ on: 'failed', because: 'tooOld', detail: `${hello?.protocol ?? ''}` });
    }
    memory = acpMemory(hello.name === '' ? launch.command : hello.name, env);
    try {
      const opened = (await revived(hello)) ?? (await anew());
      if (opened === null) {
        giveUp({ on: 'failed', because: 'refused', detail: 'no session' });
      } else ready(hello, opened);
    } catch (cause) {
      if (codeOf(cause) !== SIGN_IN_CODE) throw cause;
      giveUp({ on: 'signIn', ways: signInWays(hello, launch) });
    }
  }

  interface Opened {
    readonly session: string;
    readonly resumed: boolean;
    readonly answer: unknown;
  }

  /** The session of before, where the agent still has it. What it replays is in our transcript. */
  async function revived(hello: AcpHello): Promise<Opened | null> {
    const session = launch.resume;
    if (session === null) return null;
    isReplay = true;
    try {
      // Qwen says that it resumes, and does not know the request: then it loads.
      if (hello.canResume) {
        const resumed = await takenUp('session/resume', session);
        if (resumed !== null) return resumed;
      }
      return hello.canLoad ? await takenUp('session/load', session) : null;
    } finally {
      isReplay = false;
    }
  }

  /** null where it has forgotten, or cannot. */
  async function takenUp(method: string, session: string): Promise<Opened | null> {
    try {
      const params = { sessionId: session, cwd: launch.directory, mcpServers: [] };
      return { session, resumed: true, answer: await request(method, params) };
    } catch (cause) {
      if (phase.is === 'over' || codeOf(cause) === SIGN_IN_CODE) throw cause;
      return null;
    }
  }

  async function anew(): Promise<Opened | null> {
    const answer = await request('session/new', { cwd: launch.directory, mcpServers: [] });
    const session = field(answer, 'sessionId');
    return typeof session === 'string' ? { session, resumed: false, answer } : null;
  }

  function ready(hello: AcpHello, opened: Opened): void {
    if (phase.is === 'over') return;
    stopWaiting();
    const { session, resumed } = opened;
    phase = { is: 'ready', session, ways: signInWays(hello, launch) };
    memory = rememberSession(memory, opened.answer);
    const options = memory.options.map((known) => known.option);
    const { name, version } = hello;
    say({ on: 'ready', name, version, session, resumed, options, actsAlone: isAlone(memory) });
    for (const params of early.splice(0)) update(params);
    speech.flush();
    if (dropped > 0) say({ on: 'unknown', name: `${dropped} updates before its session` });
  }

  /** `initialize` or the session's request was answered by an error, or by the end of the process. */
  function refused(cause: unknown): void {
    if (cause instanceof RequestError) {
      giveUp({ on: 'failed', because: 'refused', detail: failureWords(cause) });
    }
  }

  function hear(line: string): Promise<void> | void {
    if (phase.is === 'over' || line.trim() === '') return;
    const message = parseAcpMessage(line);
    if (message === null || !wire.isExpected(message)) return overhear(line);
    garbage = [];
    if (message.is === 'notification' && message.message.method === 'session/update') {
      return update(message.message.params);
    }
    wire.deliver(message.message);
    // Whatever the library does with a message is done before the next one is looked at: so an
    // answer and the updates around it are told in the order in which they came.
    return turnOfTheLoop();
  }

  function overhear(line: string): void {
    garbage = [...garbage, plainLines(firstWords(line, GARBAGE_CHARS_MAX))[0] ?? ''];
    if (garbage.length < GARBAGE_LINES_MAX) return;
    giveUp({ on: 'failed', because: 'garbage', detail: garbage[0] ?? '' });
  }

  function update(params: unknown): void {
    if (isReplay && !isStanding(params)) return;
    if (phase.is === 'starting') {
      if (early.length < EARLY_UPDATES_MAX) early.push(params);
      else dropped++;
      return;
    }
    const session = field(params, 'sessionId');
    // Of another session of the same process: nobody here has asked for it.
    if (phase.is === 'over' || (typeof session === 'string' && session !== phase.session)) return;
    step(acpUpdate(memory, field(params, 'update')));
  }

  function ask(params: unknown, signal: AbortSignal): Promise<PermissionAnswer> {
    const question = acpQuestion(params);
    if (phase.is !== 'ready' || question === null) throw RequestError.invalidParams();
    const asked = questions.open();
    if (asked === null) return Promise.resolve(CANCELLED);
    const { request: number, answered } = asked;
    signal.addEventListener('abort', () => {
      if (questions.answer(number, CANCELLED)) say({ on: 'permissionGone', request: number });
    });
    say({ on: 'permission', request: number, ...question });
    return answered;
  }

  async function runTurn(session: string, ways: SignInWays, text: string): Promise<void> {
    try {
      const prompt = [{ type: 'text', text }];
      const answer = await request('session/prompt', { sessionId: session, prompt });
      for (const event of acpTurnEnd(answer)) say(event);
    } catch (cause) {
      // Anything else is the end of the process, which is told by itself.
      if (!(cause instanceof RequestError)) return;
      const failed = { on: 'turnFailed', message: failureWords(cause) } as const;
      const signIn = cause.code === SIGN_IN_CODE;
      say(signIn ? { ...failed, signIn, ways } : { ...failed, signIn });
    }
  }

  async function setOption(session: string, option: string, value: string): Promise<void> {
    const known = memory.options.find((candidate) => candidate.option.id === option);
    if (known === undefined) return;
    const { method, params } = optionRequest(known, value);
    try {
      const answer = await request(method, { sessionId: session, ...params });
      step(rememberChoice(memory, option, value, answer));
    } catch (cause) {
      if (!(cause instanceof RequestError)) return;
      say({ on: 'notice', level: 'error', text: failureWords(cause) });
    }
  }

  /** The last thing told, where anything is left to tell. */
  function giveUp(last: AgentEvent | null): void {
    stopWaiting();
    if (phase.is === 'over') return;
    if (last !== null) speech.tell(last);
    phase = { is: 'over' };
    early = [];
    questions.cancelAll();
    wire.close();
    connection.close();
    void proc.end();
  }

  function endEvent({ code, signal }: ProcessEnd): AgentEvent {
    const lastLines = proc.lastLines();
    if (phase.is === 'ready') return { on: 'exited', code, signal, lastLines };
    const words = lastLines === '' ? garbage.slice(-3).join('\n') : lastLines;
    const how = code === null ? (signal ?? '') : `code ${code}`;
    return { on: 'failed', because: 'exited', detail: words === '' ? how : `${how}\n${words}` };
  }

  return {
    prompt(text) {
      if (phase.is === 'ready') void runTurn(phase.session, phase.ways, text);
    },
    cancel() {
      if (phase.is !== 'ready') return;
      questions.cancelAll();
      void connection.agent
        .notify('session/cancel', { sessionId: phase.session })
        .catch(() => undefined);
    },
    answer(number, option) {
      questions.answer(number, { outcome: { outcome: 'selected', optionId: option } });
    },
    withdraw: (number) => void questions.answer(number, CANCELLED),
    configure(option, value) {
      if (phase.is === 'ready') void setOption(phase.session, option, value);
    },
    close() {
      giveUp(null);
      return proc.end();
    },
  };
}

const raw = (params: unknown): unknown => params;

/** What holds from then on: of a session that is taken up again all else is in our transcript. */
const STANDING: ReadonlySet<unknown> = new Set([
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
]);

function isStanding(params: unknown): boolean {
  return STANDING.has(field(params, 'update', 'sessionUpdate'));
}

function codeOf(cause: unknown): number | null {
  return cause instanceof RequestError ? cause.code : null;
}
