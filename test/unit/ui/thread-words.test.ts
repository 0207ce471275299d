import { expect, test } from 'vitest';
import { threadsOf, type Thread } from '../../../src/session/threads.ts';
import type { Segment } from '../../../src/protocol/thread.ts';
import {
  agentBadge,
  answerWords,
  contextShare,
  costWords,
  countsOf,
  endReason,
  endWords,
  planCount,
  sinceWords,
  threadName,
  threadState,
  thoughtWords,
  tokenWords,
  usageWords,
  workWords,
} from '../../../src/ui/model/thread-words.ts';
import { BOB } from '../../ui-fixtures/people.ts';
import {
  answer,
  DEMO,
  end,
  HEAD,
  OPTIONS,
  partsOf,
  prompt,
  segmentOf,
  USAGE,
} from '../../ui-fixtures/threads.ts';

function threadWith(more: Partial<Segment>): Thread {
  const [thread] = threadsOf([segmentOf('a', 1, more)]);
  if (thread === undefined) throw new Error('one segment is one thread');
  return thread;
}

test.each([
  [0, '0'],
  [842, '842'],
  [4214, '4.2k'],
  [9949, '9.9k'],
  [9950, '10k'],
  [128_000, '128k'],
  [999_499, '999k'],
  [1_300_000, '1.3M'],
])('%i tokens are %s', (count, words) => {
  expect(tokenWords(count)).toBe(words);
});

test('a cost keeps the figures that count', () => {
  expect(costWords({ amount: 0.0188, currency: 'USD' })).toBe('$0.02');
  expect(costWords({ amount: 0.00042, currency: 'USD' })).toBe('$0.00042');
  expect(costWords({ amount: 0, currency: 'EUR' })).toBe('€0.00');
  expect(costWords({ amount: 12, currency: 'XTS' })).toBe('12.00 XTS');
});

test('what a turn used is said as it was reported', () => {
  expect(endWords(end().head)).toBe('12 s · 4.2k in · 192 out · $0.02');
  expect(endWords(end({ usage: null }).head)).toBe('12 s · tokens not reported');
  const nothing = { ...USAGE, input: null, output: null, total: null, cost: null };
  expect(usageWords(countsOf(nothing))).toBe('tokens not reported');
  expect(usageWords(countsOf({ ...nothing, total: 900 }))).toBe('900 tokens');
  expect(usageWords(countsOf({ ...USAGE, cost: null, estimated: true }))).toBe(
    '~4.2k in · ~192 out · estimated',
  );
});

test('why a turn ended is said with who ended it', () => {
  const nameOf = () => 'Bob';
  expect(endReason(end().head, nameOf)).toBeNull();
  expect(endReason(end({ reason: 'cancelled', by: BOB }).head, nameOf)?.words).toBe(
    'Stopped by Bob',
  );
  expect(endReason(end({ reason: 'cancelled' }).head, nameOf)?.words).toBe('Stopped');
  expect(endReason(end({ reason: 'max_tokens' }).head, nameOf)?.tone).toBe('bad');
});

test('a running turn says what it is at, and a silent one for how long', () => {
  const head = { status: 'running' as const, turnSince: 0, quietSince: null };
  expect(workWords(head, null, 'OpenCode', 12_400)).toBe('OpenCode is working · 12 s');
  const thinking = { kind: 'thought' as const, startedAt: 8000, endedAt: null };
  expect(workWords(head, thinking, 'OpenCode', 12_400)).toBe('Thinking 4 s · 12 s');
  expect(workWords({ ...head, quietSince: 0 }, null, 'OpenCode', 34_000)).toBe(
    'No answer yet, 34 s',
  );
  expect(workWords({ ...head, status: 'waiting' }, null, 'OpenCode', 1)).toBe(
    'OpenCode waits for permission',
  );
  expect(thoughtWords({ ...thinking, endedAt: 72_000 }, 0)).toBe('Thought for 1 m 04 s');
  expect(sinceWords(5000, 1000)).toBe('0 s');
});

test('how a thread is: its status, and once it is quiet how its last turn ended', () => {
  expect(threadState(threadWith({})).words).toBe('Ready');
  expect(threadState(threadWith({ parts: partsOf(1, 1, end()) })).words).toBe('Done');
  const failed = threadWith({ parts: partsOf(1, 1, end({ reason: 'failed' })) });
  expect(threadState(failed)).toEqual({ tone: 'bad', words: 'Failed' });
  const waiting = threadWith({ head: { ...HEAD, status: 'waiting' } });
  expect(threadState(waiting).tone).toBe('ask');
});

test('a thread without a title is called by its first prompt, without either by its agent', () => {
  const untitled = { head: HEAD };
  expect(threadName(threadWith({}))).toBe('Fix the tide table');
  expect(threadName(threadWith({ ...untitled, parts: partsOf(1, 1, prompt('one\ntwo')) }))).toBe(
    'one',
  );
  expect(
    threadName(threadWith({ ...untitled, parts: partsOf(1, 1, prompt('x'.repeat(99))) })),
  ).toHaveLength(60);
  expect(threadName(threadWith({ ...untitled, parts: partsOf(1, 1, answer('x')) }))).toBe(
    'OpenCode',
  );
});

test('what is no AI says so wherever it is named', () => {
  expect(agentBadge(DEMO)).toBe('Demo agent (no model)');
});

test('answers, plans and context in words', () => {
  expect(answerWords(OPTIONS[0], 'Bob')).toBe('Allowed by Bob');
  expect(answerWords(OPTIONS[2], 'Bob')).toBe('Rejected by Bob');
  expect(answerWords(undefined, 'Bob')).toBe('Answered by Bob');
  expect(planCount([{ status: 'completed' }, { status: 'pending' }])).toBe('1/2');
  expect(contextShare({ used: 5, size: 0 })).toBe(0);
  expect(contextShare({ used: 300, size: 200 })).toBe(1);
});
