// A file's change as rows that a page can show: what went, what came, and a little around it.
import { structuredPatch } from 'diff';

export interface DiffRow {
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  /** Line numbers on either side, where it has one. */
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Lines shown around a change. */
const CONTEXT = 3;
/** Past this many edits a diff is shown as all removed and all added: finding better takes seconds. */
const EDITS_MAX = 2000;

export function diffRows(oldText: string | null, newText: string): readonly DiffRow[] {
  if (oldText === null || oldText === '') return wholly('added', newText);
  if (newText === '') return wholly('removed', oldText);
  const patch = structuredPatch('', '', oldText, newText, '', '', {
    context: CONTEXT,
    maxEditLength: EDITS_MAX,
  });
  if (patch === undefined) return [...wholly('removed', oldText), ...wholly('added', newText)];
  return patch.hunks.flatMap((hunk, index) => {
    const rows = hunkRows(hunk.lines, hunk.oldStart, hunk.newStart);
    return index === 0 && hunk.oldStart <= 1 ? rows : [GAP, ...rows];
  });
}

const GAP: DiffRow = { kind: 'gap', before: null, after: null, text: '' };

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function wholly(kind: 'added' | 'removed', text: string): readonly DiffRow[] {
  return linesOf(text).map((line, at) => ({
    kind,
    before: kind === 'removed' ? at + 1 : null,
    after: kind === 'added' ? at + 1 : null,
    text: line,
  }));
}

function hunkRows(
  lines: readonly string[],
  oldStart: number,
  newStart: number,
): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let [before, after] = [oldStart, newStart];
  for (const line of lines) {
    const [mark, text] = [line[0], line.slice(1)];
    if (mark === '+') rows.push({ kind: 'added', before: null, after: after++, text });
    else if (mark === '-') rows.push({ kind: 'removed', before: before++, after: null, text });
    else if (mark === ' ') rows.push({ kind: 'same', before: before++, after: after++, text });
    // '\' says that a file has no line end: nothing to show
  }
  return rows;
}
