// A menu at a point: opens with its first entry focused, closes by Escape, Tab or a press
// elsewhere and gives the focus back.
import type { IconNode } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { focusAfterwards } from './focus-after.ts';
import { Icon } from './icon.tsx';

export interface MenuEntry {
  readonly icon: IconNode;
  /** In the icon's place. */
  readonly mark?: ComponentChildren;
  readonly words: string;
  /** A line beneath. */
  readonly says?: string;
  /** Of a choice: whether it is the one in force. */
  readonly checked?: boolean;
  readonly keys?: string;
  readonly apart?: boolean;
  readonly do: () => void;
}

export interface MenuPoint {
  readonly x: number;
  readonly y: number;
}

export function Menu({
  name,
  at,
  entries,
  close,
}: {
  name: string;
  at: MenuPoint;
  entries: readonly MenuEntry[];
  close: () => void;
}) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const [box, before] = [menu.current, document.activeElement];
    if (box === null) return undefined;
    box.showPopover(); // in the top layer: a block clips what lies within it
    const { width, height } = box.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`;
    focusEntry(box, 0);
    return () => {
      const to = focusAfterwards(box, before);
      if (to instanceof HTMLElement) to.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const outside = (event: Event): void => {
      if (event.target instanceof Node && menu.current?.contains(event.target) !== true) close();
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    const box = menu.current;
    if (box === null) return;
    const at = entriesIn(box).findIndex((one) => one === document.activeElement);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: -1,
    };
    const to = moves[event.key];
    if (to !== undefined) focusEntry(box, to);
    else if (event.key === 'Escape' || event.key === 'Tab') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={menu} class="menu" popover="manual" role="menu" aria-label={name} onKeyDown={pressed}>
      {entries.map((entry) => (
        <>
          {entry.apart === true && <hr />}
          <button
            type="button"
            role={entry.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={entry.checked}
            tabIndex={-1}
            onClick={() => {
              close();
              entry.do();
            }}
          >
            {entry.mark ?? <Icon node={entry.icon} />}
            <span class="grow">
              {entry.words}
              {entry.says !== undefined && entry.says !== '' && <small>{entry.says}</small>}
            </span>
            {entry.keys !== undefined && <kbd>{entry.keys}</kbd>}
          </button>
        </>
      ))}
    </div>
  );
}

function entriesIn(box: HTMLElement): HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>('[role^=menuitem]')];
}

function focusEntry(box: HTMLElement, index: number): void {
  const entries = entriesIn(box);
  entries.at(index % Math.max(1, entries.length))?.focus();
}
