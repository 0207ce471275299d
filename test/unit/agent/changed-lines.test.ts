import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { changedLines } from '../../../src/agent/changed-lines.ts';

test.each([
  ['', '', 0, 0],
  ['', 'one', 1, 0],
  ['one\ntwo\n', '', 0, 2],
  ['one\ntwo\n', 'one\ntwo', 0, 0],
  ['a\nb\nc\nd\n', 'a\nc\nd\ne\n', 1, 1],
  ['same\n', 'same\n', 0, 0],
])('[AG14] %j → %j: +%i −%i', (before, after, added, removed) => {
  expect(changedLines(before, after)).toEqual({ added, removed });
});

test('[AG14] the counts always lead from one side’s length to the other’s, and are the fewest', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const { added, removed } = changedLines(before.join('\n'), after.join('\n'));
      const kept = longestCommon(before, after);
      expect([added, removed]).toEqual([after.length - kept, before.length - kept]);
    }),
  );
});

test('[AG14] two long files with nothing in common count whole, and soon', () => {
  const before = Array.from({ length: 20_000 }, (_, n) => `old ${n}`).join('\n');
  const after = Array.from({ length: 20_000 }, (_, n) => `new ${n}`).join('\n');
  const from = performance.now();
  expect(changedLines(before, after)).toEqual({ added: 20_000, removed: 20_000 });
  expect(performance.now() - from).toBeLessThan(2000);
});

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const x of a) {
    const next: number[] = [];
    for (const [j, y] of b.entries()) {
      const diagonal = j === 0 ? 0 : (row[j - 1] ?? 0);
      next.push(x === y ? diagonal + 1 : Math.max(row[j] ?? 0, next[j - 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
