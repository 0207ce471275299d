// However a text is split on its way, what is shown is the same: a split shows no part of a key.
import { array, assert, constantFrom, nat, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { openMasking } from '../../../src/agent/masking.ts';
import { namedSamples, PLACES, shapedSamples } from '../../unit/agent/secret-samples.ts';
import { loops } from '../../soak/loops.ts';

const masking = openMasking({
  secrets: ['s3cret with blanks', 'abababab', 'babababa-x', 'token="inner', 'ü-ß-ö-ä-é'],
  home: '/home/alice',
});

const shaped = shapedSamples(3).map((one) => one.secret);
const fragment = oneof(
  constantFrom(...shaped),
  constantFrom(...shaped).map((secret) => secret.slice(0, Math.ceil(secret.length / 2))),
  constantFrom(...namedSamples(3).map((one) => one.text)),
  constantFrom(...PLACES.map((place) => place(shaped[0] ?? ''))),
  constantFrom(
    ' ',
    '\n',
    '"',
    "'",
    '`',
    '=',
    ':',
    '\\',
    '\\n',
    '\\"',
    '<',
    '>',
    '(',
    ',',
    ';',
    '-',
  ),
  constantFrom('token', 'password', 'API_KEY=', '"secret": "', '--token ', 'Bearer ', 'AKIA', '@'),
  constantFrom('-----BEGIN ', 'RSA ', 'PRIVATE KEY', '-----', '-----END PRIVATE KEY-----', '\n'),
  constantFrom('\u001b[1m', '\u001b[', '\u001b', '\u001b]8;;x\u0007', '31m'),
  constantFrom(
    's3cret with',
    ' blanks',
    'abab',
    'ab',
    '-x',
    '/home/',
    'alice',
    '/',
    'ü-ß-',
    'ö-ä-é',
  ),
  constantFrom('x'.repeat(5000), 'ab'.repeat(2100), 'A1b2/'.repeat(1000)),
  string({ maxLength: 20 }),
);

test('[MK2] any text split anywhere gives the same as the whole', () => {
  assert(
    property(
      array(fragment, { maxLength: 14 }),
      array(nat({ max: 2000 }), { minLength: 1, maxLength: 8 }),
      (fragments, cuts) => {
        const text = fragments.join('');
        const stream = masking.stream();
        let out = '';
        let at = 0;
        for (let i = 0; at < text.length; i++) {
          const to = at + 1 + (cuts[i % cuts.length] ?? 0);
          out += stream.push(text.slice(at, to));
          at = to;
        }
        expect(out + stream.flush()).toBe(masking.mask(text));
      },
    ),
    { numRuns: loops(400, 20_000) },
  );
});

test('[MK2] split between every two characters, the same again', () => {
  assert(
    property(array(fragment, { maxLength: 6 }), (fragments) => {
      const text = fragments.join('').slice(0, 6000);
      const stream = masking.stream();
      let out = '';
      for (let i = 0; i < text.length; i++) out += stream.push(text.charAt(i));
      expect(out + stream.flush()).toBe(masking.mask(text));
    }),
    { numRuns: loops(60, 3000) },
  );
});
