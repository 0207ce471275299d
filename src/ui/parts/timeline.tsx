// The scrolling column: finished blocks and the live part under them. Stays at the bottom until
// someone scrolls up; long histories are drawn only where they are looked at.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ArrowDown } from 'lucide';
import type { Block } from '../../protocol/document.ts';
import type { SessionModel } from '../model/session-model.ts';
import { blockHeight, drawsAll } from '../model/block-height.ts';
import { BlockView, type BlockDeeds } from './block.tsx';
import { Icon } from './icon.tsx';
import { useVirtualBlocks } from './virtual-blocks.ts';

/** Nearer than this to the end counts as at the end. In CSS pixels. */
const END_PX = 32;
/** Nearer than this to the start, what comes before it is asked for. */
const NEAR_START_PX = 1600;

export function Timeline({
  session,
  viewport,
  deeds,
  children,
}: {
  session: SessionModel;
  viewport: RefObject<HTMLElement | null>;
  deeds: BlockDeeds;
  children: ComponentChildren;
}) {
  const inner = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  const [current, setCurrent] = useState<number | null>(null);
  const blocks = session.finished.value;
  const all = drawsAll(blocks);
  const last = blocks.at(-1)?.number ?? null;
  const focusable = current ?? last;

  useStickToEnd(viewport, inner, away, session.wantOlder);
  const moved = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const at = event.target instanceof HTMLElement ? event.target.dataset['block'] : undefined;
    if (step === 0 || at === undefined) return;
    const index = blocks.findIndex((block) => block.number === Number(at));
    const next = blocks[index + step];
    if (next === undefined) return;
    event.preventDefault();
    setCurrent(next.number);
    focusBlock(inner.current, next.number);
  };
  return (
    <section
      ref={viewport}
      class="timeline"
      aria-label="Timeline"
      tabIndex={blocks.length === 0 ? 0 : -1}
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
          <ol class="blocks" aria-label="Finished commands">
            {blocks.map((block) => (
              <li
                key={block.number}
                style={{ containIntrinsicSize: `auto ${blockHeight(block)}px` }}
              >
                <BlockView
                  block={block}
                  session={session}
                  deeds={deeds}
                  current={block.number === focusable}
                />
              </li>
            ))}
          </ol>
        ) : (
          <VirtualBlocks
            blocks={blocks}
            session={session}
            deeds={deeds}
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

function VirtualBlocks({
  blocks,
  session,
  deeds,
  viewport,
  focusable,
  stuck,
}: {
  blocks: readonly Block[];
  session: SessionModel;
  deeds: BlockDeeds;
  viewport: RefObject<HTMLElement | null>;
  focusable: number | null;
  stuck: () => boolean;
}) {
  const list = useVirtualBlocks(viewport, blocks, stuck);
  return (
    <ol
      class="blocks-virtual"
      aria-label="Finished commands"
      style={{ height: `${list.height}px` }}
    >
      {list.items.map(({ index, start, block }) => (
        <li
          key={block.number}
          ref={list.measure}
          data-index={index}
          aria-setsize={blocks.length}
          aria-posinset={index + 1}
          style={{ transform: `translateY(${start}px)` }}
        >
          <BlockView
            block={block}
            session={session}
            deeds={deeds}
            current={block.number === focusable}
          />
        </li>
      ))}
    </ol>
  );
}

function useStickToEnd(
  viewport: RefObject<HTMLElement | null>,
  inner: RefObject<HTMLElement | null>,
  away: { value: boolean; peek: () => boolean },
  nearStart: () => void,
): void {
  useLayoutEffect(() => toEnd(viewport.current), []);
  useEffect(() => {
    const [at, content] = [viewport.current, inner.current];
    if (at === null || content === null) return undefined;
    let height = content.offsetHeight;
    let top = at.scrollTop;
    const scrolled = (): void => {
      const fromEnd = at.scrollHeight - at.clientHeight - at.scrollTop;
      // Only a person scrolls up; content that grows leaves the place where it is.
      if (fromEnd < END_PX) away.value = false;
      else if (at.scrollTop < top && content.offsetHeight === height) away.value = true;
      if (at.scrollTop < NEAR_START_PX) nearStart();
      top = at.scrollTop;
      height = content.offsetHeight;
    };
    const grown = new ResizeObserver(() => {
      if (!away.peek()) toEnd(at);
    });
    grown.observe(content);
    grown.observe(at);
    at.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      grown.disconnect();
      at.removeEventListener('scroll', scrolled);
    };
  }, []);
}

function toEnd(at: HTMLElement | null): void {
  if (at !== null) at.scrollTop = at.scrollHeight;
}

function focusBlock(inner: HTMLElement | null, number: number): void {
  const block = inner?.querySelector<HTMLElement>(`[data-block='${number}']`);
  block?.focus({ preventScroll: true });
  block?.scrollIntoView({ block: 'nearest' });
}
