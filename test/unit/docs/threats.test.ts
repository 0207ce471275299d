// THREAT-MODEL.md names tests that prove its answers: they must be there, in those words.
import { describe, expect, test } from 'vitest';
import { paths, textOf } from './repository.ts';
import { citedIn, provenIn } from './rules.ts';

const model = textOf('docs/THREAT-MODEL.md');
const rows = model
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:threat|---)/.test(line))
  .map((line) => line.slice(2, -1).split(' | '));
const known = new Set(paths());

test('it has a row for each threat, and few without a proof', () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((row) => row.length !== 3)).toEqual([]);
  expect(rows.filter(([, , proof = '']) => !proof.startsWith('`'))).toHaveLength(1);
});

describe.each(
  rows.flatMap(([threat = '', answer = '', proof = '']) => {
    const [, path, title] = /^`([^`]+)` · (.+?)\s*$/.exec(proof) ?? [];
    return path === undefined || title === undefined ? [] : [{ threat, answer, path, title }];
  }),
)('$threat', ({ answer, path, title }) => {
  test('is answered by a test that exists', () => {
    expect(known).toContain(path);
    if (title !== 'whole file') expect(textOf(path)).toContain(title);
  });

  test('which proves a rule that the answer cites', () => {
    const cited = citedIn(answer);
    if (cited.length === 0) return;
    expect(provenIn(textOf(path)).some((rule) => cited.includes(rule))).toBe(true);
  });
});

test('every file it names exists', () => {
  const named = [...model.matchAll(/`((?:test|src|docs|signaling)\/[^`]+)`/g)].map(
    ([, path]) => path,
  );
  expect(named.filter((path) => path !== undefined && !known.has(path))).toEqual([]);
});
