import { expect, test } from 'vitest';
import { usageSum } from '../../../src/agent/usage.ts';
import { isOpen, threadsOf, turnsOf } from '../../../src/session/threads.ts';
import { ALICE, BOB, CAROL } from '../../ui-fixtures/people.ts';
import {
  answer,
  end,
  HEAD,
  MENU,
  NO_MENU,
  partsOf,
  permission,
  PLAN,
  prompt,
  QUEUE,
  segmentOf,
  threadOf,
  USAGE,
} from '../../ui-fixtures/threads.ts';

const first = segmentOf('a', 3, {
  index: 0,
  isOver: true,
  head: { ...HEAD, title: 'Tides', context: { used: 10, size: 100 } },
  queue: QUEUE.slice(0, 1),
  parts: partsOf(1, 1, prompt('one', BOB), PLAN, answer('1'), end()),
});
const second = segmentOf('a', 7, {
  index: 1,
  menu: NO_MENU,
  directory: '~/elsewhere',
  head: { ...HEAD, status: 'running', turn: 2, turnBy: CAROL },
  queue: QUEUE.slice(1),
  parts: partsOf(2, 5, prompt('two', CAROL), answer('2')),
});

test('a thread is joined from its segments: what a later one begins without stands in those before', () => {
  const other = segmentOf('b', 5);
  const [thread, next] = threadsOf([first, other, second]);
  expect(thread).toMatchObject({
    id: threadOf('a'),
    directory: '~/elsewhere',
    head: { title: 'Tides', status: 'running', context: { used: 10, size: 100 } },
    menu: MENU,
    segments: [3, 7],
  });
  expect(thread?.parts.map((part) => part.id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(thread?.queue.map((entry) => entry.id)).toEqual([3, 4, 5]);
  expect(thread?.plan).toHaveLength(5);
  expect(next?.id).toBe(threadOf('b'));
});

test('Dave, who came late, sees the thread from its second segment, with what stands there', () => {
  const [thread] = threadsOf([second]);
  expect(thread).toMatchObject({ head: { title: '', context: null }, menu: NO_MENU, plan: [] });
  expect(thread?.queue.map((entry) => entry.id)).toEqual([4, 5]);
  expect(thread?.usage.turns).toBe(0);
});

test('a thread that did not change is the same object, whatever streams beside it', () => {
  const still = segmentOf('b', 5);
  const [before, unmoved] = threadsOf([first, second, still]);
  const grown = { ...second, parts: [...second.parts, ...partsOf(2, 7, answer('more'))] };
  const [after, same] = threadsOf([first, grown, still]);
  expect(same).toBe(unmoved);
  expect(after).not.toBe(before);
  expect(after?.parts.slice(0, 6).every((part, at) => part === before?.parts[at])).toBe(true);
});

test('what was used is summed over the thread and by who prompted; not reported is not nought', () => {
  const segment = segmentOf('a', 3, {
    parts: [
      ...partsOf(1, 1, prompt('one', BOB), end()),
      ...partsOf(2, 3, prompt('two', CAROL), end({ usage: null })),
      ...partsOf(
        3,
        5,
        prompt('three', BOB),
        end({ usage: { ...USAGE, output: null, cost: { amount: 1, currency: 'EUR' } } }),
      ),
    ],
  });
  const [thread] = threadsOf([segment]);
  expect(thread?.usage).toMatchObject({ turns: 3, input: 8428, output: 192, silent: 1 });
  expect(thread?.usage.costs).toEqual([
    { amount: 0.0188, currency: 'USD' },
    { amount: 1, currency: 'EUR' },
  ]);
  expect(thread?.usageBy.get(BOB)?.turns).toBe(2);
  expect(thread?.usageBy.get(CAROL)).toMatchObject({
    input: null,
    output: null,
    costs: [],
    silent: 1,
  });
  expect(thread?.usageBy.get(ALICE)).toBeUndefined();
  const all = usageSum([...(thread?.usageBy.values() ?? [])]);
  expect(all).toEqual(thread?.usage);
});

test('parts in a row of one turn are that turn; an open permission is one nobody answered', () => {
  expect(turnsOf([...first.parts, ...second.parts]).map((turn) => turn.parts.length)).toEqual([
    4, 2,
  ]);
  const [open, given] = partsOf(
    1,
    1,
    permission('x'),
    permission('y', { state: 'given', option: 'once', by: ALICE, at: 1 }),
  );
  if (open === undefined || given === undefined) throw new Error('two parts were made');
  expect([isOpen(open), isOpen(given)]).toEqual([true, false]);
});
