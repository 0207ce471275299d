// One finished block: where, when and how it ended, its command, its rows, and what can be
// done with it.
import type { ReadonlySignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import {
  Clock,
  Copy,
  CornerDownLeft,
  Ellipsis,
  FileText,
  GitBranch,
  Share2,
  Terminal,
} from 'lucide';
import type { Block } from '../../protocol/document.ts';
import type { SessionModel } from '../model/session-model.ts';
import { rowsText } from '../model/spans.ts';
import {
  clockWords,
  durationWords,
  isFailure,
  shortDirectory,
  visibleText,
} from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { Menu, type MenuEntry, type MenuPoint } from './menu.tsx';
import { memo } from './memo.ts';
import { Rows } from './rows.tsx';

export interface BlockDeeds {
  readonly copy: (text: string, what: string) => void;
  /** null where this viewer may not share. */
  readonly shareFrom: ((block: number) => void) | null;
  /** null where this viewer may not run. */
  readonly reuse: ((command: string) => void) | null;
}

export const BlockView = memo(function BlockView({
  block,
  session,
  now,
  deeds,
  current,
}: {
  block: Block;
  session: SessionModel;
  /** Not read as a signal: a block that is over is not drawn anew each second. */
  now: ReadonlySignal<number>;
  deeds: BlockDeeds;
  /** Whether Tab comes to this block. */
  current: boolean;
}) {
  const [menu, setMenu] = useState<MenuPoint | null>(null);
  const failed = isFailure(block.exit);
  const tab = current ? 0 : -1;
  const openAt = (element: Element): void => {
    const box = element.getBoundingClientRect();
    setMenu({ x: box.left, y: box.bottom + 4 });
  };
  return (
    <article
      class={`block ${failed ? 'failed' : ''}`}
      aria-label={blockName(block)}
      data-block={block.number}
      tabIndex={tab}
      onContextMenu={(event) => {
        if ((getSelection()?.toString() ?? '') !== '') return; // the browser's own menu copies it
        event.preventDefault();
        if (event.button === 2) setMenu({ x: event.clientX, y: event.clientY });
        else openAt(event.currentTarget);
      }}
    >
      <BlockHead block={block} session={session} nowMs={now.peek()} />
      {block.command !== '' && <pre class="command">{visibleText(block.command)}</pre>}
      <Rows head={block.head} omitted={block.omitted} tail={block.tail} />
      <div class="block-actions" role="group" aria-label="Block actions">
        <button
          type="button"
          class="button small icon-only hover-only"
          aria-label="Copy command"
          title="Copy command"
          tabIndex={tab}
          onClick={() => deeds.copy(block.command, 'Command')}
        >
          <Icon node={Copy} size={14} />
        </button>
        <button
          type="button"
          class="button small icon-only hover-only"
          aria-label="Copy output"
          title="Copy output"
          tabIndex={tab}
          onClick={() => deeds.copy(outputOf(block), 'Output')}
        >
          <Icon node={FileText} size={14} />
        </button>
        <button
          type="button"
          class="button small icon-only"
          aria-label="More about this block"
          aria-haspopup="menu"
          title="More"
          tabIndex={tab}
          onClick={(event) => openAt(event.currentTarget)}
        >
          <Icon node={Ellipsis} size={14} />
        </button>
      </div>
      {menu !== null && (
        <Menu
          name="Block"
          at={menu}
          entries={entriesOf(block, deeds)}
          close={() => setMenu(null)}
        />
      )}
    </article>
  );
});

function entriesOf(block: Block, deeds: BlockDeeds): readonly MenuEntry[] {
  const { shareFrom, reuse } = deeds;
  const entries: MenuEntry[] = [
    { icon: Copy, words: 'Copy command', do: () => deeds.copy(block.command, 'Command') },
    { icon: FileText, words: 'Copy output', do: () => deeds.copy(outputOf(block), 'Output') },
    {
      icon: Terminal,
      words: 'Copy both',
      do: () => deeds.copy(`${block.command}\n${outputOf(block)}`, 'Command and output'),
    },
  ];
  if (reuse !== null) {
    entries.push({
      icon: CornerDownLeft,
      words: 'Put into the input line',
      apart: true,
      do: () => reuse(block.command),
    });
  }
  if (shareFrom !== null) {
    entries.push({
      icon: Share2,
      words: 'Share from this block…',
      apart: true,
      do: () => shareFrom(block.number),
    });
  }
  return entries;
}

/** Also over the live part, where `nowMs` runs on. */
export function BlockHead({
  block,
  session,
  nowMs,
}: {
  block: Block;
  session: SessionModel;
  nowMs: number;
}) {
  const author = session.participant(block.author);
  const offset = -new Date(block.startedAt).getTimezoneOffset();
  return (
    <div class="block-head">
      <span class="where" title={block.directory}>
        <span class="cut">{shortDirectory(block.directory)}</span>
      </span>
      {block.branch !== null && (
        <span>
          <Icon node={GitBranch} size={12} />
          <span class="unseen">branch</span>
          <span class="cut">{block.branch}</span>
        </span>
      )}
      <span class="time">{clockWords(block.startedAt, nowMs, offset)}</span>
      <span>
        <Icon node={Clock} size={12} />
        <span class="unseen">took</span>
        {durationWords(endOf(block, nowMs) - block.startedAt)}
      </span>
      {block.exit !== null && block.exit !== 0 && (
        <span class={isFailure(block.exit) ? 'exit' : ''}>exit {block.exit}</span>
      )}
      {block.state === 'interrupted' && <span>interrupted</span>}
      {author !== undefined && (
        <span>
          <Avatar name={author.name} hue={author.hue} size="small" />
          <span class="unseen">by {author.name}</span>
        </span>
      )}
    </div>
  );
}

function blockName(block: Block): string {
  const ended = isFailure(block.exit) ? `, failed with exit code ${block.exit}` : '';
  return `${visibleText(block.command) || 'Output'}${ended}`;
}

function endOf({ endedAt, state, startedAt }: Block, nowMs: number): number {
  return endedAt ?? (state === 'running' ? nowMs : startedAt);
}

function outputOf(block: Block): string {
  const between = block.omitted > 0 ? `\n… ${block.omitted} rows were not kept …\n` : '';
  const parts = [rowsText(block.head), rowsText(block.tail)].filter((part) => part !== '');
  return parts.join(between === '' ? '\n' : between);
}
