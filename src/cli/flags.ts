// The command line's arguments, read into values or into the sentence that says what is wrong.
// Knows no command's work.
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { PersonName, type Reach, type StartChoice } from '../protocol/action.ts';
import { Capability } from '../protocol/capability.ts';
import { err, ok, type Result } from '../protocol/result.ts';

export interface ShareFlags {
  /** Make an invite at once. */
  readonly share: boolean;
  readonly start: StartChoice;
  readonly signal: string | null;
  /** Null: the network where there is one, else this computer. */
  readonly reach: Reach | null;
  readonly name: string | null;
  readonly autoAdmit: readonly Capability[] | null;
  /** A command line of an agent to begin a conversation with. */
  readonly agent: string | null;
  readonly fresh: boolean;
  readonly headless: boolean;
  readonly json: boolean;
  readonly port: number | null;
  /** What stands behind `--`: a command in place of the shell. */
  readonly command: readonly string[];
}

export interface JoinFlags {
  readonly invite: string;
  readonly name: string | null;
  readonly signal: string | null;
  readonly json: boolean;
}

export interface SignalFlags {
  readonly host: string;
  readonly port: number;
  readonly behindProxy: boolean;
}

const Port = v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65535));
const AgentLine = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4096));
const Address = v.pipe(v.string(), v.regex(/^wss?:\/\/\S+$/));

export function shareFlags(args: readonly string[]): Result<ShareFlags> {
  const split = args.indexOf('--');
  const own = split === -1 ? args : args.slice(0, split);
  const command = split === -1 ? [] : args.slice(split + 1);
  const parsed = parse(own, {
    share: { type: 'boolean' },
    start: { type: 'string' },
    signal: { type: 'string' },
    lan: { type: 'boolean' },
    local: { type: 'boolean' },
    name: { type: 'string' },
    'auto-admit': { type: 'string' },
    agent: { type: 'string' },
    fresh: { type: 'boolean' },
    headless: { type: 'boolean' },
    json: { type: 'boolean' },
    port: { type: 'string' },
  });
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (positionals[0] !== undefined) return err(`What is “${positionals[0]}”?`);
  if (values.lan === true && values.local === true) return err('Either --lan or --local.');
  const start = startOf(values.start);
  if (start === null) return err('--start takes all, none, screen, or the number of a block.');
  const signal = checked(Address, values.signal, '--signal takes ws://… or wss://….');
  if (!signal.ok) return signal;
  const name = checked(PersonName, values.name, '--name takes a name of at most 40 characters.');
  if (!name.ok) return name;
  const port = checked(Port, values.port, '--port takes a number up to 65535.');
  if (!port.ok) return port;
  const agent = checked(
    AgentLine,
    values.agent,
    "--agent takes a command: --agent 'NAME ARGUMENTS'.",
  );
  if (!agent.ok) return agent;
  const autoAdmit = capabilities(values['auto-admit']);
  if (!autoAdmit.ok) return autoAdmit;
  return ok({
    share: values.share === true,
    start,
    signal: signal.value,
    reach: reachOf(values),
    name: name.value,
    autoAdmit: autoAdmit.value,
    agent: agent.value,
    fresh: values.fresh === true,
    headless: values.headless === true,
    json: values.json === true,
    port: port.value,
    command,
  });
}

export function joinFlags(args: readonly string[]): Result<JoinFlags> {
  const parsed = parse(args, {
    name: { type: 'string' },
    signal: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (positionals.length === 0) return err('meshell join CODE[@HOST[:PORT]] or a link.');
  const name = checked(PersonName, values.name, '--name takes a name of at most 40 characters.');
  if (!name.ok) return name;
  const signal = checked(Address, values.signal, '--signal takes ws://… or wss://….');
  if (!signal.ok) return signal;
  return ok({
    // A code read out may be typed with blanks between its words.
    invite: positionals.join(' '),
    name: name.value,
    signal: signal.value,
    json: values.json === true,
  });
}

export function signalFlags(args: readonly string[]): Result<SignalFlags> {
  const parsed = parse(args, {
    host: { type: 'string' },
    port: { type: 'string' },
    'behind-proxy': { type: 'boolean' },
  });
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  if (positionals[0] !== undefined) return err(`What is “${positionals[0]}”?`);
  const port = checked(Port, values.port, '--port takes a number up to 65535.');
  if (!port.ok) return port;
  return ok({
    host: values.host ?? '127.0.0.1',
    port: port.value ?? 4272,
    behindProxy: values['behind-proxy'] === true,
  });
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

function parse<const O extends Options>(args: readonly string[], options: O) {
  try {
    return ok(parseArgs({ args: [...args], options, strict: true, allowPositionals: true }));
  } catch (cause) {
    return err(cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : 'not understood');
  }
}

function checked<S extends v.GenericSchema>(
  schema: S,
  given: string | undefined,
  sentence: string,
): Result<v.InferOutput<S> | null> {
  if (given === undefined) return ok(null);
  const parsed = v.safeParse(schema, given);
  return parsed.success ? ok(parsed.output) : err(sentence);
}

function startOf(text: string | undefined): StartChoice | null {
  if (text === undefined) return { from: 'screen' };
  if (text === 'all' || text === 'none' || text === 'screen') return { from: text };
  return /^\d{1,9}$/.test(text) ? { from: 'block', block: Number(text) } : null;
}

function reachOf(values: { lan?: boolean; local?: boolean; signal?: string }): Reach | null {
  if (values.local === true) return 'local';
  if (values.lan === true) return 'lan';
  return values.signal === undefined ? null : 'signal';
}

function capabilities(text: string | undefined): Result<readonly Capability[] | null> {
  if (text === undefined) return ok(null);
  const parsed = v.safeParse(v.array(Capability), text.split(','));
  // [CL15] Whoever may do something may see it.
  return parsed.success
    ? ok([...new Set<Capability>(['view', ...parsed.output])])
    : err('--auto-admit takes capabilities with commas between them, such as view,run.');
}
