// What agents say, in the shapes in which they were seen to say it, and what becomes of it.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { acpUpdate } from '../../../src/agent/acp-events.ts';
import { acpMemory, rememberSession, type AcpMemory } from '../../../src/agent/acp-memory.ts';
import { acpQuestion, acpTurnEnd } from '../../../src/agent/acp-turn.ts';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';

const nobody = acpMemory('somebody', {});

/** All events of these updates, one after the other. */
function told(updates: readonly unknown[], memory: AcpMemory = nobody): readonly AgentEvent[] {
  let now = memory;
  return updates.flatMap((update) => {
    const [after, events] = acpUpdate(now, update);
    now = after;
    return events;
  });
}

const chunk = (sessionUpdate: string, text: string, more = {}) => ({
  sessionUpdate,
  content: { type: 'text', text },
  ...more,
});

test('[AG5] thoughts and answers come with the message they belong to, where one is named', () => {
  expect(
    told([
      chunk('agent_thought_chunk', 'Hm.', { messageId: 'm1' }),
      chunk('agent_message_chunk', 'Yes', { messageId: null }),
      chunk('agent_message_chunk', '!', { messageId: 7 }),
      chunk('user_message_chunk', 'our own words'),
    ]),
  ).toEqual([
    { on: 'thought', message: 'm1', text: 'Hm.' },
    { on: 'answer', message: null, text: 'Yes' },
    { on: 'answer', message: null, text: '!' },
  ]);
});

test('[AG5] pictures and links in an answer read as Markdown', () => {
  const block = (content: object) => ({ sessionUpdate: 'agent_message_chunk', content });
  expect(
    told([
      block({ type: 'image', data: 'AAAA', mimeType: 'image/png' }),
      block({ type: 'resource_link', name: 'a.ts', uri: 'file:///a.ts' }),
      block({ type: 'resource', resource: { uri: 'file:///b', text: 'inside' } }),
    ]).map((event) => (event.on === 'answer' ? event.text : event.on)),
  ).toEqual(['[image/png]', '[a.ts](file:///a.ts)', 'inside']);
});

test('[AG13] Qwen’s empty pieces are no text, and count tokens', () => {
  const usage = { inputTokens: 100, outputTokens: 20, totalTokens: 120, thoughtTokens: 0 };
  expect(told([chunk('agent_message_chunk', '', { _meta: { usage, durationMs: 166 } })])).toEqual([
    {
      on: 'counted',
      estimated: false,
      tokens: {
        input: 100,
        output: 20,
        thought: 0,
        cachedRead: null,
        cachedWrite: null,
        total: 120,
      },
    },
  ]);
});

test('[AG5] opencode’s command: a bare name first, then the command, then its output and exit', () => {
  const head = { toolCallId: 'call_2', kind: 'execute' };
  const content = [{ type: 'content', content: { type: 'text', text: 'hi\n' } }];
  expect(
    told([
      {
        sessionUpdate: 'tool_call',
        ...head,
        title: 'bash',
        status: 'pending',
        locations: [{ path: '/w' }],
        rawInput: {},
      },
      {
        sessionUpdate: 'tool_call_update',
        ...head,
        title: 'echo hi; exit 3',
        status: 'in_progress',
        rawInput: { command: 'echo hi; exit 3' },
      },
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'call_2',
        status: 'completed',
        content,
        rawOutput: { output: 'hi\n', metadata: { exit: 3 } },
      },
    ]),
  ).toEqual([
    {
      on: 'tool',
      call: 'call_2',
      patch: {
        title: 'bash',
        tool: 'execute',
        status: 'pending',
        locations: [{ path: '/w', line: null }],
      },
    },
    {
      on: 'tool',
      call: 'call_2',
      patch: {
        title: 'echo hi; exit 3',
        tool: 'execute',
        status: 'in_progress',
        input: '{"command":"echo hi; exit 3"}',
      },
    },
    {
      on: 'tool',
      call: 'call_2',
      patch: { status: 'completed', contents: [{ type: 'text', text: 'hi\n' }] },
    },
    { on: 'outputEnd', call: 'call_2', exit: 3 },
  ]);
});

test('[AG5] a field that is absent or null changes nothing; an empty list empties', () => {
  expect(
    told([
      {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'c',
        title: null,
        kind: null,
        status: 'dancing',
        content: [],
        locations: null,
      },
    ]),
  ).toEqual([{ on: 'tool', call: 'c', patch: { contents: [] } }]);
});

test('[AG5] a tool of an unknown kind is other, and unknown content is said to be so', () => {
  expect(
    told([
      {
        sessionUpdate: 'tool_call',
        toolCallId: 'c',
        title: 'Paint',
        kind: 'paint',
        content: [{ type: 'hologram' }, { type: 'content', content: { type: 'scent' } }],
      },
    ]),
  ).toEqual([
    { on: 'tool', call: 'c', patch: { title: 'Paint', tool: 'other', contents: [] } },
    { on: 'unknown', name: 'content hologram' },
    { on: 'unknown', name: 'content scent' },
  ]);
});

test('[AG5] Claude’s and Codex’s commands: output of their own terminal, in pieces, with its exit', () => {
  const call = { sessionUpdate: 'tool_call_update', toolCallId: 'c' };
  expect(
    told([
      {
        ...call,
        content: [{ type: 'terminal', terminalId: 'c' }],
        _meta: { terminal_info: { terminal_id: 'c', cwd: '/w' } },
      },
      { ...call, _meta: { terminal_output: { terminal_id: 'c', data: 'one\n' } } },
      { ...call, _meta: { terminal_output_delta: { terminal_id: 'c', data: 'two\n' } } },
      {
        ...call,
        _meta: { terminal_exit: { terminal_id: 'c', exit_code: null, signal: 'SIGINT' } },
      },
      {
        ...call,
        status: 'failed',
        _meta: { terminal_exit: { exit_code: 1 }, claudeCode: { toolResponse: 'again' } },
      },
    ]),
  ).toEqual([
    { on: 'tool', call: 'c', patch: { contents: [{ type: 'output' }] } },
    { on: 'output', call: 'c', text: 'one\n', whole: false },
    { on: 'output', call: 'c', text: 'two\n', whole: false },
    { on: 'outputEnd', call: 'c', exit: null },
    { on: 'tool', call: 'c', patch: { status: 'failed' } },
    { on: 'outputEnd', call: 'c', exit: 1 },
  ]);
});

test('[AG14] a diff says how many lines it adds and removes; no text before is a new file', () => {
  const edit = (oldText: string | null, newText: string) => ({
    sessionUpdate: 'tool_call',
    toolCallId: 'c',
    title: 'Edit',
    content: [{ type: 'diff', path: '/w/a', oldText, newText }],
  });
  const contents = told([edit('', 'one\ntwo\n'), edit('a\nb\nc\n', 'a\nx\ny\nc\n')]).flatMap((e) =>
    e.on === 'tool' ? (e.patch.contents ?? []) : [],
  );
  expect(contents).toEqual([
    {
      type: 'diff',
      path: '/w/a',
      oldText: null,
      newText: 'one\ntwo\n',
      added: 2,
      removed: 0,
      cut: false,
    },
    expect.objectContaining({ oldText: 'a\nb\nc\n', added: 2, removed: 1 }),
  ]);
});

test('[AG5] a list of things to do is a plan, said as a plan, as a tool’s input or as Markdown', () => {
  const entry = { content: 'make it', status: 'in_progress', priority: 'high' };
  const plan = (plan_: object) => ({ sessionUpdate: 'plan_update', plan: plan_ });
  expect(
    told([
      { sessionUpdate: 'plan', entries: [entry, 'no entry', { content: 'check it' }] },
      {
        sessionUpdate: 'tool_call',
        toolCallId: 't',
        title: 'todowrite',
        rawInput: { todos: [{ ...entry, id: '1' }] },
      },
      plan({ type: 'items', planId: 'p', entries: [entry] }),
      plan({
        type: 'markdown',
        planId: 'q',
        content: '# Plan\n\n- [x] **dig**\n- [ ] fill\n1. [-] rest\n',
      }),
      plan({ type: 'markdown', planId: 'q', content: 'Just do it.' }),
      plan({ type: 'file', planId: 'r', uri: 'file:///plan.md' }),
      { sessionUpdate: 'plan_removed', planId: 'p' },
    ]).map((event) =>
      event.on === 'plan'
        ? [event.plan, event.entries.map((e) => `${e.content} ${e.status} ${e.priority}`)]
        : event.on === 'tool'
          ? event.patch.plan
          : event,
    ),
  ).toEqual([
    [null, ['make it in_progress high', 'check it pending medium']],
    [entry],
    ['p', ['make it in_progress high']],
    ['q', ['**dig** completed medium', 'fill pending medium', 'rest in_progress medium']],
    ['q', ['Just do it. pending medium']],
    ['r', ['file:///plan.md pending medium']],
    ['p', []],
  ]);
});

test('[AG13] the context’s size and the cost so far; a cost that is none is not reported', () => {
  const usage = (cost: unknown) => ({
    sessionUpdate: 'usage_update',
    used: 100,
    size: 32_768,
    cost,
  });
  expect(
    told([
      usage({ amount: 0.00056, currency: 'USD' }),
      usage(null),
      usage({ amount: -1, currency: 'USD' }),
      { sessionUpdate: 'usage_update', used: 'many', size: 1 },
    ]),
  ).toEqual([
    { on: 'context', used: 100, size: 32_768, cost: { amount: 0.00056, currency: 'USD' } },
    { on: 'context', used: 100, size: 32_768, cost: null },
    { on: 'context', used: 100, size: 32_768, cost: null },
    { on: 'unknown', name: 'usage_update' },
  ]);
});

test('[AG13] the end of a turn: what the protocol counts, what Gemini counts, what is estimated, nothing', () => {
  const nothing = { thought: null, cachedRead: null, cachedWrite: null, total: null };
  expect(
    acpTurnEnd({ stopReason: 'max_tokens', usage: { inputTokens: 5, outputTokens: 'x' } }),
  ).toEqual([
    { on: 'turnEnded', stop: 'max_tokens', tokens: { input: 5, output: null, ...nothing } },
  ]);
  expect(
    acpTurnEnd({
      stopReason: 'end_turn',
      _meta: { quota: { token_count: { input_tokens: 7, output_tokens: 3 }, model_usage: [] } },
    }),
  ).toEqual([{ on: 'turnEnded', stop: 'end_turn', tokens: { input: 7, output: 3, ...nothing } }]);
  const estimated = {
    stopReason: 'cancelled',
    usage: { inputTokens: 1 },
    _meta: { meshell: { estimated: true } },
  };
  expect(acpTurnEnd(estimated)).toEqual([
    { on: 'counted', tokens: { input: 1, output: null, ...nothing }, estimated: true },
    { on: 'turnEnded', stop: 'cancelled', tokens: null },
  ]);
  expect(acpTurnEnd(null)).toEqual([{ on: 'turnEnded', stop: 'end_turn', tokens: null }]);
});

test('[AG5] titles, commands, notices', () => {
  expect(
    told([
      { sessionUpdate: 'session_info_update', title: 'Fix the build', updatedAt: 'now' },
      { sessionUpdate: 'session_info_update', _meta: { codex: { threadStatus: 'idle' } } },
      { sessionUpdate: 'session_info_update', title: null },
      {
        sessionUpdate: 'available_commands_update',
        availableCommands: [
          { name: 'init', description: 'guided setup', input: { hint: '<folder>' } },
          { name: 'bug', description: null, input: null },
          { description: 'nameless' },
        ],
      },
      {
        sessionUpdate: 'notice',
        severity: 'warning',
        title: 'Unknown model',
        description: 'gpt-0',
      },
      { sessionUpdate: 'notice', severity: '_odd', title: 'Hm' },
    ]),
  ).toEqual([
    { on: 'title', title: 'Fix the build' },
    { on: 'title', title: '' },
    {
      on: 'commands',
      commands: [
        { name: 'init', description: 'guided setup', hint: '<folder>' },
        { name: 'bug', description: '', hint: '' },
      ],
    },
    { on: 'notice', level: 'warning', text: 'Unknown model\ngpt-0' },
    { on: 'notice', level: 'info', text: 'Hm' },
  ]);
});

test('[AG5] a compaction that runs, whose summary comes in pieces, and one that fails', () => {
  const compaction = (status: string, more = {}) => ({
    sessionUpdate: 'compaction_update',
    compactionId: 'k',
    status,
    ...more,
  });
  expect(
    told([
      compaction('in_progress'),
      { ...chunk('compaction_summary_chunk', 'We dug '), compactionId: 'k' },
      { ...chunk('compaction_summary_chunk', 'a hole.'), compactionId: 'k' },
      compaction('completed'),
      compaction('completed', { summary: [{ type: 'text', text: 'All of it.' }] }),
      compaction('failed', { error: 'no room' }),
    ]),
  ).toEqual([
    { on: 'compaction', state: 'running', summary: '' },
    { on: 'compaction', state: 'done', summary: 'We dug a hole.' },
    { on: 'compaction', state: 'done', summary: 'All of it.' },
    { on: 'compaction', state: 'failed', summary: 'no room' },
  ]);
});

const MODES = {
  currentModeId: 'default',
  availableModes: [{ id: 'default', name: 'Default' }, { id: 'yolo', name: 'YOLO' }, 'no mode'],
};

test('[AG10] a mode that is a config option too is one option, and follows either message', () => {
  const select = {
    id: 'mode',
    name: 'Mode',
    category: 'mode',
    type: 'select',
    currentValue: 'default',
    options: [
      { group: 'g', name: 'G', options: [{ value: 'default', name: 'Default' }] },
      { value: 'yolo' },
    ],
  };
  const session = rememberSession(nobody, { modes: MODES, configOptions: [select, 'no option'] });
  expect(session.options.map(({ option, by }) => [option.id, by, option.choices.length])).toEqual([
    ['mode', 'config', 2],
  ]);
  const value = (event: AgentEvent | undefined) =>
    event?.on === 'options' ? [event.options[0]?.value, event.actsAlone] : event;
  const [switched, unlisted, tame, back] = told(
    [
      { sessionUpdate: 'current_mode_update', currentModeId: 'yolo' },
      { sessionUpdate: 'current_mode_update', currentModeId: 'bypass-nobody-can-choose' },
      { sessionUpdate: 'current_mode_update', currentModeId: 'plan-nobody-can-choose' },
      { sessionUpdate: 'config_option_update', configOptions: [select] },
    ],
    session,
  );
  expect([value(switched), value(unlisted), value(tame), value(back)]).toEqual([
    ['yolo', true],
    ['bypass-nobody-can-choose', true],
    ['plan-nobody-can-choose', false],
    ['default', false],
  ]);
});

test('[AG10] of hundreds of models a hundred are kept, the one in use among them', () => {
  const availableModels = Array.from({ length: 300 }, (_, n) => ({ modelId: `m${n}` }));
  const models = { currentModelId: 'm250', availableModels };
  const [model] = rememberSession(nobody, { models }).options;
  expect(model?.option.choices).toHaveLength(100);
  expect(model?.option.choices[0]).toEqual({ value: 'm250', name: 'm250', description: '' });
});

test('[AG5] a permission option of a kind we do not know is not offered; without any it is no question', () => {
  const options = [
    { optionId: 'once', name: '', kind: 'allow_once' },
    { optionId: 'more', name: 'More', kind: 'allow_everything' },
  ];
  expect(acpQuestion({ options, toolCall: { toolCallId: 'c', title: 'ls' } })).toEqual({
    call: 'c',
    patch: { title: 'ls' },
    options: [{ id: 'once', name: 'once', kind: 'allow_once' }],
  });
  expect(acpQuestion({ options })).toMatchObject({ call: null, patch: {} });
  expect(acpQuestion({ options: options.slice(1) })).toBeNull();
  expect(acpQuestion('nothing')).toBeNull();
});

test('[AG5] an unknown update’s name is shown, as far as a name goes', () => {
  expect(told([{ sessionUpdate: 'x'.repeat(5000) }])).toEqual([
    { on: 'unknown', name: 'x'.repeat(64) },
  ]);
});

const KINDS = [
  'agent_message_chunk',
  'tool_call',
  'tool_call_update',
  'plan',
  'plan_update',
  'plan_removed',
  'usage_update',
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
  'session_info_update',
  'notice',
  'compaction_update',
  'compaction_summary_chunk',
];
const FIELDS = [
  'content',
  'toolCallId',
  'entries',
  'plan',
  'planId',
  'used',
  'size',
  'availableCommands',
  'configOptions',
  'currentModeId',
  'title',
  'status',
  'rawInput',
  'rawOutput',
  'locations',
  '_meta',
  '__proto__',
];

test('[AG5] whatever stands in an update, nothing throws, and it is never dropped in silence', () => {
  const update = fc
    .tuple(fc.constantFrom(...KINDS), fc.dictionary(fc.constantFrom(...FIELDS), fc.jsonValue()))
    .map(([sessionUpdate, fields]) => ({ ...fields, sessionUpdate }));
  fc.assert(
    fc.property(fc.array(update), fc.jsonValue(), (updates, anything) => {
      for (const event of told([...updates, anything])) expect(event.on).toBeTypeOf('string');
      acpTurnEnd(anything);
      acpQuestion(anything);
      rememberSession(nobody, anything);
    }),
  );
});
