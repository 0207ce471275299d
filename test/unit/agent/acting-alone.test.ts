import { expect, test } from 'vitest';
import { actsAlone } from '../../../src/agent/acting-alone.ts';
import type { AgentOption } from '../../../src/protocol/thread.ts';

const option = (id: string, category: string, value: string, name = value): AgentOption => ({
  id,
  name: id,
  category,
  value,
  choices: [{ value, name, description: '' }],
});
const mode = (value: string, name = value): AgentOption => option('mode', 'mode', value, name);

test.each([
  ['claude', 'default', 'Always Ask', false],
  ['claude', 'plan', 'Plan Mode', false],
  ['claude', 'acceptEdits', 'Accept Edits', true],
  ['claude', 'bypassPermissions', 'Bypass Permissions', true],
  ['claude', 'dontAsk', 'Don’t Ask', true],
  ['claude', 'auto', 'Auto', true],
  ['qwen-code', 'default', 'Default', false],
  ['qwen-code', 'auto-edit', 'Auto Edit', true],
  ['qwen-code', 'yolo', 'YOLO', true],
  ['gemini-cli', 'autoEdit', 'Auto Edit', true],
  ['codex-acp', 'read-only', 'Read Only', false],
  ['codex-acp', 'agent', 'Agent', true],
  ['codex-acp', 'agent-full-access', 'Full Access', true],
  ['copilot', 'https://agentclientprotocol.com/protocol/session-modes#agent', 'Agent', false],
  ['copilot', 'https://agentclientprotocol.com/protocol/session-modes#autopilot', 'Auto', true],
  ['Demo agent (no model)', 'ask', 'Ask first', false],
  ['Demo agent (no model)', 'act', 'Act without asking', true],
  ['anybody', 'automatic-planning', 'Automatic planning', false],
])('[AG11] %s in the mode %s (%s): %s', (agent, value, name, alone) => {
  expect(actsAlone(agent, [mode(value, name)], {})).toBe(alone);
});

test('[AG11] a switch that allows all counts, and only where it is on', () => {
  expect(actsAlone('x', [option('allow_all', 'permissions', 'true')], {})).toBe(true);
  expect(actsAlone('x', [option('allow_all', 'permissions', 'false')], {})).toBe(false);
  expect(actsAlone('x', [option('fast', 'model_config', 'true')], {})).toBe(false);
  expect(actsAlone('x', [option('approval_policy', 'other', 'never')], {})).toBe(true);
  expect(actsAlone('x', [option('model', 'model', 'auto')], {})).toBe(false);
});

test.each([
  [{}, true],
  [{ OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}' }, false],
  [{ OPENCODE_PERMISSION: '{"bash":"ask"}' }, true],
  [{ OPENCODE_PERMISSION: '{"edit":"ask","bash":{"*":"ask","git status":"allow"}}' }, false],
  [{ OPENCODE_PERMISSION: '{"*":"ask"}' }, false],
  [{ OPENCODE_PERMISSION: '"ask"' }, false],
  [{ OPENCODE_PERMISSION: 'no json' }, true],
  [{ OPENCODE_CONFIG_CONTENT: '{"permission":{"edit":"deny","bash":"ask"}}' }, false],
  [{ OPENCODE_CONFIG_CONTENT: '{"model":"x"}' }, true],
  [
    {
      OPENCODE_PERMISSION: '{"edit":"ask","bash":"ask"}',
      OPENCODE_CONFIG_CONTENT: '{"permission":"allow"}',
    },
    true,
  ],
])('[AG11] opencode asks only where it was started so: %j', (env, alone) => {
  expect(actsAlone('OpenCode', [mode('build')], env)).toBe(alone);
});
