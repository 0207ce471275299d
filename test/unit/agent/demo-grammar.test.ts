import { expect, test } from 'vitest';
import {
  DEMO_STEPS_MAX,
  DEMO_WORDS,
  demoSteps,
  estimatedTokens,
} from '../../../src/agent/built-in/demo-grammar.ts';

test('a line is a step, and so is what stands between ;;', () => {
  expect(demoSteps('run ls; echo hi ;; say Done.\n\nfail tool')).toEqual([
    { do: 'run', command: 'ls; echo hi' },
    { do: 'say', text: 'Done.' },
    { do: 'fail', how: 'tool' },
  ]);
});

test.each([
  ['read "two words.txt"', { do: 'read', path: 'two words.txt' }],
  ['write a.txt one\\ntwo', { do: 'write', path: 'a.txt', text: 'one\ntwo\n' }],
  ['replace a.txt /old/new/', { do: 'replace', path: 'a.txt', from: 'old', to: 'new' }],
  ['replace a.txt |a/b||', { do: 'replace', path: 'a.txt', from: 'a/b', to: '' }],
  ['plan look; write ; ;test', { do: 'plan', items: ['look', 'write', 'test'] }],
  ['slow 0.5', { do: 'slow', seconds: 0.5 }],
  ['stream 75 60', { do: 'stream', perSecond: 75, seconds: 60 }],
  ['ask', { do: 'ask', question: 'May I?' }],
  ['/HELP', { do: 'help' }],
])('%s is understood', (line, step) => {
  expect(demoSteps(line)).toEqual([step]);
});

test.each([
  'run',
  'read',
  'read a b',
  'write',
  'replace a.txt',
  'replace a.txt /old/new',
  'replace a.txt //new/',
  'replace a.txt /a/b/c/',
  'plan ;',
  'slow',
  'slow 1e9',
  'slow -1',
  'stream 75',
  'stream 1000000 1',
  'fail twice',
])('[BA1] %s is told how it is written', (line) => {
  expect(demoSteps(line)).toEqual([
    { do: 'wrong', line, because: expect.stringMatching(/^It is: \w+/) },
  ]);
});

test.each(['hello', 'constructor', 'toString x', '__proto__'])('[BA1] %s is not known', (line) => {
  expect(demoSteps(line)).toEqual([{ do: 'wrong', line, because: 'I do not know this.' }]);
});

test('the tour is made of steps that can be typed', () => {
  expect(demoSteps('tour').map((step) => step.do)).toEqual([
    'think',
    'plan',
    'run',
    'write',
    'replace',
    'say',
  ]);
  for (const name of Object.keys(DEMO_WORDS)) expect(demoSteps(name)).not.toEqual([]);
});

test('a prompt of too many steps does none of them', () => {
  const [only, ...others] = demoSteps('help\n'.repeat(DEMO_STEPS_MAX + 1));
  expect(only).toMatchObject({ do: 'wrong' });
  expect(others).toEqual([]);
});

test('tokens are estimated by characters', () => {
  expect([estimatedTokens(''), estimatedTokens('abcd'), estimatedTokens('abcde')]).toEqual([
    0, 1, 2,
  ]);
});
