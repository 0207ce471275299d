// The whole of what is shown cut: fetched from the sharer when somebody asks, in a box that scrolls.
import { useMemo, useState } from 'preact/hooks';
import type { Part, ToolContent } from '../../protocol/thread.ts';
import { plainOutput, wholeDiffOf } from '../model/whole-text.ts';
import { DiffView } from './diff-view.tsx';
import type { ThreadFrame } from './thread-frame.ts';

type Fetched =
  | { readonly is: 'not' }
  | { readonly is: 'asked'; readonly of: unknown }
  | { readonly is: 'gone'; readonly of: unknown }
  | { readonly is: 'here'; readonly of: unknown; readonly text: string };

const NOT: Fetched = { is: 'not' };

/** Of a piece of the part's contents; of its text where `content` is null. */
export function Whole({
  part,
  content,
  frame,
}: {
  part: Part;
  content: ToolContent | null;
  frame: ThreadFrame;
}) {
  const [last, setLast] = useState(NOT);
  // What was fetched of one piece says nothing of what the agent has put in its place.
  const of = content ?? part.omitted;
  const fetched = last.is === 'not' || last.of !== of ? NOT : last;
  const ask = async (): Promise<void> => {
    setLast({ is: 'asked', of });
    const at = content === null ? null : part.contents.indexOf(content);
    const text = await frame.session.whole(part, at);
    setLast(text === null ? { is: 'gone', of } : { is: 'here', of, text });
  };
  if (fetched.is === 'here') return <WholeText text={fetched.text} content={content} />;
  return (
    <p class="rows-fold" aria-live="polite">
      {fetched.is === 'gone' ? (
        'No longer kept'
      ) : (
        <button
          type="button"
          class="button quiet small"
          disabled={fetched.is === 'asked'}
          onClick={() => void ask()}
        >
          Show the whole
        </button>
      )}
    </p>
  );
}

function WholeText({ text, content }: { text: string; content: ToolContent | null }) {
  const diff = useMemo(
    () => (content?.type === 'diff' ? wholeDiffOf(content, text) : null),
    [content, text],
  );
  const plain = useMemo(() => plainOutput(text), [text]);
  return (
    <div class="whole">
      {diff === null ? (
        <pre class="raw" tabIndex={0} role="region" aria-label="The whole">
          {plain}
        </pre>
      ) : (
        <DiffView diff={diff} />
      )}
    </div>
  );
}

/** How much of a part's text was left out. */
export function LeftOut({ part, frame }: { part: Part; frame: ThreadFrame }) {
  if (part.omitted === 0) return null;
  return (
    <>
      <p class="rows-fold">{part.omitted.toLocaleString('en')} more characters were left out</p>
      <Whole part={part} content={null} frame={frame} />
    </>
  );
}
