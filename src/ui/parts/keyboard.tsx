// Where typing into the live grid goes: a textarea of our own under the cursor, so that input
// methods, pastes and phones work, and xterm.js itself never sends anything.
import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { keyText, pasteText, type KeyModes } from '../model/keys.ts';

const encoder = new TextEncoder();
const MAC = /mac|iphone|ipad/i.test(navigator.userAgent);
const LEAVE = ']';

export interface KeyboardPlace {
  readonly left: number;
  readonly top: number;
}

export function Keyboard({
  field,
  place,
  modes,
  send,
  selection,
  leave,
  focused,
}: {
  field: RefObject<HTMLTextAreaElement | null>;
  place: KeyboardPlace;
  modes: () => Omit<KeyModes, 'mac'>;
  send: (keys: Uint8Array) => void;
  selection: () => string;
  leave: () => void;
  focused: (focused: boolean) => void;
}) {
  const [composing, setComposing] = useState(false);
  const composed = useRef(false);
  const sendText = (text: string): void => {
    if (text !== '') send(encoder.encode(text));
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.isComposing || composed.current) return;
    if (event.ctrlKey && !event.shiftKey && event.key === LEAVE) {
      event.preventDefault();
      event.stopPropagation();
      leave();
      return;
    }
    const text = keyText(
      {
        key: event.key,
        ctrl: event.ctrlKey,
        alt: event.altKey,
        shift: event.shiftKey,
        meta: event.metaKey,
        altGraph: event.getModifierState('AltGraph'),
      },
      { ...modes(), mac: MAC },
    );
    if (text === null) return;
    event.preventDefault();
    event.stopPropagation();
    sendText(text);
  };
  return (
    <textarea
      ref={field}
      class={`keyboard ${composing ? 'composing' : ''}`}
      style={{ left: `${place.left}px`, top: `${place.top}px` }}
      aria-label="Type into the terminal. Control and right bracket leaves it."
      rows={1}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      onKeyDown={pressed}
      onInput={(event) => {
        if (composed.current) return;
        sendText(event.currentTarget.value);
        event.currentTarget.value = '';
      }}
      onCompositionStart={() => {
        composed.current = true;
        setComposing(true);
      }}
      onCompositionEnd={(event) => {
        composed.current = false;
        setComposing(false);
        sendText(event.currentTarget.value);
        event.currentTarget.value = '';
      }}
      onPaste={(event) => {
        event.preventDefault();
        sendText(pasteText(event.clipboardData?.getData('text/plain') ?? '', modes()));
      }}
      onCopy={(event) => {
        if (selection() === '') return;
        event.preventDefault();
        event.clipboardData?.setData('text/plain', selection());
      }}
      onFocus={() => focused(true)}
      onBlur={() => focused(false)}
    />
  );
}
