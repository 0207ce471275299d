import { array, assert, constantFrom, nat, oneof, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/protocol/bytes.ts';
import { openSanitizer, type Sanitizer } from '../../../src/terminal/sanitizer.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { loops } from '../../soak/loops.ts';

const SIZE = { cols: 20, rows: 6 } as const;

/** Bytes as a hostile or broken program may write them: pieces of real sequences, and noise. */
const bytesOfAnyKind = array(
  oneof(
    uint8Array({ maxLength: 4 }),
    constantFrom(
      '\u001b',
      '\u001b[',
      '\u001b[2147483647',
      '\u001b[2147483647L',
      '\u001b[1;99',
      '\u001b]',
      '\u001bP',
      '\u001b\\',
      '\u0007',
      '\u0018',
      '\u001b]8;;',
      '?',
      '>',
      'https://a.example/',
      ';',
      ':',
      '2147483647',
      '99',
      'L',
      'b',
      'm',
      'h',
      'J',
      '$p',
      ' q',
      'n',
      'c',
      '\u0301',
      '\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
      '漢',
      'é',
      '\u009b',
      '\u009d',
      '😀',
      '\u001b[31m',
      '\u001b]0;',
      '\u001b]52;c;',
      '\u001b]11;?',
      '$qm',
      'hello world',
      '\r\n',
      '\b',
      '\u000e',
    ).map(utf8),
  ),
  { maxLength: 60 },
).map((parts) => concat(...parts));

function throughAll(sanitizer: Sanitizer, chunks: readonly Uint8Array[]) {
  const parts = chunks.map((chunk) => sanitizer.push(chunk));
  return {
    emulator: concat(...parts.map((part) => part.forEmulator)),
    viewers: concat(...parts.map((part) => part.forViewers)),
  };
}

test('[SA1] however the bytes are cut, what comes out is the same', () => {
  assert(
    property(bytesOfAnyKind, array(nat(200), { maxLength: 20 }), (bytes, cuts) => {
      const places = [
        0,
        ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b),
        bytes.length,
      ];
      const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
      expect(throughAll(openSanitizer(SIZE), chunks)).toEqual(
        throughAll(openSanitizer(SIZE), [bytes]),
      );
    }),
    { numRuns: loops(2000, 100_000) },
  );
});

test('[SA1] what is clean stays as it is', () => {
  assert(
    property(bytesOfAnyKind, (bytes) => {
      const once = throughAll(openSanitizer(SIZE), [bytes]);
      expect(throughAll(openSanitizer(SIZE), [once.emulator]).emulator).toEqual(once.emulator);
      const viewers = throughAll(openSanitizer(SIZE), [once.viewers]);
      expect(viewers.viewers).toEqual(once.viewers);
      expect(viewers.emulator).toEqual(once.viewers);
    }),
    { numRuns: loops(2000, 100_000) },
  );
});

test('[SA3] [SA4] no count above its bound, no other string, no broken character ever comes out', () => {
  assert(
    property(bytesOfAnyKind, (bytes) => {
      const { viewers } = throughAll(openSanitizer(SIZE), [bytes]);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(viewers);
      expect(text).not.toMatch(/[\u0080-\u009f]/);
      for (const [, count] of text.matchAll(/\u001b\[(\d+)[LMST]/g)) {
        expect(Number(count)).toBeLessThanOrEqual(SIZE.rows);
      }
      for (const [, parameters] of text.matchAll(/\u001b\[[<=>?]?([\d;:]*)/g)) {
        for (const value of (parameters ?? '').split(/[;:]/)) {
          expect(Number(value)).toBeLessThanOrEqual(65_535);
        }
      }
      for (const [, opener] of text.matchAll(/\u001b([\]PX^_].{0,4})/gs)) {
        expect(opener).toMatch(/^\]8;;/);
      }
      expect(text).not.toMatch(/\p{M}{17}/u);
    }),
    { numRuns: loops(2000, 100_000) },
  );
});

test('[SC5] no bytes break the emulator behind it', () => {
  assert(
    property(array(bytesOfAnyKind, { maxLength: 6 }), (chunks) => {
      const sanitizer = openSanitizer(SIZE);
      const emulator = openEmulator({ ...SIZE, answers: true });
      emulator.onBroken((error) => {
        throw error;
      });
      for (const chunk of chunks) emulator.write(sanitizer.push(chunk).forEmulator);
      emulator.dispose();
    }),
    { numRuns: loops(300, 15_000) },
  );
});
