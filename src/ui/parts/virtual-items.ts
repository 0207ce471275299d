// The window of a long history that is drawn: which items, where, and how tall the whole is.
// A thin hook over @tanstack/virtual-core.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';
import { itemHeight } from '../model/item-height.ts';
import type { TimelineItem } from '../model/timeline-items.ts';

export interface VirtualItems {
  /** In CSS pixels. */
  readonly height: number;
  readonly items: readonly {
    readonly index: number;
    readonly start: number;
    readonly item: TimelineItem;
  }[];
  readonly measure: (element: Element | null) => void;
}

/** Drawn beyond either edge, so that a fling does not show gaps. In items. */
const OVERSCAN = 6;

export function useVirtualItems(
  viewport: RefObject<HTMLElement | null>,
  all: readonly TimelineItem[],
  stuck: () => boolean,
): VirtualItems {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const options = {
    count: all.length,
    getScrollElement: () => viewport.current,
    estimateSize: (index: number) => heightAt(all, index),
    getItemKey: (index: number) => all[index]?.number ?? index,
    overscan: OVERSCAN,
    anchorTo: 'end' as const, // older ones that come do not move what is looked at
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, Element>(options));
  list.setOptions(options);
  // At the end the timeline itself keeps to the end; corrections from here would fight it.
  list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, instance) =>
    !stuck() && item.start < (instance.scrollOffset ?? 0);
  // As the library's own framework bindings do.
  const { _didMount: mounted, _willUpdate: willUpdate } = list;
  useLayoutEffect(() => mounted(), []);
  useLayoutEffect(() => willUpdate());
  return {
    height: list.getTotalSize(),
    measure: list.measureElement,
    items: list.getVirtualItems().flatMap(({ index, start }) => {
      const item = all[index];
      return item === undefined ? [] : [{ index, start, item }];
    }),
  };
}

function heightAt(all: readonly TimelineItem[], index: number): number {
  const item = all[index];
  return item === undefined ? 0 : itemHeight(item);
}
