// Known secrets in a text, wherever they begin: the automaton of Aho and Corasick (1975), one
// step a character. Knows values, not why they are secret.

/** Of one value, in UTF-16 units: it is also what may have to be held back. Longer ones are sought in pieces. */
const LITERAL_CHARS_MAX = 2048;
/** Of all values and their spellings, in UTF-16 units: a node of the automaton for each. */
const ALL_CHARS_MAX = 256 * 1024;

export interface LiteralSearch {
  /** The length of the longest value that ends with this character; 0 for none. */
  readonly push: (unit: number) => number;
  /** How many of the last characters may be the beginning of a value. */
  readonly open: () => number;
}

export interface Literals {
  readonly search: () => LiteralSearch;
}

export function openLiterals(values: readonly string[]): Literals {
  const next: Map<number, number>[] = [new Map()];
  const depth = [0];
  /** The longest value that ends here. */
  const ends = [0];

  function add(value: string): void {
    let node = 0;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      const children = next[node] ?? new Map<number, number>();
      let child = children.get(unit);
      if (child === undefined) {
        child = next.length;
        next.push(new Map());
        depth.push(i + 1);
        ends.push(0);
        children.set(unit, child);
      }
      node = child;
    }
    ends[node] = value.length;
  }

  let room = ALL_CHARS_MAX;
  for (const value of values) {
    room -= value.length;
    if (room >= 0) add(value);
  }
  const back = linked(next, ends);

  function step(node: number, unit: number): number {
    let at = node;
    for (;;) {
      const child = next[at]?.get(unit);
      if (child !== undefined) return child;
      if (at === 0) return 0;
      at = back[at] ?? 0;
    }
  }

  return {
    search() {
      let node = 0;
      return {
        push(unit) {
          node = step(node, unit);
          return ends[node] ?? 0;
        },
        open: () => depth[node] ?? 0,
      };
    },
  };
}

/** For each node the longest one that it ends with; values that end there end here as well. */
function linked(next: readonly Map<number, number>[], ends: number[]): readonly number[] {
  const back: number[] = next.map(() => 0);
  const queue = [...(next[0]?.values() ?? [])];
  for (let i = 0; i < queue.length; i++) {
    const node = queue[i] ?? 0;
    for (const [unit, child] of next[node] ?? []) {
      let at = back[node] ?? 0;
      while (at !== 0 && next[at]?.get(unit) === undefined) at = back[at] ?? 0;
      const target = next[at]?.get(unit) ?? 0;
      back[child] = target === child ? 0 : target;
      if ((ends[child] ?? 0) === 0) ends[child] = ends[back[child] ?? 0] ?? 0;
      queue.push(child);
    }
  }
  return back;
}

/** A value as programs print it: as it is, in JSON, in an address; a long one in pieces. */
export function spellings(value: string): readonly string[] {
  const spelt = new Set([value, JSON.stringify(value).slice(1, -1)]);
  if (!/[\ud800-\udfff]/.test(value)) spelt.add(encodeURIComponent(value));
  return [...spelt].flatMap(pieces);
}

function pieces(value: string): readonly string[] {
  if (value.length <= LITERAL_CHARS_MAX) return [value];
  const found: string[] = [];
  for (let at = 0; at < value.length; at += LITERAL_CHARS_MAX) {
    // The last one is as long as the others, so that it is found nowhere else.
    const from = Math.min(at, value.length - LITERAL_CHARS_MAX);
    found.push(value.slice(from, from + LITERAL_CHARS_MAX));
  }
  return found;
}
