// meshell agents: which agents there are here, adding one to the settings, taking one out,
// agreeing to a project's. Starts one only where it is told to check it.
import { execPath } from 'node:process';
import packageJson from '../../package.json' with { type: 'json' };
import { openAcpHost } from '../agent/acp-host.ts';
import { openSharedMoments } from '../agent/shared-moments.ts';
import type { AgentLine, ListedAgent } from '../agent/agent-search.ts';
import type { AgentEvent } from '../agent/agent-event.ts';
import { openMasking, secretsOf } from '../agent/masking.ts';
import { openAgentList, type AgentList } from '../host/agent-list.ts';
import { nodeClock } from '../host/clock-node.ts';
import { paths } from '../host/paths.ts';
import { writeAgentServer } from '../host/settings.ts';
import { FAULTS, faultAbout } from '../protocol/faults.ts';
import { agentsFlags, type AgentsFlags } from './agents-flags.ts';
import { agentLines, agentRecord, checkWords, commandText } from './agents-words.ts';
import { COMMAND_LINE } from './command-line.ts';
import { saySettings, sayUsage, type Leaving } from './leaving.ts';
import { printable } from './printable.ts';

export async function runAgents(args: readonly string[], leaving: Leaving): Promise<void> {
  const parsed = agentsFlags(args);
  if (!parsed.ok) return leaving.leave(sayUsage(parsed.fault));
  const flags = parsed.value;
  const list = openAgentList(paths(process.env), process.env, {
    node: execPath,
    cli: COMMAND_LINE,
  });
  switch (flags.do) {
    case 'list':
      return leaving.leave(show(list, flags.json));
    case 'check':
      return leaving.leave(await check(list, flags.name, leaving));
    case 'agree':
      return leaving.leave(agree(list, flags.name));
    case 'add':
    case 'remove':
      return leaving.leave(write(flags));
    default:
      return flags satisfies never;
  }
}

function show(list: AgentList, json: boolean): number {
  const { agents, faults } = list.in(process.cwd());
  if (json) for (const agent of agents) out(JSON.stringify(agentRecord(agent)));
  else for (const line of agentLines(agents)) out(line);
  for (const fault of faults) warn(fault);
  return faults.length === 0 ? 0 : 1;
}

function named(list: AgentList, name: string): ListedAgent | null {
  const { agents, faults } = list.in(process.cwd());
  for (const fault of faults) warn(fault);
  const found =
    agents.find(({ card }) => card.id === name) ?? agents.find(({ card }) => card.name === name);
  if (found === undefined) warn(faultAbout(`“${printable(name)}”`, 'agent.unknown'));
  return found ?? null;
}

/** Starts it in this directory, waits for its session, and ends it. */
async function check(list: AgentList, name: string, leaving: Leaving): Promise<number> {
  const agent = named(list, name);
  if (agent === null) return FAULTS['agent.unknown'].exit;
  if (agent.state.is !== 'found') {
    for (const line of agentLines([agent])) warn(line);
    return 1;
  }
  const first = await begun(agent.state.line, leaving);
  // An agent's own words, and its ways to sign in, may hold what its line was filled with.
  const { mask } = openMasking({
    secrets: [process.env, agent.state.line.env].flatMap((variables) => secretsOf(variables)),
    home: null,
  });
  for (const line of checkWords(agent, first)) out(mask(line));
  return first.on === 'ready' ? 0 : 1;
}

async function begun(line: AgentLine, leaving: Leaving): Promise<AgentEvent> {
  const open = openAcpHost({
    clock: nodeClock,
    moments: openSharedMoments(nodeClock),
    env: process.env,
    version: packageJson.version,
  });
  const launch = { ...line, directory: process.cwd(), resume: null };
  const { promise, resolve } = withResolvers<AgentEvent>();
  const agent = open(launch, resolve);
  leaving.owns(agent.close);
  const first = await promise;
  await agent.close();
  return first;
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function agree(list: AgentList, name: string): number {
  const agent = named(list, name);
  if (agent === null) return FAULTS['agent.unknown'].exit;
  if (agent.state.is !== 'unasked') {
    warn(faultAbout(`“${agent.card.name}”`, 'agent.agreed'));
    return FAULTS['agent.agreed'].exit;
  }
  list.agree(agent.state.agreement);
  out(
    `From now on ${agent.card.id} may be run here: ${printable(commandText(agent, agent.state.line))}`,
  );
  return 0;
}

function write(flags: Extract<AgentsFlags, { do: 'add' | 'remove' }>): number {
  const server = flags.do === 'add' ? flags.server : null;
  const written = writeAgentServer(paths(process.env).config, flags.name, server);
  if (!written.ok) return saySettings(written.fault);
  const done = flags.do === 'add' ? 'is in' : 'is not in';
  out(`“${flags.name}” ${done} ${written.value}.`);
  return 0;
}

function out(line: string): void {
  process.stdout.write(`${line}\n`);
}

function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}
