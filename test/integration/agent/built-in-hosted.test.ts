// Both built-in agents as the host runs them: what they say arrives as our own events, all of it.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { openAcpHost } from '../../../src/agent/acp-host.ts';
import { openSharedMoments } from '../../../src/agent/shared-moments.ts';
import type { Agent, AgentEvent } from '../../../src/agent/agent-event.ts';
import {
  builtInLaunch,
  type BuiltInKind,
  type ModelSettings,
} from '../../../src/agent/built-in/launch.ts';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { removeFolder } from '../../remove-folder.ts';
import { commandLine } from '../../stage/command-line.ts';
import { inOrder, openModelEndpoint } from '../../stage/model-endpoint.ts';

const WITHIN_MS = 20_000;

interface Hosted {
  readonly directory: string;
  readonly agent: Agent;
  readonly all: () => readonly AgentEvent[];
  readonly of: <N extends AgentEvent['on']>(on: N) => Extract<AgentEvent, { on: N }>[];
  /** The nth event of this name. */
  readonly until: <N extends AgentEvent['on']>(
    on: N,
    n?: number,
  ) => Promise<Extract<AgentEvent, { on: N }>>;
}

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

async function hosted(kind: BuiltInKind, model?: ModelSettings): Promise<Hosted> {
  const directory = mkdtempSync(join(tmpdir(), 'meshell-agent-'));
  const events: AgentEvent[] = [];
  const place = { node: process.execPath, cli: await commandLine() };
  const launch = builtInLaunch(kind, place, model);
  const open = openAcpHost({
    clock: nodeClock,
    moments: openSharedMoments(nodeClock),
    env: process.env,
    version: '0',
    startMs: WITHIN_MS,
  });
  const agent = open({ ...launch, directory, resume: null }, (event) => void events.push(event));
  closing.push(async () => {
    await agent.close();
    await removeFolder(directory);
  });
  const of: Hosted['of'] = (on) => events.filter((event) => isNamed(event, on));
  return {
    directory,
    agent,
    all: () => events,
    of,
    until: (on, n = 1) =>
      vi.waitFor(
        () => {
          const found = of(on)[n - 1];
          if (found === undefined) throw new Error(`no ${on}: ${JSON.stringify(events.slice(-5))}`);
          return found;
        },
        { timeout: WITHIN_MS, interval: 10 },
      ),
  };
}

function isNamed<N extends AgentEvent['on']>(
  event: AgentEvent,
  on: N,
): event is Extract<AgentEvent, { on: N }> {
  return event.on === on;
}

test('[BA1] the demo agent is ready with its mode and its words', async () => {
  const { until } = await hosted('demo');
  const ready = await until('ready');
  expect(ready).toMatchObject({ name: 'Demo agent (no model)', actsAlone: false, resumed: false });
  expect(ready.options).toMatchObject([{ id: 'mode', category: 'mode', value: 'ask' }]);
  const { commands } = await until('commands');
  expect(commands.map((command) => command.name)).toContain('tour');
});

test('[BA2] [BA4] [BA7] the demo’s whole turn arrives: thought, plan, command, diff, questions, estimate', async () => {
  const { agent, directory, of, until, all } = await hosted('demo');
  await until('ready');
  agent.prompt('tour');
  for (let n = 1; n <= 3; n += 1) agent.answer((await until('permission', n)).request, 'once');
  expect(await until('turnEnded')).toEqual({ on: 'turnEnded', stop: 'end_turn', tokens: null });
  expect(of('thought')).toHaveLength(1);
  expect(of('plan').length).toBeGreaterThan(3);
  expect(
    of('output')
      .map((event) => event.text)
      .join(''),
  ).toContain(directory);
  expect(of('outputEnd')).toMatchObject([{ exit: 0 }]);
  expect(of('counted')).toMatchObject([{ estimated: true }]);
  expect(of('context')).toMatchObject([{ size: 32_000, cost: null }]);
  expect(of('title')).toMatchObject([{ title: 'tour' }]);
  const diffs = of('tool').flatMap((event) => event.patch.contents ?? []);
  expect(diffs).toContainEqual(expect.objectContaining({ type: 'diff', oldText: null, added: 1 }));
  expect(readFileSync(join(directory, 'meshell-tour.txt'), 'utf8')).toBe('Hello from the tour.\n');
  expect(all().filter((event) => event.on === 'unknown')).toEqual([]);
});

test('[BA3] the mode in which it acts without asking is known as such', async () => {
  const { agent, until } = await hosted('demo');
  await until('ready');
  agent.configure('mode', 'act');
  expect(await until('options')).toMatchObject({ actsAlone: true });
});

test('[BA5] a question is taken back when the turn is stopped', async () => {
  const { agent, until } = await hosted('demo');
  await until('ready');
  agent.prompt('run touch never');
  await until('permission');
  agent.cancel();
  expect(await until('turnEnded')).toMatchObject({ stop: 'cancelled' });
});

test('[BA8] a failed turn and an agent that ends arrive as what they are', async () => {
  const { agent, until } = await hosted('demo');
  await until('ready');
  agent.prompt('fail');
  expect(await until('turnFailed')).toMatchObject({
    message: expect.stringContaining('The turn failed, as it was asked to.'),
    signIn: false,
  });
  agent.prompt('fail exit');
  expect(await until('exited')).toMatchObject({ code: 3 });
});

test('[BA10] the local model’s whole turn arrives, with what the endpoint counted', async () => {
  const write = { name: 'write', args: { path: 'new.txt', content: 'Hello\n' } };
  const answer = inOrder(
    { do: 'say', thoughts: 'Hm.', calls: [{ name: 'shell', args: { command: 'echo hi' } }, write] },
    { do: 'refuse', status: 429, retryAfter: '1' },
    { do: 'say', text: 'Done.' },
  );
  const endpoint = await openModelEndpoint({ answer });
  closing.push(endpoint.close);
  const { agent, directory, of, until, all } = await hosted('model', { url: endpoint.url });
  const { options } = await until('ready');
  expect(options.map((option) => option.category)).toEqual(['mode', 'model']);
  agent.prompt('Make it.');
  agent.answer((await until('permission', 1)).request, 'once');
  agent.answer((await until('permission', 2)).request, 'no');
  const { tokens } = await until('turnEnded');
  expect(tokens).toMatchObject({ input: 200, output: 40, total: 240 });
  expect(
    of('answer')
      .map((event) => event.text)
      .join(''),
  ).toBe('Done.');
  expect(
    of('output')
      .map((event) => event.text)
      .join(''),
  ).toBe('hi\n');
  expect(of('notice')).toMatchObject([{ level: 'warning' }]);
  expect(of('context').at(-1)).toMatchObject({ used: 120, size: 32_768 });
  expect(() => readFileSync(join(directory, 'new.txt'))).toThrow();
  expect(all().filter((event) => event.on === 'unknown')).toEqual([]);
});
