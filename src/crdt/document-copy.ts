// The one place where bytes go into Automerge: apply or load, compare the heads, free on
// anything wrong. Knows no frames; whoever calls has checked the signature.
import * as A from '@automerge/automerge/slim';
import { err, ok, type Result } from '../protocol/result.ts';
import { headsFromHex, sameHeads, type Heads } from './heads.ts';

export type Copy = A.Doc<object>;

export function emptyCopy(actor: string): Copy {
  return A.init<object>({ actor });
}

/** [FR7] `copy` is used up: on a fault it is freed, as a failed apply may have poisoned it. */
export function applied(
  copy: Copy,
  changes: Uint8Array[],
  heads: Heads,
): Result<Copy, 'frame.wrongHeads'> {
  try {
    const [after] = A.applyChanges(copy, changes);
    if (sameHeads(headsOf(after), heads)) return ok(after);
  } catch {
    // Automerge throws RangeError for what it cannot parse and PanicError for what it cannot bear.
  }
  A.free(copy);
  return err('frame.wrongHeads');
}

/** [FR8] Never `unchecked`: the hash check ties the document to its heads. */
export function loaded(
  bytes: Uint8Array,
  heads: Heads,
  actor: string,
): Result<Copy, 'frame.wrongHeads'> {
  let copy: Copy;
  try {
    copy = A.load<object>(bytes, { actor });
  } catch {
    return err('frame.wrongHeads');
  }
  if (sameHeads(headsOf(copy), heads)) return ok(copy);
  A.free(copy);
  return err('frame.wrongHeads');
}

export function headsOf(copy: Copy): Uint8Array[] {
  return headsFromHex(A.getHeads(copy));
}

export function freeCopy(copy: Copy): void {
  A.free(copy);
}

export function savedOf(copy: Copy): Uint8Array {
  return A.save(copy);
}
