// What an agent says of itself in `initialize`: name, version, what it can take up again, how one
// signs in. And the words of an error it answers with.
import * as v from 'valibot';
import { each, field, text } from './acp-reading.ts';
import type { AgentLaunch, SignInWays } from './agent-event.ts';
import { firstWords } from './cut-words.ts';

/** ACP's 'authentication required'. */
export const SIGN_IN_CODE = -32000;
/** Of an error's words: it may carry a whole page of the model's provider. */
const WORDS_CHARS_MAX = 2000;

const Hello = v.object({ protocolVersion: v.number() });
const Info = v.object({ name: text(''), title: text(''), version: text('') });
const Way = v.object({
  type: text('agent'),
  name: text(''),
  id: text(''),
  description: text(''),
  args: v.fallback(v.nullish(v.array(v.string()), []), []),
  env: v.fallback(v.nullish(v.record(v.string(), v.string()), {}), {}),
});
type Way = v.InferOutput<typeof Way>;

export interface AcpHello {
  readonly protocol: number;
  readonly name: string;
  readonly version: string;
  readonly canResume: boolean;
  readonly canLoad: boolean;
  readonly ways: readonly Way[];
}

/** null where it is no answer to `initialize`. */
export function acpHello(answer: unknown): AcpHello | null {
  const hello = v.safeParse(Hello, answer);
  if (!hello.success) return null;
  const info = v.safeParse(Info, field(answer, 'agentInfo'));
  const { name, title, version } = info.success
    ? info.output
    : { name: '', title: '', version: '' };
  const resume = field(answer, 'agentCapabilities', 'sessionCapabilities', 'resume');
  return {
    protocol: hello.output.protocolVersion,
    name: title === '' ? name : title,
    version,
    canResume: typeof resume === 'object' && resume !== null,
    canLoad: field(answer, 'agentCapabilities', 'loadSession') === true,
    ways: waysOf(field(answer, 'authMethods')),
  };
}

/** Qwen says in `_meta` what the protocol has fields for by now. */
function waysOf(methods: unknown): readonly Way[] {
  if (!Array.isArray(methods)) return [];
  return methods.flatMap((method: unknown) => {
    const meta = field(method, '_meta');
    const old = field(meta, 'type') === 'terminal' ? meta : {};
    return each(Way, [{ ...object(old), ...object(method) }]);
  });
}

function object(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/**
 * A way that is a terminal's is the agent's own command with more arguments, to be run with the
 * environment of its launch: what stands in that is not written into the command.
 */
export function signInWays(hello: AcpHello, launch: AgentLaunch): SignInWays {
  return hello.ways.map(({ type, name, id, description, args, env }) => ({
    name: name === '' ? id : name,
    description,
    command: type === 'terminal' ? terminalCommand(launch, args, env) : null,
  }));
}

/** Its message, and what it says more in `data`. */
export function failureWords(error: { readonly message: string; readonly data?: unknown }): string {
  const { message, data } = error;
  const more = typeof data === 'string' ? data : detailOf(message, data);
  const words = more === '' || message.includes(more) ? message : `${message}: ${more}`;
  return firstWords(words, WORDS_CHARS_MAX);
}

function detailOf(message: string, data: unknown): string {
  for (const name of ['message', 'details', 'detail', 'error', 'reason']) {
    const found = field(data, name);
    if (typeof found === 'string') return found;
  }
  // Only where the message says nothing: it is for programs.
  const says = !/^internal error$/i.test(message);
  return says || typeof data !== 'object' || data === null ? '' : JSON.stringify(data);
}

function terminalCommand(
  launch: AgentLaunch,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const command = [launch.command, ...launch.args, ...args];
  return variables.length === 0 ? command : ['env', ...variables, ...command];
}
