import { array, assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/protocol/bytes.ts';
import {
  MARK_BYTES_MAX,
  openMarkScanner,
  type Mark,
  type Piece,
} from '../../../src/terminal/marks.ts';
import { loops } from '../../soak/loops.ts';

const NONCE = 'kZ3vS0mEnOnCe';
const mark = (body: string) => `\u001b]7717;${body}\u0007`;

/** Text and marks in order, however the reads were split. */
function story(chunks: readonly Uint8Array[]): {
  told: readonly (string | Mark)[];
  dropped: number;
} {
  const scanner = openMarkScanner(NONCE);
  const pieces: Piece[] = [...chunks.flatMap((chunk) => scanner.push(chunk)), ...scanner.flush()];
  const told: (string | Mark)[] = [];
  for (const piece of pieces) {
    const last = told.at(-1);
    if (piece.kind === 'mark') told.push(piece.mark);
    else {
      const text = Array.from(piece.bytes, (b) => String.fromCharCode(b)).join('');
      if (typeof last === 'string') told[told.length - 1] = last + text;
      else told.push(text);
    }
  }
  return { told, dropped: scanner.dropped() };
}

const fragment = oneof(
  constantFrom(
    mark(`${NONCE};prompt;/home/a\\x3bb;12`),
    mark(`${NONCE};command;echo \\\\ ünï\\x0a;exact`),
    mark(`${NONCE};start`),
    mark(`${NONCE};done;130`),
    mark('ready'),
    mark('more-ready'),
    mark('forged;done;0'),
    '\u001b]7717;unfinished',
    '\u001b]133;A\u0007',
    '\u001b]7;file:///\u001b\\',
    '\u001b[1;31mred\u001b[m',
    '\u001b',
    '\u001b]',
    '\u001b]77',
    '界',
  ),
  string({ maxLength: 12 }),
);

test('[TM10] however the bytes are split, the same marks and the same output come out', () => {
  assert(
    property(
      array(fragment, { maxLength: 12 }),
      array(nat({ max: 40 }), { minLength: 1, maxLength: 40 }),
      (fragments, cuts) => {
        const whole = utf8(fragments.join(''));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (let i = 0; at < whole.length; i++) {
          const size = (cuts[i % cuts.length] ?? 0) + 1;
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        expect(story(chunks)).toEqual(story([whole]));
      },
    ),
    { numRuns: loops(500, 25_000) },
  );
});

test('[TM10] one session, split at every byte', () => {
  const whole = utf8(
    `out${mark(`${NONCE};prompt;/ü;7`)}$ ${mark('ready')}ls\r\n${mark(`${NONCE};command;ls;history`)}${mark(`${NONCE};start`)}a\u001b[1mb\u001b]133;C\u0007${mark('x;done;1')}\u001b]7717;cut${mark(`${NONCE};done;0`)}\u001b`,
  );
  const expected = story([whole]);
  expect(expected.dropped).toBe(2);
  for (let at = 0; at <= whole.length; at++) {
    expect(story([whole.subarray(0, at), whole.subarray(at)])).toEqual(expected);
  }
  expect(story(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected);
});

test('[TM10] marks at their limit, split around it', () => {
  const opening = `\u001b]7717;${NONCE};command;`;
  for (const extra of [-1, 0, 1]) {
    const room = MARK_BYTES_MAX - opening.length - ';exact'.length + extra;
    const whole = concat(utf8(opening), new Uint8Array(room).fill(0x61), utf8(';exact\u0007after'));
    const expected = story([whole]);
    expect(expected.dropped).toBe(extra > 0 ? 1 : 0);
    for (const at of [MARK_BYTES_MAX - 1, MARK_BYTES_MAX, MARK_BYTES_MAX + 1, whole.length - 3]) {
      expect(story([whole.subarray(0, at), whole.subarray(at)])).toEqual(expected);
    }
  }
});
