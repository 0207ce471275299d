// What stands behind `meshell agents`, read into one thing to do or into the sentence that says
// what is wrong.
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { AgentName, AgentServer } from '../agent/agent-servers.ts';
import { err, ok, type Result } from '../protocol/result.ts';

export type AgentsFlags =
  | { readonly do: 'list'; readonly json: boolean }
  | { readonly do: 'check' | 'agree'; readonly name: string }
  | { readonly do: 'remove'; readonly name: string }
  | { readonly do: 'add'; readonly name: string; readonly server: AgentServer };

const ADD = 'meshell agents add NAME [--env NAME=VALUE] -- COMMAND…';

export function agentsFlags(args: readonly string[]): Result<AgentsFlags> {
  const split = args.indexOf('--');
  const command = split === -1 ? [] : args.slice(split + 1);
  const parsed = parsedArgs(split === -1 ? args : args.slice(0, split));
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  const [verb, name, ...more] = positionals;
  if (more[0] !== undefined) return err(`What is “${more[0]}”?`);
  if (verb === 'add') return addFlags(name, command, values.env ?? []);
  if (command.length > 0 || values.env !== undefined) return err(ADD);
  if (verb === 'remove') {
    return name === undefined ? err('meshell agents remove NAME') : ok({ do: 'remove', name });
  }
  if (verb !== undefined) return err(`What is “${verb}”?`);
  if (values.check !== undefined) return ok({ do: 'check', name: values.check });
  if (values.agree !== undefined) return ok({ do: 'agree', name: values.agree });
  return ok({ do: 'list', json: values.json === true });
}

function addFlags(
  name: string | undefined,
  [command, ...args]: readonly string[],
  variables: readonly string[],
): Result<AgentsFlags> {
  if (name === undefined || command === undefined) return err(ADD);
  if (!v.safeParse(AgentName, name).success) return err('A name has at most 64 characters.');
  const env = variables.map((variable) => variable.split(/=(.*)/s, 2));
  if (env.some(([key, value]) => key === '' || value === undefined)) return err(ADD);
  const server = v.safeParse(AgentServer, { command, args, env: Object.fromEntries(env) });
  return server.success ? ok({ do: 'add', name, server: server.output }) : err(ADD);
}

function parsedArgs(args: readonly string[]) {
  try {
    return ok(
      parseArgs({
        args: [...args],
        strict: true,
        allowPositionals: true,
        options: {
          json: { type: 'boolean' },
          check: { type: 'string' },
          agree: { type: 'string' },
          env: { type: 'string', multiple: true },
        },
      }),
    );
  } catch (cause) {
    return err(cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : 'not understood');
  }
}
