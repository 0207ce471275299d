// Which agents there are: built in, in the settings, in a project's own file, on PATH. Looks at
// files' names and rights, and starts nothing.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, resolve, sep } from 'node:path';
import type { AgentCard } from '../protocol/thread.ts';
import type { AgentLaunch } from './agent-event.ts';
import { launchOf, type AgentServer, type AgentServers } from './agent-servers.ts';
import {
  BUILT_IN,
  builtInLaunch,
  type BuiltInPlace,
  type ModelSettings,
} from './built-in/launch.ts';
import { KNOWN_AGENTS, type KnownAgent } from './known-agents.ts';

/** How an agent is started; its directory is the session's of that moment. */
export type AgentLine = Pick<AgentLaunch, 'command' | 'args' | 'env'>;

export interface ListedAgent {
  readonly card: AgentCard;
  readonly from: 'built-in' | 'settings' | 'project' | 'path';
  readonly state:
    | { readonly is: 'found'; readonly line: AgentLine }
    /** Its command is not there. `otherwise` is a line that would fetch it: to be shown, not run. */
    | {
        readonly is: 'notFound';
        readonly command: string;
        readonly otherwise: readonly string[] | null;
        /** The agent itself is there; what is not is what makes it speak ACP. */
        readonly lacksAdapter: boolean;
      }
    /** A project's file names it: not to be run before the person has agreed to exactly this. */
    | {
        readonly is: 'unasked';
        readonly line: AgentLine;
        readonly file: string;
        /** What agreeing is told: it stands for this file, command, arguments and variables. */
        readonly agreement: string;
      }
    /** A sentence. */
    | { readonly is: 'broken'; readonly because: string };
  /** Its command line as its file has it, variables by their names; null where nobody wrote one. */
  readonly written: readonly string[] | null;
  /** How one signs in, for people; null where that is not known. */
  readonly signIn: string | null;
}

export interface AgentSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** What relative commands are relative to. */
  readonly directory: string;
  readonly place: BuiltInPlace;
  readonly model: ModelSettings;
  readonly servers: AgentServers;
  readonly project: {
    readonly file: string;
    readonly servers: AgentServers;
    readonly agreement: (name: string, server: AgentServer) => string;
    readonly isAgreed: (agreement: string) => boolean;
  };
}

const NOTHING_ELSE = { otherwise: null, lacksAdapter: false } as const;

/**
 * The person's own, then what is found, then what comes with meshell; an id stands once. What a
 * project names has ids of its own, so that it takes nobody's place.
 */
export function listAgents(sources: AgentSources): readonly ListedAgent[] {
  const { servers, project } = sources;
  const listed = [
    ...Object.entries(servers).map(([name, server]) => own(sources, name, server)),
    ...KNOWN_AGENTS.map((agent) => knownAgent(sources, agent)),
    ...builtIn(sources),
    ...Object.entries(project.servers).map(([name, server]) => projects(sources, name, server)),
  ];
  const taken = new Set<string>();
  return listed.filter(({ card }) => {
    const isFirst = !taken.has(card.id);
    taken.add(card.id);
    return isFirst;
  });
}

function builtIn({ place, model }: AgentSources): readonly ListedAgent[] {
  return (['model', 'demo'] as const).map((kind) => ({
    card: BUILT_IN[kind],
    from: 'built-in',
    state: { is: 'found', line: builtInLaunch(kind, place, model) },
    written: null,
    signIn: null,
  }));
}

function own(sources: AgentSources, name: string, server: AgentServer): ListedAgent {
  const known = KNOWN_AGENTS.find(({ id }) => id === name);
  const head = {
    card: { id: name, name: known?.name ?? name, kind: 'agent' as const },
    from: 'settings' as const,
    written: server.command === undefined ? null : [server.command, ...server.args],
    signIn: known?.signIn ?? null,
  };
  const line = launchOf(server, sources.env, sources.home);
  if (!line.ok) return { ...head, state: { is: 'broken', because: line.fault } };
  const command = programAt(line.value.command, sources);
  if (command === null) {
    const named = server.command ?? line.value.command;
    const state = { is: 'notFound', ...NOTHING_ELSE, command: named } as const;
    return { ...head, state };
  }
  return { ...head, state: { is: 'found', line: { ...line.value, command } } };
}

function projects(sources: AgentSources, name: string, server: AgentServer): ListedAgent {
  const { file, agreement, isAgreed } = sources.project;
  const { card, state, written } = own(sources, name, server);
  const head = {
    card: { ...card, id: `project/${name}`.slice(0, 64), name },
    from: 'project' as const,
    written,
    signIn: null,
  };
  const token = agreement(name, server);
  if (state.is !== 'found' || isAgreed(token)) return { ...head, state };
  return { ...head, state: { is: 'unasked', line: state.line, file, agreement: token } };
}

function knownAgent(sources: AgentSources, known: KnownAgent): ListedAgent {
  const head = {
    card: { id: known.id, name: known.name, kind: 'agent' as const },
    from: 'path' as const,
    written: null,
    signIn: known.signIn,
  };
  const [name, ...args] = known.line;
  const command = programAt(name, sources);
  if (command !== null) {
    return { ...head, state: { is: 'found', line: { command, args, env: known.env } } };
  }
  const { otherwise } = known;
  const lacksAdapter = known.program !== null && programAt(known.program, sources) !== null;
  return { ...head, state: { is: 'notFound', command: name, otherwise, lacksAdapter } };
}

/** A program that may be run, by its path; null where there is none. */
function programAt(
  command: string,
  { env, directory }: Pick<AgentSources, 'env' | 'directory'>,
): string | null {
  if (command.includes(sep)) return runnable(resolve(directory, command));
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    // A relative folder on PATH would run what lies in a project.
    const found = isAbsolute(folder) ? runnable(resolve(folder, command)) : null;
    if (found !== null) return found;
  }
  return null;
}

function runnable(path: string): string | null {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile() ? path : null;
  } catch {
    return null;
  }
}
