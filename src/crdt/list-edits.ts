// From one list of keyed things to the next, in the fewest insertions, deletions and updates, so
// that a change says only what is new. Knows nothing of what the things are.
import type { Growth } from './growth.ts';

export interface ListLaw<Draft, Shape, Value> {
  readonly keyOf: (value: Value) => string | number;
  readonly same: (a: Value, b: Value) => boolean;
  readonly shapeOf: (value: Value) => Shape;
  readonly bytesOf: (value: Value) => number;
  readonly listIn: (draft: Draft) => Shape[];
  readonly update: (shape: Shape, now: Value, next: Value) => void;
}

export interface ListEdit<Draft> {
  readonly bytes: number;
  readonly apply: (draft: Draft) => void;
  /** The same, where a chunk at the end of a text is all that it does. */
  readonly growth?: Growth;
}

/** Edits to be applied in order. Keys are unique within each list; a moved thing is made anew. */
export function listEdits<Draft, Shape, Value>(
  now: readonly Value[],
  next: readonly Value[],
  law: ListLaw<Draft, Shape, Value>,
): ListEdit<Draft>[] {
  const edits: ListEdit<Draft>[] = [];
  const list = [...now];
  const wanted = new Set(next.map(law.keyOf));

  function remove(at: number): void {
    list.splice(at, 1);
    edits.push({ bytes: 32, apply: (draft) => void law.listIn(draft).splice(at, 1) });
  }

  for (let at = list.length - 1; at >= 0; at--) {
    const value = list[at];
    if (value !== undefined && !wanted.has(law.keyOf(value))) remove(at);
  }
  for (const [at, value] of next.entries()) {
    const here = list[at];
    if (here !== undefined && law.keyOf(here) === law.keyOf(value)) {
      if (law.same(here, value)) continue;
      const apply = (draft: Draft) => {
        const shape = law.listIn(draft)[at];
        if (shape !== undefined) law.update(shape, here, value);
      };
      edits.push({ bytes: law.bytesOf(value), apply });
      continue;
    }
    const elsewhere = list.findIndex((other) => law.keyOf(other) === law.keyOf(value));
    if (elsewhere >= 0) remove(elsewhere);
    list.splice(at, 0, value);
    const apply = (draft: Draft) => void law.listIn(draft).splice(at, 0, law.shapeOf(value));
    edits.push({ bytes: law.bytesOf(value), apply });
  }
  return edits;
}
