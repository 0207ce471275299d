// Which agents a session offers and how they are run: those built in, one named on the command
// line, and what is hidden of what any of them says.
import { homedir } from 'node:os';
import { openAcpHost } from '../agent/acp-host.ts';
import { BUILT_IN, builtInLaunch, type ModelSettings } from '../agent/built-in/launch.ts';
import type { ConversationPorts } from '../agent/conversation-state.ts';
import { openMasking, secretsOf } from '../agent/masking.ts';
import type { Clock } from '../protocol/ports.ts';
import type { AgentOffer } from './agent-offers.ts';
import type { SessionOptions } from './hosted-session.ts';

/** The id of an agent that was named on the command line. */
export const NAMED_AGENT = 'named';

export interface AgentSetup {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** The command line's own file: the built-in agents are commands of it. */
  readonly cli: string;
  /** A command line, as a shell reads it; null where none was named. */
  readonly named: string | null;
  readonly model: ModelSettings;
  readonly limits: ConversationPorts['limits'];
}

export function agentSetup(setup: AgentSetup): SessionOptions['agents'] {
  const { clock, env, version, limits } = setup;
  const offers = [...named(setup.named), ...builtIn(setup)];
  const environments = [env, ...offers.flatMap(({ start }) => (start === null ? [] : [start.env]))];
  return {
    offers: { list: () => offers },
    open: openAcpHost({ clock, env, version }),
    masking: openMasking({
      secrets: environments.flatMap((variables) => secretsOf(variables)),
      home: homedir(),
    }),
    limits,
  };
}

function named(line: string | null): AgentOffer[] {
  if (line === null) return [];
  const card = { id: NAMED_AGENT, name: line.slice(0, 128), kind: 'agent' } as const;
  const start = { command: '/bin/sh', args: ['-c', `exec ${line}`], env: {} };
  return [{ card, state: 'found', actsAlone: false, start }];
}

function builtIn({ cli, model }: AgentSetup): AgentOffer[] {
  const place = { node: process.execPath, cli };
  return [
    {
      card: BUILT_IN.demo,
      state: 'found',
      actsAlone: false,
      start: builtInLaunch('demo', place),
    },
    {
      card: BUILT_IN.model,
      state: 'found',
      actsAlone: false,
      start: builtInLaunch('model', place, model),
    },
  ];
}
