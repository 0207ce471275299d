// The parts of a thread, by pages: putting one in its place copies one page, however long the thread.
import type { Part } from '../protocol/thread.ts';

/** Parts in one page. */
const PAGE_PARTS = 64;

export interface PartList {
  /** Of the last part; 0 while there is none. Ids count from 1. */
  readonly last: number;
  readonly pages: readonly (readonly Part[])[];
}

export const NO_PARTS: PartList = { last: 0, pages: [] };

export function partAt(list: PartList, id: number): Part | undefined {
  return list.pages[Math.floor((id - 1) / PAGE_PARTS)]?.[(id - 1) % PAGE_PARTS];
}

/** With `part` where its id says: a place that is taken, or the next one. */
export function withPart(list: PartList, part: Part): PartList {
  if (part.id < 1 || part.id > list.last + 1) throw new Error(`no place for part ${part.id}`);
  const at = Math.floor((part.id - 1) / PAGE_PARTS);
  const page = [...(list.pages[at] ?? [])];
  page[(part.id - 1) % PAGE_PARTS] = part;
  const pages = [...list.pages];
  pages[at] = page;
  return { last: Math.max(list.last, part.id), pages };
}

/** From `first` up to, and without, `end`. */
export function partsBetween(list: PartList, first: number, end: number): readonly Part[] {
  const parts: Part[] = [];
  for (let id = Math.max(first, 1); id < end && id <= list.last; id++) {
    const part = partAt(list, id);
    if (part !== undefined) parts.push(part);
  }
  return parts;
}

export function allParts(list: PartList): readonly Part[] {
  return list.pages.flat();
}
