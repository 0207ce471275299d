// The planted faults, as far as that is known without planting them: `npm run planted` does.
import { describe, expect, test } from 'vitest';
import { PLANTED, withEdit } from '../../planted/planted.ts';
import { paths, textOf } from './repository.ts';
import { provenIn, rulesOf } from './rules.ts';

const rules = new Set(rulesOf(textOf('docs/PROTOCOL.md')));
const known = new Set(paths());

describe.each(PLANTED)('$rule, $what', ({ rule, edits, tests }) => {
  test('breaks a rule, in a source that is still as it was', () => {
    expect(rules).toContain(rule);
    const sources = new Map<string, string>();
    for (const edit of edits) {
      const edited = withEdit(sources.get(edit.file) ?? textOf(edit.file), edit);
      expect(edited, edit.find).toMatchObject({ ok: true });
      if (edited.ok) sources.set(edit.file, edited.value);
      expect(edit.replace).not.toBe(edit.find);
    }
  });

  test('is for tests to notice that cite the rule', () => {
    expect(tests.filter((path) => !known.has(path))).toEqual([]);
    expect(tests.flatMap((path) => provenIn(textOf(path)))).toContain(rule);
  });
});

test('no fault is planted twice', () => {
  const names = PLANTED.map(({ rule, what }) => `${rule} ${what}`);
  expect(new Set(names).size).toBe(names.length);
});
