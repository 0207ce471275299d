// A modal dialog over the page, by the browser's own <dialog>: it keeps the focus inside,
// closes by Escape or a press on the backdrop, and gives the focus back.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { X } from 'lucide';
import { focusAfterwards } from './focus-after.ts';
import { Icon } from './icon.tsx';

export function Dialog({
  title,
  close,
  children,
}: {
  title: string;
  close: () => void;
  children: ComponentChildren;
}) {
  const name = useId();
  return (
    <Modal class="dialog" labelledBy={name} close={close}>
      <div class="dialog-head">
        <h2 id={name} class="grow">
          {title}
        </h2>
        <button type="button" class="button icon-only" aria-label="Close" onClick={close}>
          <Icon node={X} />
        </button>
      </div>
      <div class="dialog-body">{children}</div>
    </Modal>
  );
}

export function Modal({
  class: name,
  label,
  labelledBy,
  close,
  children,
}: {
  class: string;
  label?: string;
  labelledBy?: string;
  close: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once, not after the next frame: what is typed right behind Ctrl+K is for the palette.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const opened = dialog.current;
    opened?.showModal();
    return () => {
      const to = focusAfterwards(opened, before);
      opened?.close(); // gives the focus back by itself, also where it has moved on
      if (to instanceof HTMLElement) to.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={name}
      aria-label={label}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      {children}
    </dialog>
  );
}
