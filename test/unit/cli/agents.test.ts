import { expect, test } from 'vitest';
import type { ListedAgent } from '../../../src/agent/agent-search.ts';
import { agentsFlags } from '../../../src/cli/agents-flags.ts';
import { agentLines, agentRecord, checkWords, commandText } from '../../../src/cli/agents-words.ts';

test.each([
  [[], { do: 'list', json: false }],
  [['--json'], { do: 'list', json: true }],
  [['--check', 'opencode'], { do: 'check', name: 'opencode' }],
  [['--agree', 'project/x'], { do: 'agree', name: 'project/x' }],
  [['remove', 'x'], { do: 'remove', name: 'x' }],
  [
    ['add', 'My agent', '--env', 'K=a=b\nc', '--', 'node', '--acp', '--'],
    {
      do: 'add',
      name: 'My agent',
      server: { command: 'node', args: ['--acp', '--'], env: { K: 'a=b\nc' } },
    },
  ],
])('[AG19] %j', (args, value) => {
  expect(agentsFlags(args)).toEqual({ ok: true, value });
});

test.each([
  [['add']],
  [['add', 'x']],
  [['add', 'x', '--']],
  [['add', 'x', '--env', 'K', '--', 'y']],
  [['add', 'x', '--env', '=v', '--', 'y']],
  [['add', 'x'.repeat(65), '--', 'y']],
  [['remove']],
  [['dance']],
  [['--', 'x']],
  [['--check']],
])('[AG19] not understood: %j', (args) => {
  expect(agentsFlags(args).ok).toBe(false);
});

const found: ListedAgent = {
  card: { id: 'mine', name: 'Mine\u001b[2J', kind: 'agent' },
  from: 'settings',
  state: {
    is: 'found',
    line: { command: '/opt/mine', args: ['two words'], env: { API_KEY: 'hush' } },
  },
  written: null,
  signIn: 'Run “mine login”.',
};

test('[AG19] a list names what is found, what is not and how to get it, and no variable’s value', () => {
  const line = { command: './agent', args: [], env: { TOKEN: 'hush' } };
  const lines = agentLines([
    {
      card: { id: 'claude', name: 'Claude', kind: 'agent' },
      from: 'path',
      state: {
        is: 'notFound',
        command: 'claude-agent-acp',
        otherwise: ['npx', '-y', 'x'],
        lacksAdapter: true,
      },
      written: null,
      signIn: null,
    },
    {
      card: { id: 'project/a', name: 'a', kind: 'agent' },
      from: 'project',
      state: { is: 'unasked', line, file: '/p/.meshell.json', agreement: 'f00' },
      written: null,
      signIn: null,
    },
    found,
  ]).join('\n');
  expect(lines).toBe(
    [
      'Found',
      "  mine          Mine[2J               /opt/mine 'two words'",
      'Named by this project, and not run before you say so',
      '  project/a     a                     ./agent   (meshell agents --agree project/a)',
      'Not found',
      '  claude        Claude                it is here, and needs its ACP adapter: npx -y x',
    ].join('\n'),
  );
});

test('[AG19] a record of it names its variables, and no value', () => {
  expect(agentRecord(found)).toEqual({
    id: 'mine',
    name: 'Mine\u001b[2J',
    kind: 'agent',
    from: 'settings',
    state: 'found',
    signIn: 'Run “mine login”.',
    command: '/opt/mine',
    args: ['two words'],
    env: ['API_KEY'],
  });
});

test('[AG19] what a file names by a variable is shown as the file has it', () => {
  const line = { command: '/opt/mine', args: ['--key', 'hush'], env: {} };
  const agent: ListedAgent = {
    ...found,
    state: { is: 'found', line },
    written: ['mine', '--key', '${MY_KEY}'],
  };
  const unasked: ListedAgent = {
    ...agent,
    state: { is: 'unasked', line, file: '/p/.meshell.json', agreement: 'f00' },
  };
  for (const one of [agent, unasked]) {
    expect(agentLines([one]).join()).toContain("mine --key '${MY_KEY}'");
    expect(commandText(one, line)).toBe("mine --key '${MY_KEY}'");
    expect(agentRecord(one)).toMatchObject({ command: 'mine', args: ['--key', '${MY_KEY}'] });
    expect(`${agentLines([one]).join()}${JSON.stringify(agentRecord(one))}`).not.toContain('hush');
  }
});

test('[AG19] a check says in sentences what came of it', () => {
  const first = (event: Parameters<typeof checkWords>[1]) => checkWords(found, event);
  expect(
    first({
      on: 'ready',
      name: 'Mine',
      version: '2',
      session: 's',
      resumed: false,
      options: [],
      actsAlone: true,
    }),
  ).toEqual(['Mine[2J is ready: Mine 2. It acts without asking.']);
  expect(
    first({
      on: 'signIn',
      ways: [{ name: 'Log in', description: '', command: ['mine', 'log in'] }],
    }),
  ).toEqual(['Mine[2J needs a sign-in.', 'Run “mine login”.', "Log in: mine 'log in'"]);
  expect(first({ on: 'failed', because: 'silent', detail: 'a\u0007\nb' })).toEqual([
    'Mine[2J did not answer.',
    '  a',
    '  b',
  ]);
});
