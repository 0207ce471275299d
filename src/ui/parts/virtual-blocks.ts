// The window of a long history that is drawn: which blocks, where, and how tall the whole is.
// A thin hook over @tanstack/virtual-core.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';
import type { Block } from '../../protocol/document.ts';
import { blockHeight } from '../model/block-height.ts';

export interface VirtualBlocks {
  /** In CSS pixels. */
  readonly height: number;
  readonly items: readonly {
    readonly index: number;
    readonly start: number;
    readonly block: Block;
  }[];
  readonly measure: (element: Element | null) => void;
}

/** Drawn beyond either edge, so that a fling does not show gaps. In blocks. */
const OVERSCAN = 6;

export function useVirtualBlocks(
  viewport: RefObject<HTMLElement | null>,
  blocks: readonly Block[],
  stuck: () => boolean,
): VirtualBlocks {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const options = {
    count: blocks.length,
    getScrollElement: () => viewport.current,
    estimateSize: (index: number) => heightAt(blocks, index),
    getItemKey: (index: number) => blocks[index]?.number ?? index,
    overscan: OVERSCAN,
    anchorTo: 'end' as const, // older blocks that come do not move what is looked at
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
      const block = blocks[index];
      return block === undefined ? [] : [{ index, start, block }];
    }),
  };
}

function heightAt(blocks: readonly Block[], index: number): number {
  const block = blocks[index];
  return block === undefined ? 0 : blockHeight(block);
}
