// Rule ids: where they are made (PROTOCOL.md), where a test cites one in its title, where a
// source does. Reads text; runs nothing.
import type { Text } from './repository.ts';

/** `[HS7]`, as it stands in titles and comments. */
const CITED = /\[([A-Z]{2}\d{1,2})\]/g;
/** A rule's own line. */
const MADE = /^- \*\*\[([A-Z]{2}\d{1,2})\]\*\*/gm;
/** A title is a string that begins with ids, wherever it stands: test.each takes them from lists. */
const TITLED = /['"`]((?:\[[A-Z]{2}\d{1,2}\][ ,]*)+)/g;

export function rulesOf(protocol: string): string[] {
  return [...protocol.matchAll(MADE)].flatMap(([, id]) => (id === undefined ? [] : [id]));
}

export function citedIn(text: string): string[] {
  return [...text.matchAll(CITED)].flatMap(([, id]) => (id === undefined ? [] : [id]));
}

/** Ids at the beginning of a test's title. */
export function provenIn(test: string): string[] {
  return [...test.matchAll(TITLED)].flatMap(([, ids]) => citedIn(ids ?? ''));
}

/** Per id, the files that hold it. */
export function whereabouts(
  files: readonly Text[],
  ids: (text: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { path, text } of files) {
    for (const id of new Set(ids(text))) found.set(id, [...(found.get(id) ?? []), path]);
  }
  return found;
}
