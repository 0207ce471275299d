// Where the keyboard is when something that lay over the page goes away.

/** Back where it was before, unless what was done has moved it on already. */
export function focusAfterwards(over: Element | null, before: Element | null): Element | null {
  const now = document.activeElement;
  const movedOn = now !== null && now !== document.body && over?.contains(now) !== true;
  return movedOn ? now : before;
}
