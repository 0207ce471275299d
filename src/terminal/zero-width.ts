// Whether a character may take no cell of its own and join the one before. At least what the
// width table says (widths.ts), and some more; used to count such characters, never to lay out.

/** 0 not looked at, 1 takes a cell, 2 joins. Filled as characters come. */
const BASIC_PLANE = new Uint8Array(0x10000);
const JOINS = /[\p{M}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]/u;

export function isZeroWidth(code: number): boolean {
  if (code < 0xad) return false;
  if (code > 0xffff) return JOINS.test(String.fromCodePoint(code));
  const known = BASIC_PLANE[code] ?? 0;
  if (known !== 0) return known === 2;
  const joins = JOINS.test(String.fromCharCode(code));
  BASIC_PLANE[code] = joins ? 2 : 1;
  return joins;
}
