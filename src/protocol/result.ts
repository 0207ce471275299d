// The two shapes every machine and every door in meshell speaks: a Result for what may
// fail, and `unreachable` for what must not. Knows nothing of what is decided with them.

/** A value, or the name of an expected failure. Failures are data; throwing is for bugs. */
export type Result<T, F extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: F };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err<F extends string>(fault: F): { readonly ok: false; readonly fault: F } {
  return { ok: false, fault };
}

/** A case the types rule out. Reaching it is a bug of ours. */
export function unreachable(never: never): never {
  throw new Error(`unreachable: ${JSON.stringify(never)}`);
}
