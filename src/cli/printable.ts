// Text from others on its way to this terminal: made harmless, and cut to a number of cells.
// Knows no terminal.

/** Controls, and what turns or hides text: bidi, zero widths, line separators, tags. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
const WIDE =
  /^(?:[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}|[\u{20000}-\u{3fffd}])$/u;

/** [CL1] The text without anything that a terminal would obey, or that would turn it round. */
export function printable(text: string): string {
  return text.replace(UNSAFE, '');
}

/** At least as many cells as a terminal takes. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) {
    if (!/^\p{M}$/u.test(character)) cells += WIDE.test(character) ? 2 : 1;
  }
  return cells;
}

/** The text in exactly `cols` cells: cut with '…', or filled with blanks. */
export function fitted(text: string, cols: number): string {
  const all = cellsOf(text);
  if (all <= cols) return text + ' '.repeat(cols - all);
  let kept = '';
  let cells = 0;
  for (const character of text) {
    const width = cellsOf(character);
    if (cells + width > cols - 1) break;
    kept += character;
    cells += width;
  }
  return cols < 1 ? '' : `${kept}…${' '.repeat(cols - 1 - cells)}`;
}

/** `left` at the left and `right` at the right end; where there is no room for both, `left`. */
export function spread(left: string, right: string, cols: number): string {
  const room = cols - cellsOf(right);
  return cellsOf(left) < room ? fitted(left, room) + right : fitted(left, cols);
}
