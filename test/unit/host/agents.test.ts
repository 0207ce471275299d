// Which conversations there are, where their agents run, and what outlives the process of each.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentEvent, AgentLaunch } from '../../../src/agent/agent-event.ts';
import type { Kept } from '../../../src/agent/conversation-state.ts';
import { openMasking } from '../../../src/agent/masking.ts';
import { NO_LIMITS, type Limits } from '../../../src/agent/prompt-limits.ts';
import { openSharedMoments } from '../../../src/agent/shared-moments.ts';
import { openAgents, type Agents } from '../../../src/host/agents.ts';
import { nodeEntropy } from '../../../src/host/clock-node.ts';
import { compacted, restore, type StateRecord } from '../../../src/host/session-records.ts';
import { idOf, SessionId, type ThreadId } from '../../../src/protocol/ids.ts';
import type { Outcome } from '../../../src/protocol/message.ts';
import type { Segment } from '../../../src/protocol/thread.ts';
import type { AgentAction } from '../../../src/session/agent-rights.ts';
import { fakeClock } from '../../fake-clock.ts';
import { keyOf } from '../session/stage.ts';

const ALICE = keyOf(1);
const SESSION = idOf(SessionId, new Uint8Array(16));
const READY: AgentEvent = {
  on: 'ready',
  name: 'Shy',
  version: '1',
  session: 's',
  resumed: false,
  options: [],
  actsAlone: false,
};

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meshell-agents-'));
  for (const folder of ['a', 'b']) mkdirSync(join(home, folder));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Disk {
  readonly records: StateRecord[];
  readonly segments: Map<number, Segment>;
}

function start(disk: Disk, more: { readonly limits?: Partial<Limits> } = {}) {
  const clock = fakeClock();
  const opened: { launch: AgentLaunch; tell: (event: AgentEvent) => void; prompts: string[] }[] =
    [];
  const gone: (() => void)[] = [];
  const lookedIn: string[] = [];
  const offersChanged: boolean[] = [];
  const outcomes: Outcome[] = [];
  const shell = { directory: join(home, 'a') };
  let next = 1 + Math.max(0, ...disk.segments.keys());
  const { threads } = restore(SESSION, ALICE, disk.records);
  const limits = { ...NO_LIMITS, ...more.limits };
  const agents = openAgents({
    clock,
    moments: openSharedMoments(clock),
    entropy: nodeEntropy,
    sharer: ALICE,
    offers: {
      in(directory) {
        lookedIn.push(directory);
        const card = { id: 'shy', name: 'Shy', kind: 'agent' as const };
        const line = { command: `shy of ${directory}`, args: ['acp'], env: { SHY_HOME: '/keys' } };
        return [{ card, state: 'found', actsAlone: false, start: line }];
      },
    },
    open(launch, tell) {
      const prompts: string[] = [];
      opened.push({ launch, tell, prompts });
      return {
        prompt: (text) => void prompts.push(text),
        cancel: () => {},
        answer: () => {},
        withdraw: () => {},
        configure: () => {},
        close: () => new Promise<void>((resolve) => void gone.push(resolve)),
      };
    },
    masking: openMasking({ secrets: ['correcthorse'], home: null }),
    limits: { person: limits, thread: limits },
    mayPrompt: () => true,
    count: { next: () => next, take: () => next++ },
    directory: () => shell.directory,
    segments: [...disk.segments.values()],
    kept: threads,
    keep: (records) => void disk.records.push(...records),
    offersChanged: () => void offersChanged.push(agents.needsSignIn('shy')),
    write: (segment) => void disk.segments.set(segment.number, segment),
    settled: () => Promise.resolve(),
    answer: (_, outcome) => void outcomes.push(outcome),
    changed: () => {},
  });
  return {
    agents,
    clock,
    shell,
    opened,
    gone,
    lookedIn,
    outcomes,
    offersChanged,
    next: () => next,
  };
}

type Running = ReturnType<typeof start>;

async function asks({ agents, clock, outcomes }: Running, action: AgentAction): Promise<Outcome> {
  agents.act({ kind: 'process', order: 1 }, ALICE, action, true);
  await clock.pass(0);
  const outcome = outcomes.at(-1);
  if (outcome === undefined) throw new Error('no answer');
  return outcome;
}

async function started(on: Running, prompt?: string): Promise<ThreadId> {
  const outcome = await asks(on, {
    type: 'thread.start',
    agent: 'shy',
    ...(prompt === undefined ? {} : { prompt }),
  });
  if (!outcome.ok || outcome.thread === undefined) throw new Error('not started');
  on.opened.at(-1)?.tell(READY);
  return outcome.thread;
}

const emptyDisk = (): Disk => ({ records: [], segments: new Map() });
const codes = (agents: Agents): readonly string[] =>
  agents
    .segments()
    .flatMap(({ parts }) => parts)
    .flatMap(({ head }) => (head.kind === 'notice' ? [head.code] : []));
const keptOf = (disk: Disk, thread: ThreadId): Kept | undefined =>
  restore(SESSION, ALICE, disk.records).threads.get(thread);

test('[TR15] Alice goes on to another directory: her agent is started where its conversation began', async () => {
  const disk = emptyDisk();
  const on = start(disk);
  const thread = await started(on, 'tidy up');
  on.shell.directory = join(home, 'b');
  on.lookedIn.length = 0;
  void asks(on, { type: 'thread.restart', thread });
  on.gone[0]?.();
  await on.clock.pass(0);
  const there = { command: `shy of ${join(home, 'a')}`, directory: join(home, 'a') };
  expect(on.opened.map(({ launch }) => launch)).toMatchObject([there, there]);
  expect(on.lookedIn).toEqual([join(home, 'a')]);

  const again = start(disk);
  again.shell.directory = join(home, 'b');
  await asks(again, { type: 'thread.retry', thread });
  expect(again.opened.map(({ launch }) => launch)).toMatchObject([there]);
});

test('[TR15] where the directory is gone, the thread says so and starts nothing', async () => {
  const on = start(emptyDisk());
  const thread = await started(on);
  on.opened[0]?.tell({ on: 'exited', code: 0, signal: null, lastLines: '' });
  rmSync(join(home, 'a'), { recursive: true });
  await asks(on, { type: 'thread.restart', thread });
  on.gone[0]?.();
  await on.clock.pass(0);
  expect(on.opened).toHaveLength(1);
  expect(codes(on.agents)).toEqual(['agent.exited', 'agent.noDirectory']);
});

test('[TR10] [TH28] a conversation that may not begin with its prompt takes no place and no number', async () => {
  const disk = emptyDisk();
  const on = start(disk, { limits: { prompts: 0 } });
  const first = on.next();
  for (const [prompt, refusal] of [
    [
      'tidy up',
      { fault: 'thread.limitPrompts', sum: 'One conversation may use 0 prompts; 0 are used.' },
    ],
    [' ', { fault: 'action.malformed' }],
  ] as const) {
    const outcome = await asks(on, { type: 'thread.start', agent: 'shy', prompt });
    expect(outcome).toEqual({ ok: false, ...refusal });
  }
  expect([on.agents.segments(), on.next(), disk.records]).toEqual([[], first, []]);
  await started(on);
  expect(on.agents.segments()).toHaveLength(1);
});

test('[TR16] who ends meshell waits for the agent of a conversation that was closed before', async () => {
  const on = start(emptyDisk());
  const thread = await started(on, 'tidy up');
  await asks(on, { type: 'thread.close', thread });
  let isOver = false;
  const over = on.agents.close().then(() => {
    isOver = true;
  });
  await on.clock.pass(1000);
  expect(isOver).toBe(false);
  for (const resolve of on.gone) resolve();
  await over;
});

test('[TH36] what was typed is written once, read back after a start, and forgotten when it was sent', async () => {
  const disk = emptyDisk();
  const on = start(disk);
  const thread = await started(on, 'one');
  for (const text of ['say correcthorse', 'three']) {
    await asks(on, { type: 'thread.prompt', thread, text });
  }
  const written = (): readonly string[] =>
    disk.records.flatMap((record) => (record.type === 'typed' ? [record.text] : []));
  expect(written()).toEqual(['one', 'say correcthorse', 'three']);
  expect(JSON.stringify([...disk.segments.values()])).not.toContain('correcthorse');

  disk.records.splice(0, Infinity, ...compacted(restore(SESSION, ALICE, disk.records)));
  expect(written()).toEqual(['one', 'say correcthorse', 'three']);
  const again = start(disk);
  await asks(again, { type: 'thread.retry', thread });
  const [shy] = again.opened;
  shy?.tell({ ...READY, resumed: true });
  shy?.tell({ on: 'turnEnded', stop: 'end_turn', tokens: null });
  expect(shy?.prompts).toEqual(['one', 'say correcthorse']);
  expect(keptOf(disk, thread)?.typed.map(({ text }) => text)).toEqual([
    'say correcthorse',
    'three',
  ]);
});

test('[AP5] an agent that wants a sign-in is known as one, with the line and the variables it was started with', async () => {
  const on = start(emptyDisk());
  const thread = await started(on, 'tidy up');
  const ways = [
    { name: 'API key', description: '', command: null },
    { name: 'Log in', description: '', command: ['shy', 'login', "it's"] },
  ];
  on.opened[0]?.tell({ on: 'turnFailed', message: 'expired', signIn: true, ways });
  expect(on.offersChanged).toEqual([true]);
  expect([0, 1, 2].map((way) => on.agents.signIn(thread, way))).toEqual([
    null,
    { line: "shy login 'it'\\''s'", env: { SHY_HOME: '/keys' }, directory: join(home, 'a') },
    null,
  ]);
  await asks(on, { type: 'thread.restart', thread });
  on.gone[0]?.();
  await on.clock.pass(0);
  on.opened[1]?.tell(READY);
  expect(on.offersChanged).toEqual([true, false]);
  expect(on.agents.signIn(thread, 1)).toBeNull();
});
