// Conversations with agents, for fixtures: what Alice, Bob and Carol ask, and what comes of it.
import * as v from 'valibot';
import { ThreadId } from '../../src/protocol/ids.ts';
import type {
  AgentCard,
  AgentChoice,
  AgentMenu,
  Part,
  PartHead,
  PermissionOption,
  QueuedPrompt,
  Segment,
  ThreadHead,
  ToolContent,
  TurnUsage,
} from '../../src/protocol/thread.ts';
import { ALICE, BOB, CAROL, NOW } from './people.ts';

export const threadOf = (letter: string): ThreadId => v.parse(ThreadId, `${letter.repeat(10)}A`);

export const OPENCODE: AgentCard = { id: 'opencode', name: 'OpenCode', kind: 'agent' };
export const CLAUDE: AgentCard = { id: 'claude', name: 'Claude', kind: 'agent' };
export const DEMO: AgentCard = { id: 'demo', name: 'Demo agent (no model)', kind: 'demo' };
export const LOCAL: AgentCard = { id: 'local-model', name: 'Local model', kind: 'local-model' };

export const AGENTS: readonly AgentChoice[] = [
  { card: OPENCODE, state: 'found', actsAlone: false },
  { card: CLAUDE, state: 'signIn', actsAlone: false },
  { card: { id: 'codex', name: 'Codex', kind: 'agent' }, state: 'found', actsAlone: true },
  { card: { id: 'gemini', name: 'Gemini CLI', kind: 'agent' }, state: 'missing', actsAlone: false },
  { card: LOCAL, state: 'found', actsAlone: false },
  { card: DEMO, state: 'found', actsAlone: false },
];

export const HEAD: ThreadHead = {
  title: '',
  status: 'idle',
  turn: 0,
  turnBy: null,
  turnSince: null,
  quietSince: null,
  actsAlone: false,
  context: null,
};
export const NO_MENU: AgentMenu = { options: [], commands: [] };
export const MENU: AgentMenu = {
  options: [
    {
      id: 'mode',
      name: 'Mode',
      category: 'mode',
      value: 'build',
      choices: [
        { value: 'plan', name: 'Plan', description: 'Reads and thinks, changes nothing' },
        { value: 'build', name: 'Build', description: 'Asks before it edits or runs' },
        { value: 'free', name: 'Free', description: 'Edits and runs without asking' },
      ],
    },
    {
      id: 'model',
      name: 'Model',
      category: 'model',
      value: 'large',
      choices: [
        { value: 'small', name: 'Harbor small', description: '' },
        { value: 'large', name: 'Harbor large', description: '' },
      ],
    },
  ],
  commands: [
    { name: 'init', description: 'Write down what this project is', hint: '' },
    { name: 'review', description: 'Review the changes that are not committed', hint: '[branch]' },
    { name: 'compact', description: 'Make the conversation shorter', hint: '' },
    { name: 'undo', description: 'Take back the last turn', hint: '' },
  ],
};
export const USAGE: TurnUsage = {
  input: 4214,
  output: 192,
  thought: null,
  cachedRead: 3100,
  cachedWrite: null,
  total: 4406,
  cost: { amount: 0.0188, currency: 'USD' },
  estimated: false,
};
export const OPTIONS: readonly PermissionOption[] = [
  { id: 'once', name: 'Allow once', kind: 'allow_once' },
  { id: 'always', name: 'Always allow', kind: 'allow_always' },
  { id: 'no', name: 'Reject', kind: 'reject_once' },
];

export function segmentOf(letter: string, number: number, more: Partial<Segment> = {}): Segment {
  return {
    number,
    thread: threadOf(letter),
    index: 0,
    agent: OPENCODE,
    directory: '~/src/harbor',
    openedAt: NOW - 300_000,
    firstPart: 1,
    isOver: false,
    head: { ...HEAD, title: 'Fix the tide table' },
    menu: MENU,
    queue: [],
    parts: [],
    ...more,
  };
}

/** Parts numbered from `from`, all of one turn. */
export function partsOf(
  turn: number,
  from: number,
  ...parts: readonly (Partial<Part> & { readonly head: PartHead })[]
): readonly Part[] {
  return parts.map((part, at) => ({
    id: from + at,
    turn,
    text: '',
    omitted: 0,
    contents: [],
    ...part,
  }));
}

const AT = NOW - 240_000;

export const prompt = (text: string, author = BOB, at = AT) => ({
  head: { kind: 'prompt' as const, author, at },
  text,
});
export const answer = (text: string) => ({ head: { kind: 'answer' as const }, text });
export const thought = (text: string, seconds: number | null) => ({
  head: {
    kind: 'thought' as const,
    startedAt: seconds === null ? NOW - 4000 : AT,
    endedAt: seconds === null ? null : AT + seconds * 1000,
  },
  text,
});
export const tool = (
  title: string,
  more: Partial<Extract<PartHead, { kind: 'tool' }>> = {},
  rest: Partial<Part> = {},
) => ({
  head: {
    kind: 'tool' as const,
    call: title,
    tool: 'execute' as const,
    title,
    status: 'completed' as const,
    locations: [],
    startedAt: AT,
    endedAt: AT + 1840,
    exit: null,
    ...more,
  },
  ...rest,
});
export const permission = (
  title: string,
  answered: Extract<PartHead, { kind: 'permission' }>['answer'] = { state: 'open' },
  rest: Partial<Part> = {},
  call: string | null = title,
) => ({
  head: {
    kind: 'permission' as const,
    call,
    title,
    options: [...OPTIONS],
    at: AT,
    answer: answered,
  },
  ...rest,
});
export const end = (more: Partial<Extract<PartHead, { kind: 'end' }>> = {}) => ({
  head: {
    kind: 'end' as const,
    reason: 'end_turn' as const,
    by: null,
    startedAt: AT,
    endedAt: AT + 12_300,
    usage: USAGE,
    ...more,
  },
});
export const notice = (
  level: 'info' | 'warning' | 'error',
  text: string,
  code = 'agent.notice',
) => ({ head: { kind: 'notice' as const, level, code, at: AT }, text });
export const plan = (
  ...entries: readonly (readonly [string, 'completed' | 'in_progress' | 'pending'])[]
) => ({
  head: {
    kind: 'plan' as const,
    entries: entries.map(([content, status]) => ({
      content,
      status,
      priority: 'medium' as const,
    })),
  },
});
export const PLAN = plan(
  ['Read the failing test', 'completed'],
  ['Find where the hour is rounded', 'completed'],
  ['Round to the minute in tide.ts', 'in_progress'],
  ['Run all tests', 'pending'],
  ['Say what changed', 'pending'],
);

export const DIFF: Extract<ToolContent, { type: 'diff' }> = {
  type: 'diff',
  path: '~/src/harbor/src/tide.ts',
  oldText: `// When the tide turns.
import { moon } from './moon.ts';

export interface Tide {
  readonly at: number;
  readonly high: boolean;
}

export function nextTide(station: string, now: number): Tide {
  const phase = moon(station, now);
  const hours = Math.round(phase / 3600);
  return { at: now + hours * 3600, high: phase > 0 };
}
`,
  newText: `// When the tide turns.
import { moon } from './moon.ts';

const MINUTE = 60;

export interface Tide {
  readonly at: number;
  readonly high: boolean;
}

export function nextTide(station: string, now: number): Tide {
  const phase = moon(station, now);
  const minutes = Math.round(phase / MINUTE);
  return { at: now + minutes * MINUTE, high: phase > 0 };
}
`,
  added: 4,
  removed: 2,
  cut: false,
};

export const TEST_OUTPUT = `\u001b[1m RUN \u001b[0m v4.1.12 ~/src/harbor

 \u001b[32m✓\u001b[0m test/harbor.test.ts \u001b[90m(14 tests)\u001b[0m 38ms
 \u001b[31m❯\u001b[0m test/tide.test.ts \u001b[90m(9 tests | \u001b[31m1 failed\u001b[90m)\u001b[0m 112ms
   \u001b[31m× high tide in 東京 comes at 06:12\u001b[0m
     \u001b[31m→ expected 06:00 to be 06:12\u001b[0m

 \u001b[90mTests\u001b[0m  \u001b[31m1 failed\u001b[0m | \u001b[32m22 passed\u001b[0m (23)
`;

export const LONG_OUTPUT = Array.from(
  { length: 214 },
  (_, n) =>
    `\u001b[36m[${n + 1}/214]\u001b[0m compiling \u001b[1mcrate-${n + 1}\u001b[0m v0.${n}.1`,
).join('\n');

export const ANSWER = `The test fails because \`nextTide\` rounds to whole **hours**: a tide at 06:12 becomes 06:00.

## What I changed

- \`src/tide.ts\` rounds to minutes now
- nothing else uses the rounded value, see [the notes](https://example.org/tides)

\`\`\`ts
const minutes = Math.round(phase / MINUTE);
return { at: now + minutes * MINUTE, high: phase > 0 };
\`\`\`

| station | before | after |
| --- | --- | ---: |
| 東京 | 06:00 | 06:12 |
| Brest | 11:00 | 10:47 |

1. Run \`npm test\`
2. Look at the diff

> Times are local to the station.
`;

/** A whole turn, as most are. */
export const DONE_TURN: readonly Part[] = partsOf(
  1,
  1,
  prompt('Why does the tide test fail? Fix it, and show me what you changed.'),
  thought(
    '**Reading the test**\n\nThe failing assertion compares minutes, so rounding is likely.',
    4,
  ),
  tool('Read test/tide.test.ts', {
    tool: 'read',
    locations: [{ path: '~/src/harbor/test/tide.test.ts', line: 12 }],
    endedAt: AT + 80,
  }),
  tool(
    'npm test',
    { status: 'failed', exit: 1 },
    { text: TEST_OUTPUT, contents: [{ type: 'output' }] },
  ),
  tool(
    'Edit src/tide.ts',
    { tool: 'edit', endedAt: AT + 210 },
    {
      contents: [
        DIFF,
        { type: 'input', text: '{"path":"src/tide.ts","oldText":"Math.round(phase / 3600)"}' },
      ],
    },
  ),
  permission(
    'Edit src/tide.ts',
    { state: 'given', option: 'once', by: ALICE, at: AT + 6000 },
    { contents: [DIFF] },
  ),
  answer(ANSWER),
  end(),
);

export const QUEUE: readonly QueuedPrompt[] = [
  {
    id: 3,
    author: BOB,
    text: 'Now the same for the moon table, please.',
    at: NOW - 40_000,
    rank: 0,
  },
  {
    id: 4,
    author: CAROL,
    text: 'And write down in the README which stations were checked, with their sources.',
    at: NOW - 30_000,
    rank: 1,
  },
  { id: 5, author: ALICE, text: 'Then commit.', at: NOW - 20_000, rank: 2 },
];

export const RUNNING_HEAD: ThreadHead = {
  ...HEAD,
  title: 'Fix the tide table',
  status: 'running',
  turn: 2,
  turnBy: BOB,
  turnSince: NOW - 34_000,
  context: { used: 61_400, size: 200_000 },
};
