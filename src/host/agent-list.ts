// The agents of this person in this directory, as they stand in the settings, in a project's own
// file and on PATH at this moment; and which of a project's the person has agreed to.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { listAgents, type ListedAgent } from '../agent/agent-search.ts';
import type { AgentServer } from '../agent/agent-servers.ts';
import type { BuiltInPlace } from '../agent/built-in/launch.ts';
import type { Paths } from './paths.ts';
import { readSettings, readSettingsFile, type Settings } from './settings.ts';

/** In a project, at its top. */
const PROJECT_FILE = '.meshell.json';
const AGREED_FILE = 'agreed-agents.json';
/** Agreements kept: past it the oldest are asked for again. */
const AGREED_MAX = 500;

const Agreed = v.pipe(v.array(v.string()), v.maxLength(AGREED_MAX));

export interface AgentsHere {
  readonly agents: readonly ListedAgent[];
  /** Sentences: settings files that cannot be read, and where. As they last read, or left out. */
  readonly faults: readonly string[];
}

export interface AgentList {
  readonly in: (directory: string) => AgentsHere;
  /** The person agrees to a project's agent: to what the listed one's `agreement` stands for. */
  readonly agree: (agreement: string) => void;
}

export function openAgentList(
  { config, data }: Paths,
  env: NodeJS.ProcessEnv,
  place: BuiltInPlace,
): AgentList {
  const agreements = openAgreements(join(data, AGREED_FILE));
  let mine: Settings = {};
  return {
    in(directory) {
      const settings = readSettings(config);
      const file = join(topOf(directory) ?? directory, PROJECT_FILE);
      const project = readSettingsFile(file);
      // While someone edits the file no other agent takes the place of one that stands in it.
      if (settings.ok) mine = settings.value;
      const agents = listAgents({
        env,
        home: homedir(),
        directory,
        place,
        model: mine.local_model ?? {},
        servers: mine.agent_servers ?? {},
        project: {
          file,
          servers: project.ok ? (project.value.agent_servers ?? {}) : {},
          agreement: (name, server) => agreementOf(file, name, server),
          isAgreed: (agreement) => agreements.has(agreement),
        },
      });
      const faults = [settings, project].flatMap((read) => (read.ok ? [] : [read.fault]));
      return { agents, faults };
    },
    agree: (agreement) => agreements.add(agreement),
  };
}

/** The top of the checkout that the directory is in. */
function topOf(directory: string): string | null {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (isThere(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** What may not be looked at, or has too long a name, is nothing for us. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** Of exactly this: another file, command, argument or variable is asked for again. */
function agreementOf(file: string, name: string, server: AgentServer): string {
  const { command, args, env } = server;
  const variables = Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const said = JSON.stringify([file, name, command, args, variables]);
  return createHash('sha256').update(said).digest('hex');
}

function openAgreements(file: string) {
  const read = (): readonly string[] => {
    try {
      const raw: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const parsed = v.safeParse(Agreed, raw);
      return parsed.success ? parsed.output : [];
    } catch {
      return []; // none yet, or none that can be read: everything is asked for again
    }
  };
  return {
    has: (hash: string): boolean => read().includes(hash),
    add(hash: string): void {
      const kept = [...read().filter((other) => other !== hash), hash].slice(-AGREED_MAX);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
