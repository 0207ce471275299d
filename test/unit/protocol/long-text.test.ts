// The same answers as the language's own.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginsWith } from '../../../src/protocol/long-text.ts';

test('a text begins with another one where startsWith says so', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\ud83c', '\udf0a'), maxLength: 6 });
  fc.assert(
    fc.property(letters, letters, (text, beginning) => {
      expect(beginsWith(text, beginning)).toBe(text.startsWith(beginning));
      expect(beginsWith(text + beginning, text)).toBe(true);
    }),
  );
});
