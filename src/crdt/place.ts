// Where a document stands in its sharer's count: the epoch, and the number of the last change
// within it. Knows only which of two is later.

export interface Place {
  readonly epoch: number;
  readonly n: number;
}

/** Before every frame. */
export const NOWHERE: Place = { epoch: 0, n: 0 };

export function isAfter(a: Place, b: Place): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.n > b.n);
}
