import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { parse, type ParseError } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { withoutValue, withValue } from '../../../src/host/settings-text.ts';

test.each([
  ['{"a":{"x":1}}', '{"a":{}}'],
  ['{"a":{"x":1,}}', '{"a":{}}'],
  ['{"a":{"x":1,"y":2}}', '{"a":{"y":2}}'],
  ['{"a":{"y":2,"x":1}}', '{"a":{"y":2}}'],
  ['{"a":{"y":2 /* two */ , "x":1}}', '{"a":{"y":2 /* two */  }}'],
  [
    '{\n  "a": {\n    // y\n    "y": 2,\n    // x\n    "x": 1\n  }\n}\n',
    '{\n  "a": {\n    // y\n    "y": 2\n    // x\n  }\n}\n',
  ],
  [
    '{\n  "a": {\n    "x": 1,\n    "y": 2, // y\n  },\n}\n',
    '{\n  "a": {\n    "y": 2, // y\n  },\n}\n',
  ],
  ['{"a":{"y":1}}', '{"a":{"y":1}}'],
  ['[]', '[]'],
])('[AG18] %j without a.x', (before, after) => {
  expect(withoutValue(before, ['a', 'x'])).toBe(after);
});

/** What JSON text keeps as it is: -0 and a key named __proto__ come back as something else. */
const kept = fc.jsonValue().filter((value) => {
  const text = JSON.stringify(value);
  return !text.includes('__proto__') && isDeepStrictEqual(JSON.parse(text), value);
});

test('[AG18] putting in and taking out leaves the values that were there, whatever they are', () => {
  const name = fc.constantFrom('x', 'y', 'z', '"', '\\', '__proto__x', '');
  const settings = fc.record({ n: fc.integer(), a: fc.dictionary(name, kept) });
  fc.assert(
    fc.property(settings, name, fc.boolean(), (values, chosen, trailing) => {
      const plain = JSON.stringify(values, null, 2);
      const text = trailing
        ? plain.replaceAll(/([^{[,\s])\n(\s*[}\]])/g, '$1, // last\n$2')
        : plain;
      const path = ['a', chosen];
      const put = withValue(text, path, { command: 'c' });
      expect(valuesOf(put)).toEqual({ ...values, a: { ...values.a, [chosen]: { command: 'c' } } });
      const { [chosen]: _, ...others } = values.a;
      expect(valuesOf(withoutValue(put, path))).toEqual({ ...values, a: others });
    }),
  );
});

function valuesOf(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  expect(errors, text).toEqual([]);
  return value;
}
