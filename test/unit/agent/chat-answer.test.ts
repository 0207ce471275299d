import { expect, test } from 'vitest';
import {
  ANSWER_CALLS_MAX,
  gathered,
  NO_ANSWER,
  type ChatAnswer,
} from '../../../src/agent/built-in/chat-answer.ts';
import type { ModelFault } from '../../../src/agent/built-in/model-faults.ts';

interface Told {
  readonly answer: ChatAnswer;
  readonly text: string;
  readonly thoughts: string;
  readonly fault: ModelFault | null;
}

function tell(chunks: readonly unknown[]): Told {
  let told: Told = { answer: NO_ANSWER, text: '', thoughts: '', fault: null };
  for (const chunk of chunks) {
    const next = gathered(told.answer, JSON.stringify(chunk));
    if (!next.ok) return { ...told, fault: next.fault };
    const { text, thoughts } = next.piece;
    told = {
      ...told,
      answer: next.answer,
      text: told.text + text,
      thoughts: told.thoughts + thoughts,
    };
  }
  return told;
}

const delta = (delta: object): object => ({ choices: [{ delta, finish_reason: null }] });
const call = (index: number | undefined, id: string | undefined, name?: string, args?: string) =>
  delta({ tool_calls: [{ index, id, function: { name, arguments: args } }] });

test('text and thoughts are told as they come, under either name', () => {
  const told = tell([
    delta({ role: 'assistant', content: '' }),
    delta({ reasoning_content: 'Hm' }),
    delta({ reasoning: 'm.' }),
    delta({ content: 'Yes' }),
    delta({ content: '.', reasoning_content: null }),
    { choices: [{ delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
  ]);
  expect([told.text, told.thoughts, told.answer.finish]).toEqual(['Yes.', 'Hmm.', 'stop']);
  expect(told.answer.tokens).toEqual({ input: 7, output: 3, thought: null, cachedRead: null });
});

test('the details of usage are read where they are given', () => {
  const details = {
    prompt_tokens_details: { cached_tokens: 5 },
    completion_tokens_details: { reasoning_tokens: 2 },
  };
  const usage = { prompt_tokens: 7, completion_tokens: 3, ...details };
  expect(tell([{ usage }]).answer.tokens).toMatchObject({ thought: 2, cachedRead: 5 });
});

test('two calls whose deltas alternate are put together by their index', () => {
  const { answer } = tell([
    call(0, 'a', 'read', '{"path":'),
    call(1, 'b', 'shell', ''),
    call(0, undefined, undefined, '"x"}'),
    call(1, undefined, undefined, '{"command":"ls"}'),
  ]);
  expect(answer.calls).toEqual([
    { id: 'a', name: 'read', args: '{"path":"x"}' },
    { id: 'b', name: 'shell', args: '{"command":"ls"}' },
  ]);
});

test('whole calls that all have index 0, and calls without an id or an index, stay apart', () => {
  const same = tell([call(0, 'a', 'read', '{}'), call(0, 'b', 'plan', '{}')]).answer.calls;
  expect(same.map((c) => c.name)).toEqual(['read', 'plan']);
  const bare = tell([call(0, undefined, 'read', '{'), call(undefined, undefined, undefined, '}')]);
  expect(bare.answer.calls).toEqual([{ id: 'call-0', name: 'read', args: '{}' }]);
  const twice = tell([call(0, 'a', 'read', '{'), call(0, 'a', undefined, '}')]);
  expect(twice.answer.calls).toEqual([{ id: 'a', name: 'read', args: '{}' }]);
});

test.each([
  [['<think>Hm.</think>Yes.'], 'Hm.', 'Yes.'],
  [
    ['<th', 'ink>\nH', 'm.</t', 'hin', 'k>\n\nYes', ' <think> is a tag.'],
    '\nHm.',
    'Yes <think> is a tag.',
  ],
  [['No ', '<think>tags</think>'], '', 'No <think>tags</think>'],
  [['<think>a </ b </think', '> c'], 'a </ b ', 'c'],
  [['<', 'b>bold</b>'], '', '<b>bold</b>'],
])('thoughts in tags at the beginning are thoughts: %j', (pieces, thoughts, text) => {
  const told = tell(pieces.map((content) => delta({ content })));
  expect([told.thoughts, told.text]).toEqual([thoughts, text]);
});

test('an error in the middle, garbage and a flood end it with their names', () => {
  expect(tell([{ error: { message: 'out of memory' } }]).fault).toEqual({
    fault: 'said',
    detail: 'out of memory',
  });
  expect(tell([{ error: 'busy' }]).fault).toMatchObject({ fault: 'said', detail: 'busy' });
  expect(tell([{ choices: 'no' }]).fault).toEqual({ fault: 'notChat' });
  expect(gathered(NO_ANSWER, '<html>')).toEqual({ ok: false, fault: { fault: 'notChat' } });
  const calls = Array.from({ length: ANSWER_CALLS_MAX + 1 }, (_, n) => call(n, `c${n}`, 'x', ''));
  expect(tell(calls).fault).toEqual({ fault: 'flood' });
  const text = 'x'.repeat(200_000);
  expect(tell(Array.from({ length: 3 }, () => delta({ content: text }))).fault).toEqual({
    fault: 'flood',
  });
});
