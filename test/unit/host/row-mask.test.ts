// Rows of Alice's commands on their way into a block: her keys become notes, rows stay rows.
import { array, assert, constantFrom, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openMasking } from '../../../src/agent/masking.ts';
import { openBlockMask } from '../../../src/host/block-mask.ts';
import { maskedTail, openRowMask } from '../../../src/host/row-mask.ts';
import type { Row, StyleRun } from '../../../src/protocol/document.ts';
import { namedSamples, shapedSamples } from '../agent/secret-samples.ts';
import { loops } from '../../soak/loops.ts';

const SECRET = `ghp_${'a1B2'.repeat(9)}`;
const NOTE = '‹masked GitHub token›';
const masking = openMasking({ secrets: ['known secret value'], home: null });
const MORE = { cols: 20, goesOn: true } as const;

const row = (text: string, wrapped = false, runs: readonly StyleRun[] = []): Row => ({
  text,
  wrapped,
  runs,
});
const run = (length: number, fg: number): StyleRun => ({ length, fg, bg: -1, flags: 0 });

/** As a terminal of so many columns shows it: long lines wrapped, blanks at an end not kept. */
function laidOut(text: string, cols: number): Row[] {
  return text.split('\n').flatMap((line) => {
    const rows: Row[] = [];
    for (let at = 0; at === 0 || at < line.length; at += cols) {
      rows.push(row(line.slice(at, at + cols).trimEnd(), at > 0));
    }
    return rows;
  });
}

function masked(rows: readonly Row[], cols: number): readonly Row[] {
  const mask = openRowMask(masking);
  return [...mask.push(rows, { cols, goesOn: true }), ...mask.rest(false)];
}

describe('[MK9] a secret', () => {
  test('that goes on in the next rows is one note, in the row where it begins', () => {
    const rows = laidOut(`it is: ${SECRET} end\nnext`, 20);
    expect(masked(rows, 20)).toEqual([
      row(`it is: ${NOTE}`),
      row('', true),
      row(' end', true),
      row('next'),
    ]);
  });

  test('at the beginning of a row that wraps from one that ended in a blank', () => {
    const rows = laidOut(`${'x'.repeat(19)} ${SECRET}`, 20);
    expect(masked(rows, 20).map((one) => one.text)).toEqual(['x'.repeat(19), NOTE, '']);
  });

  test('gives its note its first style, and the rows keep theirs', () => {
    const text = `ab ${SECRET} cd`;
    const styled = row(text, false, [run(2, 1), run(1, -1), run(10, 3), run(31, 4), run(2, 5)]);
    expect(masked([styled], 80)).toEqual([
      row(`ab ${NOTE} cd`, false, [
        run(2, 1),
        run(1, -1),
        run(NOTE.length, 3),
        run(1, 4),
        run(2, 5),
      ]),
    ]);
    const plainEnd = row(`${SECRET} plain`, false, [run(40, 2)]);
    expect(masked([plainEnd], 80)[0]?.runs).toEqual([run(NOTE.length, 2)]);
  });

  test('over rows without a wrap is found where it may have line breaks: a private key', () => {
    const body = Array.from({ length: 5 }, () => 'MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn');
    const rows = ['-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----', '$ '].map(
      (text) => row(text),
    );
    expect(masked(rows, 80).map((one) => one.text)).toEqual([
      '-----BEGIN PRIVATE KEY-----',
      '‹masked private key›',
      ...body.slice(1).map(() => ''),
      '-----END PRIVATE KEY-----',
      '$ ',
    ]);
  });
});

describe('[MK9] rows', () => {
  test('are given as soon as the next one is known not to go on', () => {
    const mask = openRowMask(masking);
    expect(mask.push([row('one'), row('two')], { cols: 20, goesOn: false })).toHaveLength(2);
    expect(mask.push([row('three')], MORE)).toHaveLength(0);
    expect(mask.push([row('four')], { cols: 20, goesOn: false })).toHaveLength(2);
    expect(mask.rest(false)).toHaveLength(0);
  });

  test('come out as many as went in, and the same however they came in', () => {
    const texts = [
      ...shapedSamples(5).map((one) => `${one.secret} `),
      ...namedSamples(5).map((one) => one.text),
      'plain text\n',
      '\n\n',
      'known secret value',
      '"token": "',
      '-----BEGIN PRIVATE KEY-----\n',
    ];
    assert(
      property(
        array(constantFrom(...texts), { maxLength: 8 }),
        nat({ max: 100 }),
        array(nat({ max: 9 }), { minLength: 1, maxLength: 5 }),
        (parts, width, cuts) => {
          const cols = width + 10;
          const rows = laidOut(parts.join(''), cols);
          const whole = masked(rows, cols);
          expect(whole).toHaveLength(rows.length);
          expect(whole.map((one) => one.wrapped)).toEqual(rows.map((one) => one.wrapped));
          const mask = openRowMask(masking);
          const out: Row[] = [];
          for (let at = 0, i = 0; at < rows.length; i++) {
            const to = at + 1 + (cuts[i % cuts.length] ?? 0);
            const goesOn = rows[to]?.wrapped ?? true;
            out.push(...mask.push(rows.slice(at, to), { cols, goesOn }));
            at = to;
          }
          expect([...out, ...mask.rest(false)]).toEqual(whole);
        },
      ),
      { numRuns: loops(200, 8000) },
    );
  });
});

describe('[MK10] where rows are left out', () => {
  test('half a secret before them is masked, and a row that ended is not', () => {
    const mask = openRowMask(masking);
    const given = mask.push(laidOut(`a line\nit is: ${SECRET.slice(0, 13)}`, 20), MORE);
    expect([...given, ...mask.rest(true)].map((one) => one.text)).toEqual([
      'a line',
      'it is: ‹masked end›',
    ]);
  });

  test('half a secret behind them is masked: of a word, of a private key', () => {
    const rows = [row(`${SECRET.slice(20)} end`, true), row('next')];
    expect(maskedTail(masking, rows, 20).map((one) => one.text)).toEqual([
      '‹masked end› end',
      'next',
    ]);
    const key = ['MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn', 'Kw==', '-----END RSA PRIVATE KEY-----', 'on'];
    expect(
      maskedTail(
        masking,
        key.map((text) => row(text)),
        80,
      ).map((one) => one.text),
    ).toEqual(['‹masked end›', '‹masked end›', '-----END RSA PRIVATE KEY-----', 'on']);
  });

  test('nothing of the head is forgotten, and what follows is the tail', () => {
    const block = openBlockMask(masking);
    const start = {
      number: 1,
      author: null,
      directory: '/',
      branch: null,
      startedAt: 1,
      firstRow: 0,
    };
    expect(block.begin({ ...start, command: `export X=${SECRET}` }).command).toBe(
      `export X=${NOTE}`,
    );
    const some = { number: 1, goesOn: true, omitted: 0, tail: null };
    expect(block.rows({ ...some, head: [row('one'), row('two')] }, 20).head).toEqual([row('one')]);
    expect(block.rows({ ...some, head: [], omitted: 9, tail: [] }, 20).head).toEqual([row('two')]);
    const last = block.rows({ ...some, head: [], omitted: 3, tail: [row(`= ${SECRET}`)] }, 20);
    expect(last).toMatchObject({ head: [], omitted: 3, tail: [row(`= ${NOTE}`)] });
    expect(block.end()).toBe('none');
    block.begin({ ...start, command: 'ls' });
    expect(block.rows({ ...some, head: [row('a')] }, 20).head).toEqual([]);
    expect(block.end()).toMatchObject({ number: 1, head: [row('a')] });
  });
});
