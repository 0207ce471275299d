import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AgentServers, launchOf } from '../../../src/agent/agent-servers.ts';

test('[AG17] what people have for Zed and JetBrains pastes in', () => {
  const pasted = {
    'My Agent': { type: 'custom', command: 'node', args: ['agent.js', '--acp'], env: {} },
    Claude: { command: 'claude-agent-acp', use_idea_mcp: true },
    Gemini: { type: 'registry', env: { GEMINI_API_KEY: 'k' } },
  };
  expect(v.parse(AgentServers, pasted)).toEqual({
    'My Agent': { command: 'node', args: ['agent.js', '--acp'], env: {} },
    Claude: { command: 'claude-agent-acp', args: [], env: {} },
    Gemini: { args: [], env: { GEMINI_API_KEY: 'k' } },
  });
});

test.each([
  [{ a: { command: '' } }],
  [{ a: { command: 7 } }],
  [{ a: { command: 'x', args: 'one' } }],
  [{ a: { command: 'x', env: { 'A=B': 'c' } } }],
  [{ ['n'.repeat(65)]: { command: 'x' } }],
  [{ 'a\nb': { command: 'x' } }],
  [Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, { command: 'x' }]))],
])('[AG17] no list of agents: %j', (servers) => {
  expect(v.safeParse(AgentServers, servers).success).toBe(false);
});

test('[AG17] home and variables are put in where they stand, once', () => {
  const server = {
    command: '~/bin/agent',
    args: ['~', '~/x', 'a~b', '--at=${PLACE}/y', '$PLACE', '${PLACE}${PLACE}'],
    env: { KEY: '${TRICK}' },
  };
  const env = { PLACE: '/srv', TRICK: '${PLACE}' };
  expect(launchOf(server, env, '/home/alice')).toEqual({
    ok: true,
    value: {
      command: '/home/alice/bin/agent',
      args: ['/home/alice', '/home/alice/x', 'a~b', '--at=/srv/y', '$PLACE', '/srv/srv'],
      env: { KEY: '${PLACE}' },
    },
  });
});

test('[AG17] a variable that is not set, or no command at all, is said', () => {
  const unset = launchOf({ command: 'x', args: ['${NO_SUCH}'], env: {} }, {}, '/h');
  expect(unset).toEqual({ ok: false, fault: 'Its settings name ${NO_SUCH}, which is not set.' });
  expect(launchOf({ args: [], env: {} }, {}, '/h')).toMatchObject({ ok: false });
});
