// What each viewer may have of the replica, from its starting point on. Decides; sends nothing,
// and knows neither links nor what stands in a document.
import type { DocumentKind } from '../protocol/document.ts';
import type { DocumentId } from '../protocol/ids.ts';
import type { CatalogEntry } from '../protocol/message.ts';
import { sameHeads, type Heads } from './heads.ts';

/** Entries and withdrawals in one catalog message: 500 of 150 bytes stay below a frame's message. */
const CATALOG_ENTRIES_MAX = 500;

/** A kind missing here does not compile. */
const REACH: { readonly [K in DocumentKind]: (number: number, start: number) => boolean } = {
  session: () => true,
  block: (number, start) => number >= start,
  segment: (number, start) => number >= start,
};

/** [CT1] The session document, and blocks and segments from the viewer's first number on. */
export function mayHave(
  document: { readonly kind: DocumentKind; readonly number: number },
  start: number,
): boolean {
  return REACH[document.kind](document.number, start);
}

/** [CT2] The session document first, then the newest of the rest: the order in which they are of use. */
export function catalogFor(documents: Iterable<CatalogEntry>, start: number): CatalogEntry[] {
  return [...documents]
    .filter((document) => mayHave(document, start))
    .sort((a, b) => rank(a) - rank(b) || b.number - a.number);
}

function rank(entry: CatalogEntry): number {
  return entry.kind === 'session' ? 0 : 1;
}

export interface WantAnswer {
  /** To be sent, in the order asked for, each once. */
  readonly send: readonly DocumentId[];
  /** [CT3] Unknown and withheld alike: one word for both, so that asking tells nothing. */
  readonly gone: readonly DocumentId[];
}

export function answerWant(
  documents: ReadonlyMap<DocumentId, CatalogEntry>,
  start: number,
  ids: readonly DocumentId[],
): WantAnswer {
  const send: DocumentId[] = [];
  const gone: DocumentId[] = [];
  for (const id of new Set(ids)) {
    const document = documents.get(id);
    const has = document !== undefined && mayHave(document, start);
    (has ? send : gone).push(id);
  }
  return { send, gone };
}

export interface CatchUp {
  readonly entries: readonly CatalogEntry[];
  /** Of what it holds: unknown, withheld or replaced. */
  readonly gone: readonly DocumentId[];
  /** [CT4] Of what it holds: not at our heads. AuthoredDocument.since(heads) is what to send. */
  readonly behind: readonly { readonly id: DocumentId; readonly heads: Heads }[];
}

/** A viewer is back with what it still holds. What it lacks altogether, it will want. */
export function catchUp(
  documents: ReadonlyMap<DocumentId, CatalogEntry>,
  start: number,
  have: readonly { readonly id: DocumentId; readonly heads: Heads }[],
): CatchUp {
  const held = new Map(have.map((one) => [one.id, one.heads]));
  const { send, gone } = answerWant(documents, start, [...held.keys()]);
  const behind = send.flatMap((id) => {
    const heads = held.get(id) ?? [];
    return sameHeads(heads, documents.get(id)?.heads ?? []) ? [] : [{ id, heads }];
  });
  return { entries: catalogFor(documents.values(), start), gone, behind };
}

export interface CatalogPage {
  readonly entries: CatalogEntry[];
  readonly gone: DocumentId[];
}

/** As many catalog messages as it takes; none where there is nothing to say. */
export function catalogPages(
  entries: readonly CatalogEntry[],
  gone: readonly DocumentId[],
): CatalogPage[] {
  const pages: CatalogPage[] = [];
  const longest = Math.max(entries.length, gone.length);
  for (let at = 0; at < longest; at += CATALOG_ENTRIES_MAX) {
    const end = at + CATALOG_ENTRIES_MAX;
    pages.push({ entries: entries.slice(at, end), gone: gone.slice(at, end) });
  }
  return pages;
}
