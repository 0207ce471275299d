// The scrolling column: finished blocks and agent turns, and the live part under them. Stays at the bottom until
// someone scrolls up; long histories are drawn only where they are looked at.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ArrowDown } from 'lucide';
import type { SessionModel } from '../model/session-model.ts';
import { drawsAll, itemHeight } from '../model/item-height.ts';
import type { TimelineItem } from '../model/timeline-items.ts';
import { BlockView, type BlockDeeds } from './block.tsx';
import { Icon } from './icon.tsx';
import { memo } from './memo.ts';
import { SegmentView } from './segment.tsx';
import { toEnd, useStickToEnd } from './stick-to-end.ts';
import type { ThreadFrame } from './thread-frame.ts';
import { useVirtualItems } from './virtual-items.ts';

const NOTHING_DRAWN: readonly TimelineItem[] = [];

export function Timeline({
  session,
  viewport,
  deeds,
  frame,
  hidden,
  children,
}: {
  session: SessionModel;
  viewport: RefObject<HTMLElement | null>;
  deeds: BlockDeeds;
  frame: ThreadFrame;
  /** A conversation is looked at instead: only the live part stays, and its size with it. */
  hidden: boolean;
  children: ComponentChildren;
}) {
  const inner = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  const [current, setCurrent] = useState<number | null>(null);
  const items = hidden ? NOTHING_DRAWN : session.items.value;
  const all = drawsAll(items);
  const last = items.at(-1)?.number ?? null;
  const focusable = current ?? last;

  useStickToEnd(viewport, inner, away, session.wantOlder);
  const moved = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const at = event.target instanceof HTMLElement ? event.target.dataset['block'] : undefined;
    if (step === 0 || at === undefined) return;
    const index = items.findIndex((item) => item.number === Number(at));
    const next = items[index + step];
    if (next === undefined) return;
    event.preventDefault();
    setCurrent(next.number);
    focusBlock(inner.current, next.number);
  };
  return (
    <section
      ref={viewport}
      class={`timeline ${hidden ? 'behind' : ''}`}
      aria-label="Timeline"
      inert={hidden}
      tabIndex={items.length === 0 ? 0 : -1}
      onKeyDown={moved}
      onFocusCapture={(event) => {
        const at = event.target instanceof HTMLElement ? event.target.dataset['block'] : undefined;
        if (at !== undefined) setCurrent(Number(at));
      }}
    >
      <div ref={inner} class="timeline-inner">
        {session.blocksToCome.value > 0 && (
          <p class="to-come" role="status">
            {session.blocksToCome.value.toLocaleString('en')} earlier blocks are on their way
          </p>
        )}
        {all ? (
          <ol class="blocks" aria-label="Commands and conversations">
            {items.map((item) => (
              <li key={item.number} style={{ containIntrinsicSize: `auto ${itemHeight(item)}px` }}>
                <ItemView
                  item={item}
                  session={session}
                  deeds={deeds}
                  frame={frame}
                  current={item.number === focusable}
                />
              </li>
            ))}
          </ol>
        ) : (
          <VirtualItems
            items={items}
            session={session}
            deeds={deeds}
            frame={frame}
            viewport={viewport}
            focusable={focusable}
            stuck={() => !away.peek()}
          />
        )}
        {children}
      </div>
      {away.value && (
        <button
          type="button"
          class="button jump"
          onClick={() => {
            away.value = false;
            toEnd(viewport.current);
          }}
        >
          <Icon node={ArrowDown} /> Jump to latest
        </button>
      )}
    </section>
  );
}

const ItemView = memo(function ItemView({
  item,
  session,
  deeds,
  frame,
  current,
}: {
  item: TimelineItem;
  session: SessionModel;
  deeds: BlockDeeds;
  frame: ThreadFrame;
  current: boolean;
}) {
  if (item.kind === 'block') {
    return (
      <BlockView
        block={item.block}
        session={session}
        now={frame.now}
        deeds={deeds}
        current={current}
      />
    );
  }
  const thread = session.conversations.thread(item.segment.thread);
  if (thread === null) return null;
  return <SegmentView segment={item.segment} thread={thread} frame={frame} current={current} />;
});

function VirtualItems({
  items,
  session,
  deeds,
  frame,
  viewport,
  focusable,
  stuck,
}: {
  items: readonly TimelineItem[];
  session: SessionModel;
  deeds: BlockDeeds;
  frame: ThreadFrame;
  viewport: RefObject<HTMLElement | null>;
  focusable: number | null;
  stuck: () => boolean;
}) {
  const list = useVirtualItems(viewport, items, stuck);
  return (
    <ol
      class="blocks-virtual"
      aria-label="Commands and conversations"
      style={{ height: `${list.height}px` }}
    >
      {list.items.map(({ index, start, item }) => (
        <li
          key={item.number}
          ref={list.measure}
          data-index={index}
          aria-setsize={items.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start}px)` }}
        >
          <ItemView
            item={item}
            session={session}
            deeds={deeds}
            frame={frame}
            current={item.number === focusable}
          />
        </li>
      ))}
    </ol>
  );
}

function focusBlock(inner: HTMLElement | null, number: number): void {
  const block = inner?.querySelector<HTMLElement>(`[data-block='${number}']`);
  block?.focus({ preventScroll: true });
  block?.scrollIntoView({ block: 'nearest' });
}
