// A scrolling column that keeps its end in sight until someone scrolls up.
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

/** Nearer than this to the end counts as at the end. In CSS pixels. */
const END_PX = 32;
/** Nearer than this to the start, what comes before it is asked for. */
const NEAR_START_PX = 1600;

export function useStickToEnd(
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

export function toEnd(at: HTMLElement | null): void {
  if (at !== null) at.scrollTop = at.scrollHeight;
}
