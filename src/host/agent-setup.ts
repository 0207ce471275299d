// Which agents a session offers and how they are run: those that are found or built in, one named
// on the command line, and what is hidden of what any of them says.
import { homedir } from 'node:os';
import { actsAlone } from '../agent/acting-alone.ts';
import type { OpenAgent } from '../agent/agent-event.ts';
import type { AgentLine, ListedAgent } from '../agent/agent-search.ts';
import type { ConversationPorts } from '../agent/conversation-state.ts';
import type { SharedMoments } from '../agent/shared-moments.ts';
import type { Clock } from '../protocol/ports.ts';
import type { AgentCard } from '../protocol/thread.ts';
import type { AgentList } from './agent-list.ts';
import type { AgentOffer, AgentOffers } from './agent-offers.ts';
import type { SessionOptions } from './hosted-session.ts';
import { openLiveSecrets, type LiveSecrets } from './live-secrets.ts';
import { namedAgent } from './named-agent.ts';

/** The id of an agent that was named on the command line. */
export const NAMED_AGENT = 'named';
/** How long a look at settings and PATH is good for, in ms: it is asked for with each change of the roster. */
const LOOK_MS = 5000;
/** Agents whose newest word about their mode is remembered: more than anybody sets up. */
const REMEMBERED_MAX = 256;

export interface AgentSetup {
  readonly clock: Clock;
  /** The same as the agents' that `open` starts. */
  readonly moments: SharedMoments;
  readonly env: NodeJS.ProcessEnv;
  readonly open: OpenAgent;
  readonly list: AgentList;
  /** Where the process was started. */
  readonly directory: string;
  /** A command line, as a shell reads it; null where none was named. */
  readonly named: string | null;
  readonly limits: ConversationPorts['limits'];
}

/** What agents have said of their modes, by how they are started: a new conversation begins like that. */
type SaidAlone = Map<string, boolean>;

type Found = Omit<AgentOffer, 'actsAlone'>;

export function agentSetup(setup: AgentSetup): SessionOptions['agents'] {
  const { env, limits, moments } = setup;
  const secrets = openLiveSecrets(env);
  const said: SaidAlone = new Map();
  const offers = openOffers(setup, secrets, said);
  offers.in(setup.directory);
  return {
    moments,
    offers,
    open: remembering(setup.open, said),
    masking: secrets.masking(homedir()),
    secrets,
    limits,
  };
}

function openOffers(
  { clock, env, list, named }: AgentSetup,
  secrets: LiveSecrets,
  said: SaidAlone,
): AgentOffers {
  const own = namedOffer(named, secrets);
  const listeners = new Set<() => void>();
  let looked: { directory: string; at: number; found: readonly Found[] } = {
    directory: '',
    at: -Infinity,
    found: own,
  };
  let isBroken = false;

  function look(directory: string, at: number): void {
    const { agents, faults } = list.in(directory);
    const found = [...own, ...agents.flatMap(foundOf)];
    for (const { start } of found) if (start !== null) secrets.add(start.env);
    looked = { directory, at, found };
    const wasBroken = isBroken;
    isBroken = faults.length > 0;
    if (isBroken && !wasBroken) for (const tell of listeners) tell();
  }

  function isAlone({ card, start }: Found): boolean {
    if (start === null) return false;
    return (
      said.get(lineKey(start)) ?? actsAlone(namesOf(card, start), [], { ...env, ...start.env })
    );
  }

  return {
    in(directory) {
      const at = clock.monotonic();
      if (looked.directory !== directory || at - looked.at > LOOK_MS) look(directory, at);
      return looked.found.map((one) => ({ ...one, actsAlone: isAlone(one) }));
    },
    onBroken(tell) {
      listeners.add(tell);
      if (isBroken) tell();
    },
  };
}

/** An agent that was not started yet has not told its own name: what it is called and run by has it. */
function namesOf(card: AgentCard, { command, args }: AgentLine): string {
  return [card.id, card.name, command, ...args].join(' ');
}

function lineKey({ command, args, env }: AgentLine): string {
  return JSON.stringify([command, args, env]);
}

function remembering(open: OpenAgent, said: SaidAlone): OpenAgent {
  return (launch, tell) => {
    const key = lineKey(launch);
    return open(launch, (event) => {
      if (event.on === 'ready' || event.on === 'options') {
        said.delete(key);
        said.set(key, event.actsAlone);
        const [oldest] = said.keys();
        if (said.size > REMEMBERED_MAX && oldest !== undefined) said.delete(oldest);
      }
      tell(event);
    });
  };
}

/** What nobody has agreed to run is not offered to anyone. */
function foundOf({ card, state }: ListedAgent): Found[] {
  if (state.is === 'unasked') return [];
  const start = state.is === 'found' ? state.line : null;
  return [{ card, state: start === null ? 'missing' : 'found', start }];
}

function namedOffer(line: string | null, secrets: LiveSecrets): Found[] {
  if (line === null) return [];
  const { name, variables } = namedAgent(line);
  secrets.add(variables);
  const card = { id: NAMED_AGENT, name, kind: 'agent' } as const;
  const start = { command: '/bin/sh', args: ['-c', `exec ${line}`], env: {} };
  return [{ card, state: 'found', start }];
}
