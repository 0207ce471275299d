// Masks secrets in rows on their way into a block's document, also where one goes on in the next
// row. Keeps the number of rows, their wraps and their styles. Knows rows; not where they go.
import type { Row, StyleRun } from '../protocol/document.ts';
import { maskOf, type Masking, type SecretScanner } from '../agent/masking.ts';
import { SECRET_CHARS_MIN } from '../agent/secret-names.ts';

export interface RowMask {
  /** The next rows of the head; what may enter now, which are the first of those not yet given. */
  readonly push: (rows: readonly Row[], more: RowsMore) => readonly Row[];
  /** The last rows. `isCut`: others followed that were left out, perhaps with the rest of a secret. */
  readonly rest: (isCut: boolean) => readonly Row[];
}

export interface RowsMore {
  readonly cols: number;
  /** The row behind them may go on from the last one. */
  readonly goesOn: boolean;
}

interface Held {
  readonly row: Row;
  /** Where its text stands in what was scanned. */
  readonly from: number;
}

interface Hidden {
  readonly from: number;
  readonly to: number;
  /** '' where it goes on from the one before. */
  readonly note: string;
}

const SOLE_END = /^[^-]*-----END [A-Z0-9 ]*PRIVATE KEY/;
const KEY_BODY = /^[\s+>|]*[A-Za-z0-9+/=:]{1,76}\s*$/;

export function openRowMask(masking: Masking): RowMask {
  const scanner: SecretScanner = masking.scan();
  let held: Held[] = [];
  let hidden: Hidden[] = [];
  let at = 0;
  let maskedTo = 0;
  let last: Row | 'none' = 'none';

  function take(row: Row, cols: number): void {
    const between = betweenRows(last, row, cols);
    scanner.push(between + row.text);
    held.push({ row, from: at + between.length });
    at += between.length + row.text.length;
    last = row;
  }

  function hide(from: number, to: number, note: string): void {
    const goesOn = maskedTo > 0 && from <= maskedTo;
    if (to > maskedTo || !goesOn)
      hidden.push({ from: textFrom(from), to, note: goesOn ? '' : note });
    maskedTo = Math.max(maskedTo, to);
  }

  /** What begins between two rows begins with the next: the one before may have been given. */
  function textFrom(from: number): number {
    const inRow = held.some((one) => one.from <= from && from < one.from + one.row.text.length);
    return inRow ? from : (held.find((one) => one.from >= from)?.from ?? from);
  }

  function give(decided: number): readonly Row[] {
    for (const span of scanner.take(decided)) hide(span.from, span.to, maskOf(span.label));
    const waiting = held.findIndex(({ row, from }) => from + row.text.length > decided);
    const ready = waiting < 0 ? held : held.slice(0, waiting);
    held = waiting < 0 ? [] : held.slice(waiting);
    const given = ready.map(({ row, from }) => withoutHidden(row, from, hidden));
    const next = held[0]?.from ?? at;
    hidden = hidden.filter(({ to }) => to > next);
    return given;
  }

  return {
    push(rows, { cols, goesOn }) {
      for (const row of rows) take(row, cols);
      // A row's end is no word's end until it is known not to go on.
      if (goesOn) return give(Math.min(scanner.decided(), (held.at(-1)?.from ?? at) - 1));
      if (last !== 'none') {
        scanner.push('\n');
        at++;
        last = 'none';
      }
      return give(scanner.decided());
    },
    rest(isCut) {
      const decided = scanner.decided();
      scanner.end();
      for (const span of scanner.take(at + 1)) hide(span.from, span.to, maskOf(span.label));
      if (isCut && at - decided >= SECRET_CHARS_MIN) hide(decided, at, maskOf('end'));
      return give(at + 1);
    },
  };
}

/** [MK10] Rows after some that were left out: what began in those is masked as far as it shows. */
export function maskedTail(masking: Masking, rows: readonly Row[], cols: number): readonly Row[] {
  const mask = openRowMask(masking);
  const masked = [...mask.push(rows, { cols, goesOn: false }), ...mask.rest(false)];
  const end = keyEnd(rows);
  return masked.map((row, i) => {
    if (i < end) return hiddenFrom(row, row.text.search(/\S|$/), row.text.length);
    const begun = i === 0 && row.wrapped ? (/^\S+/.exec(row.text)?.[0].length ?? 0) : 0;
    return begun < SECRET_CHARS_MIN ? row : hiddenFrom(row, 0, begun);
  });
}

/** How many rows at the beginning are the end of a private key. */
function keyEnd(rows: readonly Row[]): number {
  const end = rows.findIndex((row) => !KEY_BODY.test(row.text));
  return end > 0 && SOLE_END.test(rows[end]?.text ?? '') ? end : 0;
}

function hiddenFrom(row: Row, from: number, to: number): Row {
  return withoutHidden(row, 0, [{ from, to, note: from < to ? maskOf('end') : '' }]);
}

/** Blanks at the end of a row are not kept, so a short one that wraps ends in one. */
function betweenRows(before: Row | 'none', row: Row, cols: number): string {
  if (before === 'none') return '';
  if (!row.wrapped) return '\n';
  return before.text.length < cols && /^[\u0020-\u007e]*$/.test(before.text) ? ' ' : '';
}

/** The row, at `from` in the text, with notes where something is hidden that begins in it. */
function withoutHidden(row: Row, from: number, hidden: readonly Hidden[]): Row {
  const end = from + row.text.length;
  let text = '';
  let at = from;
  const runs: StyleRun[] = [];
  function keep(to: number): void {
    if (to <= at) return;
    text += row.text.slice(at - from, to - from);
    addRuns(runs, row.runs, at - from, to - from);
    at = to;
  }
  for (const one of hidden) {
    const isBehind = one.from > end || (one.from === end && end > from);
    if (one.to <= from || isBehind) continue;
    keep(one.from);
    if (one.from >= from && one.note !== '') {
      text += one.note;
      addRun(runs, { ...styleAt(row.runs, one.from - from), length: one.note.length });
    }
    at = Math.max(at, Math.min(one.to, end));
  }
  if (at === from && text === '') return row;
  keep(end);
  return { ...row, text, runs: withoutPlainEnd(runs) };
}

const PLAIN = { fg: -1, bg: -1, flags: 0 } as const;

function addRuns(to: StyleRun[], runs: readonly StyleRun[], from: number, end: number): void {
  let start = 0;
  for (const run of runs) {
    const length = Math.min(start + run.length, end) - Math.max(start, from);
    if (length > 0) addRun(to, { ...run, length });
    start += run.length;
  }
  const plain = end - Math.max(start, from);
  if (plain > 0) addRun(to, { ...PLAIN, length: plain });
}

function addRun(to: StyleRun[], run: StyleRun): void {
  const last = to.at(-1);
  if (last !== undefined && last.fg === run.fg && last.bg === run.bg && last.flags === run.flags) {
    to[to.length - 1] = { ...last, length: last.length + run.length };
  } else to.push(run);
}

function styleAt(runs: readonly StyleRun[], at: number): Omit<StyleRun, 'length'> {
  let start = 0;
  for (const { length, ...style } of runs) {
    if (at < start + length) return style;
    start += length;
  }
  return PLAIN;
}

function withoutPlainEnd(runs: readonly StyleRun[]): readonly StyleRun[] {
  const last = runs.at(-1);
  const isPlain = last !== undefined && last.fg === -1 && last.bg === -1 && last.flags === 0;
  return isPlain ? runs.slice(0, -1) : runs;
}
