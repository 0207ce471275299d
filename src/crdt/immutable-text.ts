// Texts as documents hold them: immutable strings, single or as growing pages of chunks. An
// Automerge Text costs its receiver by its length, these do not. Knows no kind of document.
import { ImmutableString, isImmutableString } from '@automerge/automerge/slim';
import * as v from 'valibot';

/** Chunks by pages of at most PAGE_ITEMS_MAX: a change costs its receiver by its list's length. */
export type Pages = ImmutableString[][];
export const PAGE_ITEMS_MAX = 256;

export function immutable(text: string): ImmutableString {
  return new ImmutableString(text);
}

/** Onto the last page, or a new one; after 65,536 chunks the last page grows past its measure. */
export function pushChunk(pages: Pages, chunk: string): void {
  const last = pages[pages.length - 1];
  const isFull = last === undefined || last.length >= PAGE_ITEMS_MAX;
  if (isFull && pages.length < PAGE_ITEMS_MAX) pages.push([immutable(chunk)]);
  else last?.push(immutable(chunk));
}

/** A text of at most `charsMax` UTF-16 units. */
export function text(charsMax: number) {
  return v.pipe(
    v.custom<ImmutableString>((value) => isImmutableString(value)),
    v.transform((value) => value.val),
    v.maxLength(charsMax),
  );
}

export const Natural = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A command or prompt of 32 KiB is at most as many units; paths and names are far below. */
export const Line = text(32 * 1024);

/**
 * JSON text that says what `schema` wants; parsed once per text: Automerge keeps the same object
 * as long as the text stands, so what is unchanged is also the same value.
 */
export function json<T>(schema: v.GenericSchema<unknown, T>, charsMax: number) {
  const known = new WeakMap<object, T>();
  return v.pipe(
    v.custom<ImmutableString>((value) => isImmutableString(value)),
    v.rawTransform(({ dataset, addIssue, NEVER }): T => {
      const stored = dataset.value;
      const before = known.get(stored);
      if (before !== undefined) return before;
      const raw = stored.val.length <= charsMax ? parsedJson(stored.val) : undefined;
      const parsed = v.safeParse(schema, raw);
      if (!parsed.success) {
        addIssue({ message: 'not what it should say' });
        return NEVER;
      }
      known.set(stored, parsed.output);
      return parsed.output;
    }),
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
