// The shell has ended; what its terminal still holds is read, and that must come to an end.
import { expect, test } from 'vitest';
import { LAST_BYTES_MAX, lastOutput } from '../../../src/terminal/last-output.ts';

function drained(read: (into: Uint8Array) => number): number {
  let bytes = 0;
  lastOutput(read, (piece) => {
    bytes += piece.length;
    if (bytes > 10 * LAST_BYTES_MAX) throw new Error('it is read for ever');
  });
  return bytes;
}

test('[PT4] all that is there is read, to the end of the file or until nothing is there', () => {
  for (const end of ['EAGAIN', 'EIO', 'end of file']) {
    const pieces = [4096, 4096, 17];
    const read = () => {
      const next = pieces.shift();
      if (next === undefined && end !== 'end of file') throw new Error(end);
      return next ?? 0;
    };
    expect(drained(read)).toBe(8209);
  }
});

test('[PT4] of one who goes on writing no more than the kernel can have held', () => {
  expect(drained((into) => Math.min(4096, into.length))).toBe(LAST_BYTES_MAX);
});
