// The timeline: finished blocks and the segments of agent threads, in the order in which they
// began. Knows no DOM.
import type { Block } from '../../protocol/document.ts';
import type { Segment } from '../../protocol/thread.ts';

export type TimelineItem =
  | { readonly kind: 'block'; readonly number: number; readonly block: Block }
  | { readonly kind: 'segment'; readonly number: number; readonly segment: Segment };

const items = new WeakMap<Block | Segment, TimelineItem>();

/** Both lists in order of number. The same item for the same block or segment. */
export function timelineItems(
  blocks: readonly Block[],
  segments: readonly Segment[],
): readonly TimelineItem[] {
  const shown = segments.filter((segment) => segment.parts.length > 0 || segment.index === 0);
  const merged: TimelineItem[] = [];
  let at = 0;
  for (const block of blocks) {
    for (; at < shown.length; at++) {
      const segment = shown[at];
      if (segment === undefined || segment.number > block.number) break;
      merged.push(segmentItem(segment));
    }
    merged.push(blockItem(block));
  }
  return [...merged, ...shown.slice(at).map(segmentItem)];
}

function blockItem(block: Block): TimelineItem {
  return kept(block, { kind: 'block', number: block.number, block });
}

function segmentItem(segment: Segment): TimelineItem {
  return kept(segment, { kind: 'segment', number: segment.number, segment });
}

function kept(key: Block | Segment, made: TimelineItem): TimelineItem {
  const before = items.get(key);
  if (before !== undefined) return before;
  items.set(key, made);
  return made;
}
