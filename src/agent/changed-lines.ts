// How many lines an edit adds and removes, counted over the whole of both sides before anything
// is cut. Knows no files.

/**
 * Steps of the search for the shortest edit (Myers, "An O(ND) Difference Algorithm", 1986). Past
 * it the two sides have so little in common that all lines between their equal ends count.
 */
const EDIT_STEPS_MAX = 1000;

export interface ChangedLines {
  readonly added: number;
  readonly removed: number;
}

export function changedLines(before: string, after: string): ChangedLines {
  const old = linesOf(before);
  const now = linesOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let oldEnd = old.length;
  let nowEnd = now.length;
  while (oldEnd > start && nowEnd > start && old[oldEnd - 1] === now[nowEnd - 1]) {
    oldEnd--;
    nowEnd--;
  }
  const removed = old.slice(start, oldEnd);
  const added = now.slice(start, nowEnd);
  const steps = editSteps(removed, added);
  if (steps === null) return { added: added.length, removed: removed.length };
  const more = added.length - removed.length;
  return { added: (steps + more) / 2, removed: (steps - more) / 2 };
}

/** A last line without an end counts; the nothing behind a last newline does not. */
function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Lines to insert and delete, the fewest possible; null where that is more than is looked for. */
function editSteps(from: readonly string[], to: readonly string[]): number | null {
  if (from.length === 0 || to.length === 0) return from.length + to.length;
  const most = Math.min(from.length + to.length, EDIT_STEPS_MAX);
  // The furthest place in `from` reached on each diagonal, k at k + most + 1.
  const reach = new Int32Array(2 * most + 3);
  for (let steps = 0; steps <= most; steps++) {
    for (let k = -steps; k <= steps; k += 2) {
      const down = reach[k + most + 2] ?? 0;
      const right = (reach[k + most] ?? 0) + 1;
      let x = k === -steps || (k !== steps && right <= down) ? down : right;
      let y = x - k;
      while (x < from.length && y < to.length && from[x] === to[y]) {
        x++;
        y++;
      }
      reach[k + most + 1] = x;
      if (x >= from.length && y >= to.length) return steps;
    }
  }
  return null;
}
