// How what an agent wrote is read: leniently where the protocol says that a broken field counts
// as absent, and never by throwing.
import * as v from 'valibot';

/** A text, or this one where there is none. */
export const text = (otherwise: string) => v.fallback(v.nullish(v.string(), otherwise), otherwise);

/** Those items of a list that are as they should be; none where it is no list. */
export function each<S extends v.GenericSchema>(item: S, list: unknown): v.InferOutput<S>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((raw: unknown) => {
    const parsed = v.safeParse(item, raw);
    return parsed.success ? [parsed.output] : [];
  });
}

/** A field of an object, by a path of names; undefined where there is none. */
export function field(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
