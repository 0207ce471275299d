// A file's change: its name, how much came and went, and the lines around it.
import { useMemo, useState } from 'preact/hooks';
import type { ToolContent } from '../../protocol/thread.ts';
import { languageOfPath } from '../model/code-languages.ts';
import { diffRows, type DiffRow } from '../model/diff-rows.ts';
import { visibleText } from '../model/words.ts';
import { Code } from './code.tsx';

type Diff = Extract<ToolContent, { type: 'diff' }>;

/** Rows shown before somebody asks for more. */
const ROWS_SHOWN = 28;
/** Rows more at a time: a page takes a moment for each. */
const ROWS_MORE = 1000;
const MARKS = { added: '+', removed: '−', same: ' ', gap: '' } as const;
const SPOKEN = { added: 'added: ', removed: 'removed: ', same: '', gap: '' } as const;

export function DiffView({ diff }: { diff: Diff }) {
  const [wished, setWished] = useState(ROWS_SHOWN);
  const rows = useMemo(() => diffRows(diff.oldText, diff.newText), [diff]);
  const shown = rows.slice(0, wished);
  const hidden = rows.length - shown.length;
  const language = languageOfPath(diff.path);
  return (
    <figure class="diff">
      <figcaption>
        <code class="grow cut" title={diff.path}>
          {visibleText(diff.path)}
        </code>
        {diff.oldText === null && <span class="chip">new file</span>}
        <Counts added={diff.added} removed={diff.removed} />
      </figcaption>
      <div class="diff-rows" tabIndex={0} role="region" aria-label={`Change of ${diff.path}`}>
        <div class="diff-table">
          {shown.map((row, at) => (
            <Row key={at} row={row} language={language} />
          ))}
        </div>
      </div>
      {hidden > 0 && (
        <div class="rows-fold">
          <button
            type="button"
            class="button quiet small"
            onClick={() => setWished(wished + ROWS_MORE)}
          >
            Show {Math.min(hidden, ROWS_MORE).toLocaleString('en')} more lines
          </button>
        </div>
      )}
      {diff.cut && <p class="rows-fold">The middle of this file was left out: it is too long</p>}
    </figure>
  );
}

export function Counts({ added, removed }: { added: number; removed: number }) {
  return (
    <span class="counts">
      {added > 0 && <span class="added">+{added}</span>}{' '}
      {removed > 0 && <span class="removed">−{removed}</span>}
      <span class="unseen"> lines</span>
    </span>
  );
}

function Row({ row, language }: { row: DiffRow; language: string }) {
  if (row.kind === 'gap') return <div class="diff-row gap">⋯</div>;
  return (
    <div class={`diff-row ${row.kind}`}>
      <span class="diff-number" aria-hidden="true">
        {row.after ?? row.before}
      </span>
      <span class="diff-mark" aria-hidden="true">
        {MARKS[row.kind]}
      </span>
      <span class="diff-text">
        {SPOKEN[row.kind] !== '' && <span class="unseen">{SPOKEN[row.kind]}</span>}
        <Code text={row.text} language={language} />
      </span>
    </div>
  );
}
