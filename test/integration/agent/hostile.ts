// Runs one of the hostile agents and keeps what the host tells of it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAcpHost } from '../../../src/agent/acp-host.ts';
import type { Agent, AgentEvent } from '../../../src/agent/agent-event.ts';
import { nodeClock } from '../../../src/host/clock-node.ts';

/** A story that has not been told by then has failed. */
const DEADLINE_MS = 30_000;

export interface Told {
  readonly agent: Agent;
  readonly events: readonly AgentEvent[];
  /** The first event of this name, as soon as it is told. */
  readonly event: <N extends AgentEvent['on']>(on: N) => Promise<Extract<AgentEvent, { on: N }>>;
  /** Resolves when the answers so far hold this text. */
  readonly heard: (text: string) => Promise<void>;
  readonly answers: () => string;
}

export interface Story {
  readonly args?: readonly string[];
  readonly startMs?: number;
  readonly resume?: string;
  readonly command?: string;
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function hostile(name: string, story: Story = {}): Told {
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  const open = openAcpHost({
    clock: nodeClock,
    env: process.env,
    version: '0.0.0',
    startMs: story.startMs ?? DEADLINE_MS,
  });
  const file = fileURLToPath(new URL(`hostile-agents/${name}.mjs`, import.meta.url));
  const launch = {
    command: story.command ?? process.execPath,
    args: [file, ...(story.args ?? [])],
    env: story.env ?? {},
    directory: story.directory ?? mkdtempSync(join(tmpdir(), 'meshell-agent-')),
    resume: story.resume ?? null,
  };
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
        reject(new Error(`${name} never told ${what}: ${JSON.stringify(events).slice(0, 2000)}`));
      }, DEADLINE_MS);
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
    event: (on) => until(on, () => events.find((event) => isNamed(event, on))),
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
