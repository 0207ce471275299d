import { expect, test } from 'vitest';
import { EMPTY_HISTORY, remembered, stepped } from '../../../src/ui/model/input-history.ts';
import { fittedFont, gridIn } from '../../../src/ui/model/fit.ts';
import { focusAfter } from '../../../src/ui/model/focus.ts';
import { themeModel } from '../../../src/ui/model/theme.ts';
import { ticker } from '../../../src/ui/model/ticker.ts';
import { fakeClock } from '../../fake-clock.ts';

test('Up brings back what ran, newest first, and Down returns to what was being typed', () => {
  const history = ['ls', 'make', 'make', ' '].reduce(remembered, EMPTY_HISTORY);
  const first = stepped(history, 'gi', 'older');
  expect(first?.[1]).toBe('make');
  const second = first === null ? null : stepped(first[0], first[1], 'older');
  expect(second?.[1]).toBe('ls');
  expect(second === null ? null : stepped(second[0], second[1], 'older')).toBeNull();
  const back = first === null ? null : stepped(first[0], first[1], 'newer');
  expect(back?.[1]).toBe('gi');
  expect(stepped(history, 'gi', 'newer')).toBeNull();
});

test('the sharer’s page asks for the cells it has room for, within the limits', () => {
  expect(gridIn({ width: 1232, height: 684 }, { width: 7.8, height: 18 })).toEqual({
    cols: 157,
    rows: 38,
  });
  expect(gridIn({ width: 60, height: 20 }, { width: 7.8, height: 18 })).toEqual({
    cols: 20,
    rows: 5,
  });
  expect(gridIn({ width: 99_999, height: 99_999 }, { width: 7, height: 18 })).toEqual({
    cols: 500,
    rows: 200,
  });
  expect(gridIn({ width: 600, height: 400 }, { width: 0, height: 0 })).toBeNull();
});

test('a viewer’s page shrinks the letters until the grid fits, as far as one can read', () => {
  const at = { fontPx: 13, cellWidth: 7.8, cols: 100, width: 1232, full: false };
  expect(fittedFont(at)).toBe(13);
  expect(fittedFont({ ...at, cols: 200 })).toBe(10);
  expect(fittedFont({ ...at, cols: 500 })).toBe(9);
  expect(fittedFont({ ...at, width: 358 })).toBe(12);
  expect(fittedFont({ ...at, width: 358, full: true })).toBe(9);
  expect(fittedFont({ ...at, fontPx: 9, cellWidth: 5.4 })).toBe(13);
});

test('typing follows the command Alice sent, and comes back when it is done', () => {
  const ours = { mayType: true, sent: true };
  expect(focusAfter('prompt', 'running', 'input', ours)).toBe('grid');
  expect(focusAfter('running', 'prompt', 'grid', ours)).toBe('input');
  expect(focusAfter('prompt', 'running', 'input', { ...ours, sent: false })).toBeNull();
  expect(focusAfter('prompt', 'running', 'input', { ...ours, mayType: false })).toBeNull();
  expect(focusAfter('prompt', 'running', 'elsewhere', ours)).toBeNull();
  expect(focusAfter('running', 'prompt', 'elsewhere', ours)).toBeNull();
});

test('the theme is the system’s until a person chooses, and the choice is kept', () => {
  const kept = new Map<string, string>();
  const shelf = {
    get: (key: string) => kept.get(key) ?? null,
    set: (key: string, value: string) => kept.set(key, value).size > 0,
    remove: (key: string) => void kept.delete(key),
  };
  const theme = themeModel(shelf, 'dark');
  theme.system('light');
  expect(theme.theme.value).toBe('light');
  theme.toggle();
  theme.system('light');
  expect(theme.theme.value).toBe('dark');
  expect(themeModel(shelf, 'light').theme.value).toBe('dark');
});

test('the clock ticks only while someone looks', async () => {
  const clock = fakeClock();
  const now = ticker(clock);
  expect(clock.timers()).toBe(0);
  const seen: number[] = [];
  const stop = now.subscribe((at) => void seen.push(at - 1_700_000_000_000));
  await clock.pass(2500);
  expect(seen).toEqual([0, 1000, 2000]);
  stop();
  expect(clock.timers()).toBe(0);
});
