// `agent_servers`, as people have it for Zed and JetBrains: names with commands. Reads it and
// puts values into it; knows neither files nor processes.
import * as v from 'valibot';
import { err, ok, type Result } from '../protocol/result.ts';
import type { AgentLaunch } from './agent-event.ts';

/** Agents in one file: a list that people choose from. */
const SERVERS_MAX = 64;

const Word = v.pipe(v.string(), v.maxLength(4096));

/** Fields that we do not know are passed over: other programs have their own. */
export const AgentServer = v.object({
  /** Absent where it comes from a registry that is another program's. */
  command: v.optional(v.pipe(Word, v.minLength(1))),
  args: v.optional(v.pipe(v.array(Word), v.maxLength(256)), []),
  env: v.optional(v.record(v.pipe(v.string(), v.regex(/^[^=\0]+$/)), Word), {}),
});
export type AgentServer = v.InferOutput<typeof AgentServer>;

/** An agent's name is shown on cards and typed on command lines. */
export const AgentName = v.pipe(v.string(), v.regex(/^[^\p{C}\p{Z}][^\p{C}]{0,63}$/u));

export const AgentServers = v.pipe(
  v.record(AgentName, AgentServer),
  v.check((servers) => Object.keys(servers).length <= SERVERS_MAX),
);
export type AgentServers = v.InferOutput<typeof AgentServers>;

/**
 * What is started: with `~` for the home directory at the beginning of a word, and `${NAME}` for
 * a variable anywhere. The fault is a sentence.
 */
export function launchOf(
  server: AgentServer,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): Result<Pick<AgentLaunch, 'command' | 'args' | 'env'>> {
  if (server.command === undefined) {
    return err('It names no command: it comes from a registry of another program’s.');
  }
  const unset = new Set<string>();
  const fill = (word: string): string =>
    word
      .replace(/^~(?=\/|$)/, () => home)
      .replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
        const value = env[name];
        if (value === undefined) unset.add(name);
        return value ?? '';
      });
  const command = fill(server.command);
  const args = server.args.map(fill);
  const variables = Object.fromEntries(
    Object.entries(server.env).map(([name, value]) => [name, fill(value)]),
  );
  const [first] = unset;
  if (first !== undefined) return err(`Its settings name \${${first}}, which is not set.`);
  return ok({ command, args, env: variables });
}
