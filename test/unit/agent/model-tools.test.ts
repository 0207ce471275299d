import { expect, test } from 'vitest';
import { TOOL_LIST, toolOrder } from '../../../src/agent/built-in/model-tools.ts';

test('what the model calls for is read, with what it left out', () => {
  expect(toolOrder('shell', '{"command":"ls"}')).toEqual({
    ok: true,
    value: { tool: 'shell', command: 'ls', timeout_seconds: 120 },
  });
  expect(toolOrder('plan', '{"entries":[{"content":"a"}]}')).toMatchObject({
    value: { entries: [{ content: 'a', status: 'pending' }] },
  });
  expect(toolOrder('edit', '{"path":"a","old":"b","new":""}').ok).toBe(true);
});

test.each([
  ['shell', ''],
  ['shell', '{"command":"ls","timeout_seconds":1e9}'],
  ['read', '{"path":"a","first_line":0}'],
  ['write', '{"path":"a"}'],
  ['edit', '{"path":"a","old":"","new":"b"}'],
  ['plan', '{"entries":"all"}'],
  ['write', '{"path": cut'],
])('the model is told what is wrong with %s %s', (name, args) => {
  const read = toolOrder(name, args);
  expect(!read.ok && read.fault).toContain(`Wrong arguments for ${name}: `);
});

test('a tool that is none is answered with those there are', () => {
  const read = toolOrder('constructor', '{}');
  expect(!read.ok && read.fault).toContain('shell, read, write, edit, plan');
  expect(TOOL_LIST.map((tool) => tool.function.name)).toHaveLength(5);
});
