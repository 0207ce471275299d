// A chunk more at the end of a text: what a document that streams is nearly always changed by.
// Written past Automerge's proxies and patches, which cost four times as much. Knows no frames.
import { getBackend, type Doc } from '@automerge/automerge/slim';
import { PAGE_ITEMS_MAX } from './immutable-text.ts';

export interface Growth {
  /** From the document's root to the text's pages. */
  readonly pages: readonly (string | number)[];
  readonly chunk: string;
}

export interface Grower {
  /**
   * Commits the chunk onto the last page of `document`. False where there is no page, or it is full:
   * then nothing was changed. The document's value stays behind until Automerge changes it.
   */
  readonly grow: (document: Doc<object>, growth: Growth) => boolean;
  /** The document was changed otherwise: its pages may be others. */
  readonly forget: () => void;
}

/** The page that grew last, by Automerge's id of it. */
interface Page {
  readonly path: string;
  readonly object: string;
  items: number;
}

export function openGrower(): Grower {
  let last: Page | null = null;
  return {
    grow(document, { pages, chunk }) {
      const backend = getBackend(document);
      const path = pages.join(' ');
      const page = last?.path === path ? last : pageAt(backend, pages, path);
      last = page;
      if (page === null || page.items >= PAGE_ITEMS_MAX) return false;
      backend.insert(page.object, page.items, chunk, 'str');
      backend.commit(null, 0);
      page.items += 1;
      return true;
    },
    forget() {
      last = null;
    },
  };
}

type Backend = ReturnType<typeof getBackend>;

function pageAt(backend: Backend, pages: Growth['pages'], path: string): Page | null {
  let object = '/';
  for (const step of pages) {
    const list = objectAt(backend, object, step);
    if (list === null) return null;
    object = list;
  }
  const count = backend.length(object);
  const page = count === 0 ? null : objectAt(backend, object, count - 1);
  return page === null ? null : { path, object: page, items: backend.length(page) };
}

function objectAt(backend: Backend, object: string, step: string | number): string | null {
  const found = backend.getWithType(object, step);
  if (found === null) return null;
  return found[0] === 'list' || found[0] === 'map' ? found[1] : null;
}
