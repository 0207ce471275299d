import { expect, test } from 'vitest';
import { NO_LIMITS } from '../../../src/agent/prompt-limits.ts';
import type { AgentEvent, AgentLaunch } from '../../../src/agent/agent-event.ts';
import type { ListedAgent } from '../../../src/agent/agent-search.ts';
import { openSharedMoments } from '../../../src/agent/shared-moments.ts';
import { agentSetup, NAMED_AGENT } from '../../../src/host/agent-setup.ts';
import { fakeClock } from '../../fake-clock.ts';

const KEY = 'hunter2-hunter2-A9';

const listed = (id: string, env: Readonly<Record<string, string>> = {}): ListedAgent => ({
  card: { id, name: id, kind: 'agent' },
  from: 'path',
  state: { is: 'found', line: { command: `/bin/${id}`, args: ['acp'], env } },
  written: null,
  signIn: null,
});

/** Sam's computer; agents and broken files come and go. */
function computer(named: string | null = null) {
  const clock = fakeClock();
  let here: { agents: readonly ListedAgent[]; faults: readonly string[] } = {
    agents: [],
    faults: [],
  };
  const tells: ((event: AgentEvent) => void)[] = [];
  const setup = agentSetup({
    clock,
    moments: openSharedMoments(clock),
    env: {},
    open(_, tell) {
      tells.push(tell);
      const nothing = (): void => {};
      return {
        prompt: nothing,
        cancel: nothing,
        answer: nothing,
        withdraw: nothing,
        configure: nothing,
        close: () => Promise.resolve(),
      };
    },
    list: { in: () => here, agree: () => {} },
    directory: '/home/sam',
    named,
    limits: { person: NO_LIMITS, thread: NO_LIMITS },
  });
  return {
    setup,
    async has(agents: readonly ListedAgent[], faults: readonly string[] = []) {
      here = { agents, faults };
      await clock.pass(60_000);
      setup.offers.in('/home/sam');
    },
    alone: (id: string) => offer(id)?.actsAlone,
    start(id: string): (event: AgentEvent) => void {
      const start = offer(id)?.start ?? null;
      if (start === null) throw new Error(`no ${id}`);
      const launch: AgentLaunch = { ...start, directory: '/home/sam', resume: null };
      let heard = 0;
      setup.open(launch, () => void heard++);
      return (event) => {
        const before = heard;
        tells.at(-1)?.(event);
        expect(heard).toBe(before + 1);
      };
    },
    offer,
  };
  function offer(id: string) {
    return setup.offers.in('/home/sam').find(({ card }) => card.id === id);
  }
}

const mode = (actsAlone: boolean): AgentEvent => ({ on: 'options', options: [], actsAlone });

test('[AG21] [TR7] an agent that nothing makes ask acts alone before anyone has started it', async () => {
  const sam = computer('opencode acp');
  const asks = { OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' };
  await sam.has([listed('opencode'), listed('qwen'), listed('work', asks)]);
  expect(['opencode', 'qwen', 'work', NAMED_AGENT].map(sam.alone)).toEqual([
    true,
    false,
    false,
    true,
  ]);
  await sam.has([listed('opencode', asks)]);
  expect(sam.alone('opencode')).toBe(false);
});

test('[AG21] what an agent said last of its mode counts for the conversation after', async () => {
  const sam = computer();
  await sam.has([listed('qwen'), listed('other')]);
  const qwen = sam.start('qwen');
  qwen({
    on: 'ready',
    name: 'Qwen',
    version: '1',
    session: 's',
    resumed: false,
    options: [],
    actsAlone: true,
  });
  expect([sam.alone('qwen'), sam.alone('other')]).toEqual([true, false]);
  qwen(mode(false));
  expect(sam.alone('qwen')).toBe(false);
  qwen(mode(true));
  await sam.has([listed('qwen')]);
  expect(sam.alone('qwen')).toBe(true);
});

test('[AG22] [AG24] of a command line its program’s name is told, and its keys are hidden', () => {
  const lines: readonly (readonly [line: string, name: string])[] = [
    [`env -u HOME OPENAI_API_KEY=${KEY} /opt/bin/qwen --acp`, 'qwen'],
    [`OPENAI_API_KEY='${KEY}' qwen --key ${KEY}`, 'qwen'],
    [`OPENAI_API_KEY="${KEY}" A=b "/my agents/it" acp`, 'it'],
    [`/usr/bin/env -i OPENAI_API_KEY=${KEY}`, 'agent'],
    ['', 'agent'],
  ];
  for (const [line, name] of lines) {
    const { setup, offer } = computer(line);
    expect(offer(NAMED_AGENT)?.card.name).toBe(name);
    if (line === '') continue;
    expect(setup.masking.mask(`it is ${KEY}.`)).not.toContain(KEY);
  }
});

test('[AG24] a key of an agent that Sam sets up meanwhile is hidden, in blocks too, and stays so', async () => {
  const sam = computer();
  const rows = sam.setup.secrets.masking(null);
  expect([sam.setup.masking.mask(KEY), rows.mask(KEY)]).toEqual([KEY, KEY]);
  await sam.has([listed('qwen', { QWEN_TOKEN: KEY })]);
  const hidden = '‹masked secret›';
  expect([sam.setup.masking.mask(KEY), rows.mask(KEY)]).toEqual([hidden, hidden]);
  const stream = sam.setup.masking.stream();
  expect(stream.push(KEY.slice(0, 9)) + stream.push(KEY.slice(9)) + stream.flush()).toBe(hidden);
  await sam.has([]);
  expect(rows.mask(KEY)).toBe(hidden);
});

test('[AG23] Sam is told once that a file cannot be read, until it can be read again', async () => {
  const sam = computer();
  let told = 0;
  sam.setup.offers.onBroken(() => void told++);
  for (const faults of [['line 3: a comma is missing.'], ['line 3'], [], ['line 4']]) {
    await sam.has([], faults);
    await sam.has([], faults);
  }
  expect(told).toBe(2);
  sam.setup.offers.onBroken(() => void told++);
  expect(told).toBe(3);
});
