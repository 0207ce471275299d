// What an agent wrote, as Markdown: drawn from a tree, never as markup. The reader of Markdown
// loads when the first piece is to be shown; until then it is plain text.
import { signal } from '@preact/signals';
import { markdownPieces } from '../model/markdown-pieces.ts';
import { visibleText } from '../model/words.ts';
import type * as Reader from './markdown-nodes.tsx';
import { memo } from './memo.ts';

const reader = signal<typeof Reader | null>(null);
let asked = false;

async function load(): Promise<void> {
  asked = true;
  reader.value = await import('./markdown-nodes.tsx');
}

export function Markdown({
  text,
  live,
  copy,
}: {
  text: string;
  /** It is still being written. */
  live: boolean;
  copy: (text: string, what: string) => void;
}) {
  if (!asked) void load();
  const pieces = markdownPieces(text);
  return (
    <div class="md">
      {pieces.map((piece, at) => (
        <Piece key={at} text={piece} live={live && at === pieces.length - 1} copy={copy} />
      ))}
    </div>
  );
}

/** Read again only when its own text has changed. */
const Piece = memo(function Piece({
  text,
  live,
  copy,
}: {
  text: string;
  live: boolean;
  copy: (text: string, what: string) => void;
}) {
  const loaded = reader.value;
  if (loaded === null) return <p class="md-plain">{visibleText(text)}</p>;
  return <>{loaded.markdownNodes(text, live, copy)}</>;
});
