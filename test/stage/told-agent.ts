// An agent run by the ACP host, and what is told of it, so that a test can wait for a thing to be
// said.
import { openAcpHost } from '../../src/agent/acp-host.ts';
import { openSharedMoments } from '../../src/agent/shared-moments.ts';
import type { Agent, AgentEvent, AgentLaunch } from '../../src/agent/agent-event.ts';
import { nodeClock } from '../../src/host/clock-node.ts';

/** A story that has not been told by then has failed. */
const DEADLINE_MS = 30_000;

export interface Told {
  readonly agent: Agent;
  readonly events: readonly AgentEvent[];
  /** The first event of this name, as soon as it is told; `after` so many others of all. */
  readonly event: <N extends AgentEvent['on']>(
    on: N,
    after?: number,
  ) => Promise<Extract<AgentEvent, { on: N }>>;
  /** Resolves when the answers so far hold this text. */
  readonly heard: (text: string) => Promise<void>;
  readonly answers: () => string;
}

export interface TellingOptions {
  /** For whoever reads that it did not come. */
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  readonly startMs?: number;
  readonly deadlineMs?: number;
}

export function toldAgent(launch: AgentLaunch, options: TellingOptions): Told {
  const { name, env, startMs = DEADLINE_MS, deadlineMs = DEADLINE_MS } = options;
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  const open = openAcpHost({
    clock: nodeClock,
    moments: openSharedMoments(nodeClock),
    env,
    version: '0.0.0',
    startMs,
  });
  const agent = open(launch, (event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  const answers = (): string =>
    events.map((event) => (event.on === 'answer' ? event.text : '')).join('');

  function until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(look);
        const told = JSON.stringify(events).slice(-2000);
        reject(new Error(`${name} never told ${what}: …${told}`));
      }, deadlineMs);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(late);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  }

  return {
    agent,
    events,
    answers,
    event: (on, after = 0) =>
      until(on, () => events.slice(after).find((event) => isNamed(event, on))),
    heard: async (text) => {
      await until(text, () => (answers().includes(text) ? true : undefined));
    },
  };
}

function isNamed<N extends AgentEvent['on']>(
  event: AgentEvent,
  on: N,
): event is Extract<AgentEvent, { on: N }> {
  return event.on === on;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
