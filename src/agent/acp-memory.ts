// What must be remembered of an agent from one of its ACP messages to the next: how it calls itself,
// its options and their choices. Nothing here throws.
import { actsAlone } from './acting-alone.ts';
import { choose, optionsOf, replaceConfig, type KnownOption } from './acp-options.ts';
import { field } from './acp-reading.ts';
import type { AgentEvent } from './agent-event.ts';

export interface AcpMemory {
  /** The agent's own name for itself. */
  readonly agent: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: readonly KnownOption[];
  /** Of the compaction that runs: its summary comes in pieces. */
  readonly summary: string;
}

export type AcpStep = readonly [memory: AcpMemory, events: readonly AgentEvent[]];

export function acpMemory(
  agent: string,
  env: Readonly<Record<string, string | undefined>>,
): AcpMemory {
  return { agent, env, options: [], summary: '' };
}

/** Options as the answer to `session/new`, `load` or `resume` names them. */
export function rememberSession(memory: AcpMemory, session: unknown): AcpMemory {
  const options = optionsOf({
    configOptions: field(session, 'configOptions'),
    modes: field(session, 'modes'),
    models: field(session, 'models'),
  });
  return { ...memory, options };
}

/** After an option was set: what the agent answered, or else what was asked for. */
export function rememberChoice(
  memory: AcpMemory,
  option: string,
  value: string,
  answer: unknown,
): AcpStep {
  const list = field(answer, 'configOptions');
  const options = Array.isArray(list)
    ? replaceConfig(memory.options, list)
    : choose(memory.options, (known) => known.option.id === option, value);
  return withOptions(memory, options);
}

export function isAlone(memory: AcpMemory): boolean {
  return actsAlone(
    memory.agent,
    memory.options.map((known) => known.option),
    memory.env,
  );
}

/** What it may be set to is another now. */
export function withOptions(memory: AcpMemory, options: readonly KnownOption[]): AcpStep {
  const after = { ...memory, options };
  return [
    after,
    [{ on: 'options', options: options.map((k) => k.option), actsAlone: isAlone(after) }],
  ];
}
