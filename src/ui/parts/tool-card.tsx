// One tool call as a card: what it does, how it stands, and, unfolded, what it changed, printed
// and was given.
import type { IconNode } from 'lucide';
import {
  ArrowRightLeft,
  Brain,
  ChevronDown,
  ChevronRight,
  FilePen,
  FileText,
  Globe,
  Replace,
  Search,
  SquareTerminal,
  Trash2,
  Wrench,
} from 'lucide';
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import {
  LEFT_OUT,
  type Part,
  type PartHead,
  type ToolContent,
  type ToolKind,
} from '../../protocol/thread.ts';
import { unreachable } from '../../protocol/result.ts';
import { outputRows } from '../model/output-rows.ts';
import { sinceWords, TOOL_KIND_WORDS, TOOL_STATUS_WORDS } from '../model/thread-words.ts';
import { safeUrl } from '../model/markdown-pieces.ts';
import { durationWords, visibleText } from '../model/words.ts';
import { Code } from './code.tsx';
import { Counts, DiffView } from './diff-view.tsx';
import { Icon } from './icon.tsx';
import { Rows } from './rows.tsx';
import type { ThreadFrame } from './thread-frame.ts';
import { Ticking } from './ticking.tsx';
import { LeftOut, Whole } from './whole.tsx';

type Tool = Extract<PartHead, { kind: 'tool' }>;

const ICONS: { readonly [K in ToolKind]: IconNode } = {
  read: FileText,
  edit: FilePen,
  delete: Trash2,
  move: ArrowRightLeft,
  search: Search,
  execute: SquareTerminal,
  think: Brain,
  fetch: Globe,
  switch_mode: Replace,
  other: Wrench,
};
/** Rows of output shown before somebody asks for all. */
const OUTPUT_ROWS_SHOWN = 12;

export function ToolCard({ part, head, frame }: { part: Part; head: Tool; frame: ThreadFrame }) {
  const [choice, setChoice] = useState<boolean | null>(null);
  const isLive = head.status === 'pending' || head.status === 'in_progress';
  const hasBody = part.text !== '' || part.contents.length > 0 || head.locations.length > 0;
  const open = hasBody && (choice ?? opensItself(head, part, isLive));
  return (
    <section
      class={`tool ${head.status}`}
      aria-label={`${TOOL_KIND_WORDS[head.tool]}: ${head.title}`}
    >
      <button
        type="button"
        class="tool-head"
        aria-expanded={open}
        disabled={!hasBody}
        onClick={() => setChoice(!open)}
      >
        <Icon node={ICONS[head.tool]} />
        <span class="unseen">{TOOL_KIND_WORDS[head.tool]}</span>
        <span class={`grow ${open ? 'tool-title' : 'tool-title cut'}`}>
          {visibleText(head.title) || TOOL_KIND_WORDS[head.tool]}
        </span>
        {!open && <DiffCounts contents={part.contents} />}
        <Took head={head} frame={frame} />
        {head.exit !== null && head.exit !== 0 && <span class="exit">exit {head.exit}</span>}
        <span class={`chip tool-status ${head.status}`}>{TOOL_STATUS_WORDS[head.status]}</span>
        {hasBody && <Icon node={open ? ChevronDown : ChevronRight} size={14} />}
      </button>
      {open && (
        <div class="tool-body">
          <Locations head={head} contents={part.contents} />
          <Contents part={part} contents={part.contents} frame={frame} />
          {part.text !== '' && <Output text={part.text} />}
          <LeftOut part={part} frame={frame} />
          <Inputs part={part} contents={part.contents} frame={frame} />
        </div>
      )}
    </section>
  );
}

/** What one looks at is open; what an agent only looked up is not. */
function opensItself(head: Tool, part: Part, isLive: boolean): boolean {
  const shows = part.text !== '' || part.contents.some((content) => content.type !== 'input');
  if (!shows) return false;
  if (isLive || head.status === 'failed') return true;
  return head.tool === 'execute' || part.contents.some((content) => content.type === 'diff');
}

function Took({ head, frame }: { head: Tool; frame: ThreadFrame }) {
  if (head.endedAt !== null) {
    return <span class="took">{durationWords(head.endedAt - head.startedAt)}</span>;
  }
  if (head.status !== 'in_progress') return null;
  return (
    <span class="took">
      <Ticking now={frame.now}>{(nowMs) => sinceWords(head.startedAt, nowMs)}</Ticking>
    </span>
  );
}

function DiffCounts({ contents }: { contents: readonly ToolContent[] }) {
  const diffs = contents.filter((content) => content.type === 'diff');
  if (diffs.length === 0) return null;
  const added = diffs.reduce((sum, diff) => sum + diff.added, 0);
  const removed = diffs.reduce((sum, diff) => sum + diff.removed, 0);
  return <Counts added={added} removed={removed} />;
}

/** Files that its diffs do not name already. */
function Locations({ head, contents }: { head: Tool; contents: readonly ToolContent[] }) {
  const named = contents.flatMap((content) => (content.type === 'diff' ? [content.path] : []));
  const places = head.locations.filter(({ path }) => !named.includes(path));
  if (places.length === 0) return null;
  return (
    <ul class="locations" aria-label="Files">
      {places.map(({ path, line }, at) => (
        <li key={at}>
          <code>
            {visibleText(path)}
            {line === null ? '' : `:${line}`}
          </code>
        </li>
      ))}
    </ul>
  );
}

interface Showing {
  readonly part: Part;
  /** All of the part's, or some. */
  readonly contents: readonly ToolContent[];
  readonly frame: ThreadFrame;
}

/** Also within a permission card. What it was given stands in a fold of its own. */
export function Contents({ part, contents, frame }: Showing) {
  return (
    <>
      {contents.map((content, at) => (
        <Content key={at} content={content} part={part} frame={frame} />
      ))}
    </>
  );
}

function Content({
  content,
  part,
  frame,
}: {
  content: ToolContent;
  part: Part;
  frame: ThreadFrame;
}): ComponentChildren {
  switch (content.type) {
    case 'text':
      return (
        <>
          <Output text={content.text} />
          {content.text.includes(LEFT_OUT) && <Whole part={part} content={content} frame={frame} />}
        </>
      );
    case 'diff':
      return (
        <>
          <DiffView diff={content} />
          {content.cut && <Whole part={part} content={content} frame={frame} />}
        </>
      );
    case 'link':
      return <ContentLink name={content.name} uri={content.uri} />;
    case 'output':
    case 'input':
      return null;
    default:
      return unreachable(content);
  }
}

function ContentLink({ name, uri }: { name: string; uri: string }) {
  const href = safeUrl(uri);
  const words = visibleText(name === '' ? uri : name);
  if (href === null) return <p class="content-link">{words}</p>;
  return (
    <p class="content-link">
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {words}
      </a>
    </p>
  );
}

export function Inputs({ part, contents, frame }: Showing) {
  const inputs = contents.filter((content) => content.type === 'input');
  if (inputs.length === 0) return null;
  return (
    <details class="fold">
      <summary>Input</summary>
      {inputs.map((input, at) => (
        <div key={at}>
          <pre class="raw" tabIndex={0} role="region" aria-label="Input">
            <Code text={input.text} language="json" />
          </pre>
          {input.text.includes(LEFT_OUT) && <Whole part={part} content={input} frame={frame} />}
        </div>
      ))}
    </details>
  );
}

function Output({ text }: { text: string }) {
  const [all, setAll] = useState(false);
  const rows = useMemo(() => outputRows(text), [text]);
  const hidden = all ? 0 : Math.max(0, rows.length - OUTPUT_ROWS_SHOWN);
  const shown = useMemo(() => rows.slice(hidden), [rows, hidden]);
  return (
    <div class="output">
      {hidden > 0 && (
        <div class="rows-fold">
          <button type="button" class="button quiet small" onClick={() => setAll(true)}>
            Show all {rows.length.toLocaleString('en')} rows
          </button>
        </div>
      )}
      <Rows head={shown} omitted={0} tail={NO_ROWS} />
    </div>
  );
}

const NO_ROWS: ReturnType<typeof outputRows> = [];
