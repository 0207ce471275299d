// Which agents a session offers and how they are run: those that are found or built in, one named
// on the command line, and what is hidden of what any of them says.
import { homedir } from 'node:os';
import { openAcpHost } from '../agent/acp-host.ts';
import type { ListedAgent } from '../agent/agent-search.ts';
import type { ConversationPorts } from '../agent/conversation-state.ts';
import { openMasking, secretsOf } from '../agent/masking.ts';
import type { Clock } from '../protocol/ports.ts';
import type { AgentList } from './agent-list.ts';
import type { AgentOffer, AgentOffers } from './agent-offers.ts';
import type { SessionOptions } from './hosted-session.ts';

/** The id of an agent that was named on the command line. */
export const NAMED_AGENT = 'named';
/** How long a look at settings and PATH is good for, in ms: it is asked for with each change of the roster. */
const LOOK_MS = 5000;

export interface AgentSetup {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  readonly list: AgentList;
  /** Where the process was started. */
  readonly directory: string;
  /** A command line, as a shell reads it; null where none was named. */
  readonly named: string | null;
  readonly limits: ConversationPorts['limits'];
}

export function agentSetup(setup: AgentSetup): SessionOptions['agents'] {
  const { clock, env, version, limits } = setup;
  const offers = openOffers(setup);
  const started = offers
    .in(setup.directory)
    .flatMap(({ start }) => (start === null ? [] : [start.env]));
  return {
    offers,
    open: openAcpHost({ clock, env, version }),
    masking: openMasking({
      secrets: [env, ...started].flatMap((variables) => secretsOf(variables)),
      home: homedir(),
    }),
    limits,
  };
}

function openOffers({ clock, list, named }: AgentSetup): AgentOffers {
  const own = namedOffer(named);
  let looked = { directory: '', at: -Infinity, offers: own };
  return {
    in(directory) {
      const at = clock.monotonic();
      if (looked.directory !== directory || at - looked.at > LOOK_MS) {
        const found = list.in(directory).agents.flatMap(offerOf);
        looked = { directory, at, offers: [...own, ...found] };
      }
      return looked.offers;
    },
  };
}

/** What nobody has agreed to run is not offered to anyone. */
function offerOf({ card, state }: ListedAgent): AgentOffer[] {
  if (state.is === 'unasked') return [];
  const start = state.is === 'found' ? state.line : null;
  return [{ card, state: start === null ? 'missing' : 'found', actsAlone: false, start }];
}

function namedOffer(line: string | null): AgentOffer[] {
  if (line === null) return [];
  const card = { id: NAMED_AGENT, name: line.slice(0, 128), kind: 'agent' } as const;
  const start = { command: '/bin/sh', args: ['-c', `exec ${line}`], env: {} };
  return [{ card, state: 'found', actsAlone: false, start }];
}
