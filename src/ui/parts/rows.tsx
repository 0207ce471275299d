// Finished rows of terminal text as static text: spans made from style runs, never markup from
// outside. Many rows are folded to their beginning and their end.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Row } from '../../protocol/document.ts';
import { linesOf, spansOf, type Span } from '../model/spans.ts';
import { memo } from './memo.ts';

/** Past this the middle is folded: drawing more at once is felt when scrolling. In rows. */
const ROWS_SHOWN_MAX = 260;
const FOLD_HEAD = 20;
const FOLD_TAIL = 200;
/** Rows drawn as one piece that the browser may skip while it is out of sight. */
const CHUNK_ROWS = 200;

export const Rows = memo(function Rows({
  head,
  omitted,
  tail,
}: {
  head: readonly Row[];
  omitted: number;
  tail: readonly Row[];
}) {
  const [all, setAll] = useState(false);
  const folds = head.length + tail.length > ROWS_SHOWN_MAX && !all;
  if (head.length + tail.length === 0 && omitted === 0) return null;
  if (!folds) {
    return (
      <>
        <Chunks rows={head} />
        {omitted > 0 && <Omitted count={omitted} />}
        <Chunks rows={tail} />
      </>
    );
  }
  const kept = head.length + tail.length;
  const end = [...head, ...tail].slice(-Math.min(FOLD_TAIL, kept - FOLD_HEAD));
  const hidden = kept - FOLD_HEAD - end.length;
  return (
    <>
      <Chunks rows={[...head, ...tail].slice(0, FOLD_HEAD)} />
      <div class="rows-fold">
        <button type="button" class="button quiet small" onClick={() => setAll(true)}>
          Show {hidden.toLocaleString('en')} more rows
        </button>
      </div>
      <Chunks rows={end} />
    </>
  );
});

function Omitted({ count }: { count: number }) {
  return <p class="rows-fold">{count.toLocaleString('en')} rows were not kept</p>;
}

function Chunks({ rows }: { rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  if (rows.length <= CHUNK_ROWS) return <Chunk rows={rows} />;
  const chunks: ComponentChildren[] = [];
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    chunks.push(<Chunk key={at} rows={rows.slice(at, at + CHUNK_ROWS)} />);
  }
  return <>{chunks}</>;
}

function Chunk({ rows }: { rows: readonly Row[] }) {
  return <pre class="rows">{drawn(rows)}</pre>;
}

/** Text and spans, with unstyled neighbours joined: a plain output is one text node. */
function drawn(rows: readonly Row[]): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let plain = '';
  linesOf(rows).forEach((line, index) => {
    if (index > 0) plain += '\n';
    for (const span of line.flatMap(spansOf)) {
      if (span.style === null && span.columns === null) {
        plain += span.text;
        continue;
      }
      out.push(plain, <Styled span={span} />);
      plain = '';
    }
  });
  out.push(plain);
  return out;
}

function Styled({ span }: { span: Span }) {
  const { style } = span;
  const lines = [
    style?.underline === true ? 'underline' : '',
    style?.strike === true ? 'line-through' : '',
    style?.overline === true ? 'overline' : '',
  ].filter((line) => line !== '');
  return (
    <span
      class={span.columns === null ? undefined : 'fixed'}
      style={{
        color: style?.color ?? undefined,
        backgroundColor: style?.background ?? undefined,
        fontWeight: style?.bold === true ? '700' : undefined,
        opacity: style?.dim === true ? '0.7' : undefined,
        fontStyle: style?.italic === true ? 'italic' : undefined,
        textDecoration: lines.length > 0 ? lines.join(' ') : undefined,
        width: span.columns === null ? undefined : `${span.columns}ch`,
      }}
    >
      {span.text}
    </span>
  );
}
