// The recordings of real programs in test/corpus, and chance that can be repeated.
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../corpus/alacritty-ref/', import.meta.url);

export interface Recording {
  readonly name: string;
  readonly cols: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

export function recordings(): readonly Recording[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const size: unknown = JSON.parse(readFileSync(new URL(`${name}/size.json`, FOLDER), 'utf8'));
      return {
        name,
        cols: numberIn(size, 'columns'),
        rows: numberIn(size, 'screen_lines'),
        bytes: readFileSync(new URL(`${name}/alacritty.recording`, FOLDER)),
      };
    });
}

function numberIn(value: unknown, name: string): number {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : 0;
  return typeof found === 'number' ? found : 0;
}

/** mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Cuts bytes into chunks of random sizes, small ones often. */
export function chunksOf(bytes: Uint8Array, random: () => number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const size = 1 + Math.floor((random() < 0.5 ? 40 : 4096) * random());
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return chunks;
}
