// The settings file: JSON with comments, read when it is needed. A broken file is a fault with
// its place, never a silent default. What is written into it leaves the person's comments alone.
import { mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import {
  findNodeAtLocation,
  parse,
  parseTree,
  printParseErrorCode,
  type ParseError,
} from 'jsonc-parser';
import * as v from 'valibot';
import { AgentServers, type AgentServer } from '../agent/agent-servers.ts';
import { PersonName } from '../protocol/action.ts';
import { err, ok, type Result } from '../protocol/result.ts';
import { withoutValue, withValue } from './settings-text.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const AgentLimits = v.object({
  prompts: v.optional(v.nullable(Count), null),
  tokens: v.optional(v.nullable(Count), null),
  cost: v.optional(
    v.nullable(
      v.object({
        amount: v.pipe(v.number(), v.minValue(0)),
        currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
      }),
    ),
    null,
  ),
});

const IceServer = v.object({
  urls: v.pipe(
    v.string(),
    v.regex(/^(?:stuns?:[\w.[\]:-]+|turns?:[\w.[\]:-]+(?:\?transport=(?:udp|tcp))?)$/),
  ),
  username: v.optional(v.string()),
  credential: v.optional(v.string()),
});
/** A relay wants to know who asks: TURN without a name and a password is a mistake. */
const IceServers = v.array(
  v.pipe(
    IceServer,
    v.check(
      (one) =>
        one.urls.startsWith('stun') || (one.username !== undefined && one.credential !== undefined),
    ),
    v.transform(({ urls, username, credential }) => ({
      urls,
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    })),
  ),
);

const Settings = v.object({
  name: v.optional(PersonName),
  /** ws:// or wss:// address of a signaling service. */
  signal: v.optional(v.pipe(v.string(), v.regex(/^wss?:\/\//))),
  /** Asked for one's own address on the way through a service; [] asks nobody. */
  ice_servers: v.optional(IceServers),
  shell: v.optional(v.string()),
  agent_servers: v.optional(AgentServers),
  /** What one person, or one conversation, may use of agents. */
  agent_limits: v.optional(
    v.object({ person: v.optional(AgentLimits), thread: v.optional(AgentLimits) }),
  ),
  /** Where a language model listens: an OpenAI-compatible endpoint. */
  local_model: v.optional(
    v.object({
      url: v.optional(v.pipe(v.string(), v.regex(/^https?:\/\//))),
      key: v.optional(v.string()),
      name: v.optional(v.string()),
    }),
  ),
});
export type Settings = v.InferOutput<typeof Settings>;

const SETTINGS_FILE = 'settings.json';

/** What each setting takes, for whoever wrote something else. */
const TAKES: { readonly [N in keyof Settings]-?: string } = {
  name: 'takes a name of at most 40 characters',
  signal: 'takes an address, ws://… or wss://…',
  ice_servers:
    'takes a list of {"urls": "stun:HOST:PORT"} and {"urls": "turn:HOST:PORT", "username": "…", "credential": "…"}',
  shell: 'takes the path of a shell',
  agent_servers: 'takes names with {"command": "…", "args": ["…"], "env": {"…": "…"}}',
  agent_limits:
    'takes {"person": {"prompts": …, "tokens": …, "cost": {"amount": …, "currency": "USD"}}, "thread": {…}}',
  local_model: 'takes {"url": "http://…/v1", "key": "…", "name": "…"}',
};

const MISSING: Readonly<Record<string, string>> = {
  CommaExpected: 'a comma is missing here',
  ColonExpected: 'a colon is missing here',
  PropertyNameExpected: 'a name in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  CloseBraceExpected: 'a } is missing here',
  CloseBracketExpected: 'a ] is missing here',
  EndOfFileExpected: 'the file should end here',
  UnexpectedEndOfString: 'a text has no closing quote',
  UnexpectedEndOfComment: 'a comment has no end',
};

/** The settings, or a sentence that says what is wrong and where. */
export function readSettings(configFolder: string): Result<Settings> {
  return readSettingsFile(join(configFolder, SETTINGS_FILE));
}

/** The same from a file of any name; one that is not there sets nothing. */
export function readSettingsFile(file: string): Result<Settings> {
  const text = textOf(file);
  return text === null ? ok({}) : parseSettings(file, text);
}

/**
 * Puts an agent into the file, or takes it out (null), and leaves everything else as it is,
 * comments too. The file and its folder are made where there are none.
 */
export function writeAgentServer(
  configFolder: string,
  name: string,
  server: AgentServer | null,
): Result<string> {
  const file = throughLinks(join(configFolder, SETTINGS_FILE));
  const before = textOf(file) ?? '{}\n';
  const read = parseSettings(file, before);
  if (!read.ok) return read;
  const path = ['agent_servers', name];
  const after = server === null ? withoutValue(before, path) : withValue(before, path, server);
  const checked = parseSettings(file, after);
  if (!checked.ok) return checked;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // It may hold keys; a reader never sees half of it.
    writeFileSync(`${file}.new`, after, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (cause) {
    return err(`${file} cannot be written: ${cause instanceof Error ? cause.message : ''}`);
  }
  return ok(file);
}

/** A settings file kept elsewhere and linked here is changed where it is. */
function throughLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function parseSettings(file: string, text: string): Result<Settings> {
  const at = (offset: number): string =>
    `${file}, line ${text.slice(0, offset).split('\n').length}`;
  const errors: ParseError[] = [];
  const raw: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    const code = printParseErrorCode(first.error);
    return err(`${at(first.offset)}: ${MISSING[code] ?? 'this is not JSON'}.`);
  }
  const parsed = v.safeParse(Settings, raw ?? {});
  if (parsed.success) return ok(parsed.output);
  const path = (parsed.issues[0].path ?? []).flatMap(({ key }) =>
    typeof key === 'string' || typeof key === 'number' ? [key] : [],
  );
  const [name] = path;
  if (name === undefined) return err(`${at(0)}: the settings stand between { and }.`);
  const tree = parseTree(text);
  const node =
    tree === undefined
      ? undefined
      : (findNodeAtLocation(tree, path) ?? findNodeAtLocation(tree, [name]));
  return err(`${at(node?.offset ?? 0)}: “${name}” ${takes(`${name}`)}.`);
}

function takes(name: string): string {
  for (const [known, words] of Object.entries(TAKES)) if (known === name) return words;
  return 'is not what belongs here';
}

/** How the sharer is called where it has not said: by its login, or plainly. */
export function defaultName(): string {
  try {
    const parsed = v.safeParse(PersonName, userInfo().username);
    return parsed.success ? parsed.output : 'Sharer';
  } catch {
    return 'Sharer';
  }
}
