// What JSON.md says a program reads and writes is what the command line says and takes.
import { expect, test } from 'vitest';
import { JOIN_EVENTS, SHARE_EVENTS } from '../../../src/cli/json-events.ts';
import { JoinOrder } from '../../../src/cli/join-json.ts';
import { ShareOrder } from '../../../src/cli/share-json.ts';
import { CAPABILITIES } from '../../../src/protocol/capability.ts';
import { FAULTS } from '../../../src/protocol/faults.ts';
import { PartHead, ThreadStatus } from '../../../src/protocol/thread.ts';
import { textOf } from './repository.ts';

const page = textOf('docs/JSON.md');

interface Row {
  readonly name: string;
  readonly fields: readonly string[];
}

/** The table under `heading` whose first column is called `of`. */
function table(heading: string, of: string): readonly Row[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split(`\n| ${of} |`)[1]?.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return rows
    .filter((row) => row !== '')
    .map((row) => {
      const [, name = '', fields = ''] = row.split('|');
      return {
        name: name.trim().replaceAll('`', ''),
        fields: [...fields.matchAll(/`(\w+)`(\??)/g)].map(([, field, mark]) => `${field}${mark}`),
      };
    });
}

/** Each order with its fields, those that may be left out with a ?. */
function ordersOf({ options }: typeof ShareOrder | typeof JoinOrder): readonly Row[] {
  return options.map(({ entries }) => {
    const { do: name, ...fields } = entries;
    return {
      name: name.literal,
      fields: Object.entries(fields).map(
        ([field, schema]) => `${field}${schema.type === 'optional' ? '?' : ''}`,
      ),
    };
  });
}

const names = (rows: readonly Row[]): readonly string[] => rows.map(({ name }) => name);
const byName = (rows: readonly Row[]) =>
  Object.fromEntries(rows.map(({ name, fields }) => [name, fields.toSorted()]));

test('[CL25] a share’s events and orders, with their fields', () => {
  expect(names(table('meshell, meshell share', 'event'))).toEqual([...SHARE_EVENTS]);
  expect(byName(table('meshell, meshell share', 'order'))).toEqual(byName(ordersOf(ShareOrder)));
});

test('[CL25] a join’s events and orders, with their fields', () => {
  expect(names(table('meshell join', 'event'))).toEqual([...JOIN_EVENTS]);
  expect(byName(table('meshell join', 'order'))).toEqual(byName(ordersOf(JoinOrder)));
});

test('[CL24] the exit codes are those that faults have', () => {
  const codes = table('Exit codes', 'code').map(({ name }) => Number(name));
  const used = new Set<number>(Object.values(FAULTS).map(({ exit }) => exit));
  expect(codes).toEqual([...used].toSorted((a, b) => a - b));
});

test('the words of capabilities, threads and parts are the protocol’s', () => {
  const words = [
    ...CAPABILITIES,
    ...ThreadStatus.options,
    ...PartHead.options.map(({ entries }) => entries.kind.literal),
  ];
  expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
});
