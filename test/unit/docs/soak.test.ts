// A soak tries each property far more often: a count that stands there as a number is tried no
// more often than in any test run.
import { expect, test } from 'vitest';
import { texts } from './repository.ts';

const files = texts(/^test\/.*\.test\.ts$/);

test('how often a property is tried is said by loops(), so that a soak can try it more often', () => {
  const counts = files.flatMap(({ path, text }) =>
    [...text.matchAll(/(?<=\{ )numRuns: ([^,}]*)/g)].map(([, count = '']) => ({ path, count })),
  );
  expect(counts.length).toBeGreaterThan(20);
  expect(counts.filter(({ count }) => !count.startsWith('loops('))).toEqual([]);
});

test('every file of properties and fuzzing tries more in a soak', () => {
  const tried = files.filter(({ path }) => /^test\/(?:property|fuzz)\//.test(path));
  expect(tried.length).toBeGreaterThan(14);
  const isTried = (text: string): boolean => /\bloops\(|\bassert\(/.test(text);
  expect(tried.filter(({ text }) => !isTried(text)).map(({ path }) => path)).toEqual([]);
});
