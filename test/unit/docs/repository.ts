// The repository as the tests of its documents read it: what git would commit, by path.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = new URL('../../../', import.meta.url).pathname;

export interface Text {
  readonly path: string;
  readonly text: string;
}

/** Pictures, recordings and the like. */
const BINARY = /\.(?:png|ico|woff2?|wasm|gz|br|cast|cbor|bin)$/;

/** Tracked files and those that could be; of all others none. Paths are relative to the root. */
export function paths(): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}

export function texts(under: RegExp): Text[] {
  return paths()
    .filter((path) => under.test(path) && !BINARY.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
