// The planted faults, as far as that is known without planting them: `npm run planted` does.
import { describe, expect, test } from 'vitest';
import { PLANTED, withEdit } from '../../planted/planted.ts';
import { paths, textOf } from './repository.ts';
import { citedIn, provenIn, rulesOf } from './rules.ts';

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

test('every rule that the threat model answers with is broken on purpose', () => {
  const planted = new Set(PLANTED.map(({ rule }) => rule));
  const answers = new Set(citedIn(textOf('docs/THREAT-MODEL.md')));
  expect(answers.size).toBeGreaterThan(100);
  expect([...answers].filter((rule) => !planted.has(rule))).toEqual([]);
});

/** Of these every rule says what nobody may do, or what nobody may take away. */
const GUARDS = /^(?:AC|CP|CT|FR|GR|HS|KN|MS|SA|SE|SF|SG|SP|ST|VW)/;

test('and so is every rule of the sections that guard something', () => {
  const planted = new Set(PLANTED.map(({ rule }) => rule));
  const guards = [...rules].filter((rule) => GUARDS.test(rule));
  expect(guards.length).toBeGreaterThan(80);
  expect(guards.filter((rule) => !planted.has(rule))).toEqual([]);
});
