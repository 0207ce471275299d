// Reads import statements and judges them by the import table.
import { ALL_RIM, LAW, NODE_RIM, SOLE_IMPORTER, type Folder } from './import-table.ts';

export interface Source {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const FOLDERS = new Set<string>(Object.keys(LAW));

export function folderOf(path: string): Folder | null {
  const name = path.startsWith('src/') ? path.split('/')[1] : path.split('/')[0];
  return name !== undefined && isFolder(name) ? name : null;
}

function isFolder(name: string): name is Folder {
  return FOLDERS.has(name);
}

/** Every module a source names, statically or dynamically, types included. */
export function importsOf(text: string): string[] {
  const code = text.replaceAll(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].flatMap((m) => (m[1] === undefined ? [] : [m[1]]));
}

function resolve(from: string, to: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of to.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/').replace(/\?.*$/, '');
}

/** Sentences, one for each import that the table forbids. `rims` are paths. */
export function violations(sources: readonly Source[], rims: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const source of sources) {
    const folder = folderOf(source.path);
    if (folder === null) continue;
    const isRim = rims.has(source.path) || ALL_RIM.includes(folder);
    for (const named of importsOf(source.text)) {
      const why = named.startsWith('.')
        ? judgeOwn(folder, isRim, resolve(source.path, named), rims)
        : judgePackage(source.path, folder, isRim, named);
      if (why !== null) found.push(`${source.path} imports ${named}: ${why}`);
    }
  }
  return found;
}

function judgeOwn(
  folder: Folder,
  isRim: boolean,
  target: string,
  rims: ReadonlySet<string>,
): string | null {
  const to = folderOf(target);
  if (to === null) return null;
  const targetIsRim = rims.has(target) || ALL_RIM.includes(to);
  if (to === folder) {
    return targetIsRim && !isRim ? 'a pure file may not import a rim' : null;
  }
  const law = LAW[folder];
  if (!(isRim ? law.rim : law.pure).includes(to)) return `${folder} may not import ${to}`;
  if (targetIsRim && !law.rimsOf.includes(to)) return `${folder} may not import the rims of ${to}`;
  if (folder === 'ui' && targetIsRim && NODE_RIM.test(target)) {
    return 'the page may not import a rim of Node';
  }
  return null;
}

function judgePackage(path: string, folder: Folder, isRim: boolean, named: string): string | null {
  if (named.startsWith('node:') && (folder === 'ui' || !isRim)) {
    return 'only rims of Node may import Node';
  }
  for (const [name, sole] of Object.entries(SOLE_IMPORTER)) {
    const same = named === name || named.startsWith(`${name}/`);
    if (same && !sole.test(path)) return `${name} has one importer`;
  }
  return null;
}
