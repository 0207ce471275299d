import { expect, test } from 'vitest';
import { reachedLimit, NO_LIMITS } from '../../../src/agent/prompt-limits.ts';
import {
  contextLevel,
  NO_USAGE,
  plusTurn,
  threadUsage,
  turnTokens,
  usageSum,
} from '../../../src/agent/usage.ts';
import type { TurnUsage } from '../../../src/protocol/thread.ts';
import { Alice, Bob, ENDED, runningTalk, tokens } from './talk.ts';

const usage = (more: Partial<TurnUsage>): TurnUsage => ({
  ...tokens(null, null),
  cost: null,
  estimated: false,
  ...more,
});

test('[TH34] what a thread and each person used, by who prompted; the silent turn is counted apart', () => {
  const talk = runningTalk();
  talk.tell({ on: 'turnEnded', stop: 'end_turn', tokens: tokens(10, 2) });
  talk.prompt(Bob, 'b');
  talk.tell(ENDED);
  talk.prompt(Bob, 'b');
  talk.tell({ on: 'counted', tokens: tokens(3, null, 4), estimated: true }, ENDED);
  talk.prompt(Alice, 'a');
  const sums = threadUsage(talk.parts());
  expect(sums.all).toEqual({
    turns: 3,
    input: 13,
    output: 2,
    total: 16,
    costs: [],
    estimated: true,
    silent: 1,
  });
  expect(sums.by.get(Bob)).toMatchObject({ turns: 2, total: 4, output: null, silent: 1 });
  expect([sums.prompts, sums.promptsBy.get(Alice), sums.promptsBy.get(Bob)]).toEqual([4, 2, 2]);
});

test('[TH34] not reported is not 0, and each currency has its own sum', () => {
  expect(turnTokens(usage({}))).toBeNull();
  expect(turnTokens(usage({ output: 3 }))).toBe(3);
  expect(turnTokens(usage({ input: 1, output: 3, total: 9 }))).toBe(9);
  const paid = (amount: number, currency: string) => usage({ cost: { amount, currency } });
  const one = plusTurn(plusTurn(NO_USAGE, paid(1, 'USD')), paid(2, 'EUR'));
  const both = usageSum([one, plusTurn(NO_USAGE, paid(3, 'USD')), NO_USAGE]);
  expect(both).toMatchObject({
    turns: 3,
    total: null,
    costs: [
      { amount: 4, currency: 'USD' },
      { amount: 2, currency: 'EUR' },
    ],
  });
});

test('[TH35] a window is nearly full from 80 % on', () => {
  const level = (used: number) => contextLevel({ used, size: 1000 });
  expect([0, 799, 800, 949, 950, 2000].map(level)).toEqual([
    'fine',
    'fine',
    'near',
    'near',
    'full',
    'full',
  ]);
  expect(contextLevel({ used: 5, size: 0 })).toBe('fine');
});

test('[TH28] a limit is reached by what was reported in its own unit, and says about what is estimated', () => {
  const spent = {
    prompts: 3,
    usage: { ...NO_USAGE, total: 1234, estimated: true, costs: [{ amount: 9, currency: 'EUR' }] },
  };
  const of = (limits: object) => reachedLimit('person', { ...NO_LIMITS, ...limits }, spent);
  expect(of({})).toBe('none');
  expect(of({ prompts: 4, tokens: 1235, cost: { amount: 1, currency: 'USD' } })).toBe('none');
  expect(of({ tokens: 1000 })).toEqual({
    fault: 'thread.limitTokens',
    sentence: 'One person may use 1,000 tokens; about 1,234 are used.',
  });
  expect(of({ prompts: 3 })).toMatchObject({ fault: 'thread.limitPrompts' });
  const silent = { prompts: 3, usage: NO_USAGE };
  expect(reachedLimit('thread', { ...NO_LIMITS, tokens: 1 }, silent)).toBe('none');
});
