import { expect, test } from 'vitest';
import {
  clockWords,
  durationWords,
  hasHidden,
  initialsOf,
  isFailure,
  leftWords,
  shortDirectory,
  visibleText,
} from '../../../src/ui/model/words.ts';

test.each([
  [-3, '0 ms'],
  [48.4, '48 ms'],
  [1_240, '1.2 s'],
  [42_900, '42 s'],
  [184_000, '3 m 04 s'],
  [7_500_000, '2 h 05 m'],
])('%d ms reads %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [581_000, '9:41'],
  [3_729_000, '1:02:09'],
  [400, '0:01'],
  [-9, '0:00'],
])('%d ms left reads %s', (ms, words) => {
  expect(leftWords(ms)).toBe(words);
});

test('a time of today is a time, one of another day carries its date, in the zone of the page', () => {
  const noon = Date.UTC(2026, 1, 28, 12, 0);
  expect(clockWords(noon, noon + 1000, 0)).toBe('12:00');
  expect(clockWords(noon, noon + 1000, 330)).toBe('17:30');
  expect(clockWords(Date.UTC(2024, 1, 29, 23, 59), noon, 0)).toBe('2024-02-29 23:59');
  expect(clockWords(Date.UTC(2024, 1, 29, 23, 59), noon, 2)).toBe('2024-03-01 00:01');
});

test('days agree with the calendar for a hundred years', () => {
  const now = Date.UTC(2100, 0, 1);
  for (let day = 0; day < 36_500; day += 17) {
    const at = day * 86_400_000;
    expect(clockWords(at, now, 0)).toBe(`${new Date(at).toISOString().slice(0, 10)} 00:00`);
  }
});

test.each([
  ['Alice Moreau', 'AM'],
  ['bob', 'B'],
  ['  Ana   María López ', 'AL'],
  ['李 雷', '李雷'],
  ['🦊 fox', '🦊F'],
  ['', '?'],
])('%s is shown as %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test('nothing in a command can hide: controls and bidi are written out, line breaks and tabs stay', () => {
  expect(visibleText('rm -rf ~\u202e# safe')).toBe('rm -rf ~⟨U+202E⟩# safe');
  expect(visibleText('a\tb\nc')).toBe('a\tb\nc');
  expect(visibleText('a\u001b[2Jb\rc\u200b')).toBe('a⟨U+001B⟩[2Jb⟨U+000D⟩c⟨U+200B⟩');
  expect(hasHidden('plain ünïcode ✓')).toBe(false);
});

test('failed means failed: not a Ctrl-C, not a closed pipe, not an exit nobody told', () => {
  expect([null, 0, 130, 141].map(isFailure)).toEqual([false, false, false, false]);
  expect([1, 2, 127, 137, 255].map(isFailure)).toEqual([true, true, true, true, true]);
});

test('a long directory keeps its last two names', () => {
  expect(shortDirectory('~/src')).toBe('~/src');
  expect(shortDirectory(`/home/alice/${'deep/'.repeat(9)}last`)).toBe('…/deep/last');
});
