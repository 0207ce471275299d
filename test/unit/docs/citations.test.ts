// PROTOCOL.md and what proves it: no rule without a test, no citation of a rule that is none.
import { expect, test } from 'vitest';
import * as limits from '../../../src/protocol/limits.ts';
import { isFault } from '../../../src/protocol/faults.ts';
import { LANE_TO_SHARER, LANE_TO_VIEWER } from '../../../src/protocol/message.ts';
import { NEEDS } from '../../../src/protocol/action.ts';
import { textOf, texts } from './repository.ts';
import { citedIn, provenIn, rulesOf, whereabouts } from './rules.ts';

const protocol = textOf('docs/PROTOCOL.md');
const rules = rulesOf(protocol);
const tests = texts(/^test\/(?!planted\/).*\.test\.ts$/);

test('every rule has an id of its own', () => {
  expect(rules.length).toBeGreaterThan(150);
  expect(rules.filter((id, i) => rules.indexOf(id) !== i)).toEqual([]);
});

test('every rule is proven by a test that names it in its title', () => {
  const proven = whereabouts(tests, provenIn);
  expect(rules.filter((id) => !proven.has(id))).toEqual([]);
});

test('every id that a test or a source cites is a rule', () => {
  const cited = whereabouts(texts(/^(?:src|signaling|test|bench)\/.*\.tsx?$/), citedIn);
  const known = new Set(rules);
  const unknown = [...cited].filter(([id]) => !known.has(id));
  expect(unknown.map(([id, paths]) => `${id} in ${paths.join(', ')}`)).toEqual([]);
});

test('the rules of the protocol that the documents cite exist', () => {
  const known = new Set(rules);
  const documents = texts(/^(?:docs\/.*|[A-Z]+)\.md$/);
  const unknown = documents.flatMap(({ path, text }) =>
    citedIn(text).flatMap((id) => (known.has(id) ? [] : [`${id} in ${path}`])),
  );
  expect(unknown).toEqual([]);
});

test('the limits in it are those in the code, all of them', () => {
  const table = new Map(
    [...protocol.matchAll(/^\| `([A-Z_]+)` \| ([\d,]+) \|/gm)].map(
      ([, name = '', value = '']) => [name, Number(value.replaceAll(',', ''))] as const,
    ),
  );
  expect(Object.fromEntries(table)).toEqual({ ...limits });
});

test('the faults and messages it names exist', () => {
  const faults = protocol.slice(protocol.indexOf('\n## Faults'));
  const named = [...faults.matchAll(/`([a-z]+\.[a-zA-Z]+)`/g)].flatMap(([, code = '']) => code);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((code) => !isFault(code))).toEqual([]);
  const messages = [...Object.keys(LANE_TO_SHARER), ...Object.keys(LANE_TO_VIEWER), 'frames'];
  expect(messages.filter((type) => !new RegExp(`^\\| \`${type}[ \`]`, 'm').test(protocol))).toEqual(
    [],
  );
  expect(Object.keys(NEEDS).filter((action) => !protocol.includes(`\`${action}\``))).toEqual([]);
});
