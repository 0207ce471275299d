// Turns a key press or a paste into the bytes a program in a terminal expects (xterm's
// encoding: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html, 'PC-Style Function Keys').
// Knows no DOM: a key event comes in as a plain value.

export interface KeyPress {
  /** As KeyboardEvent.key. */
  readonly key: string;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  /** AltGr is down: then Ctrl and Alt only help to write a character. */
  readonly altGraph: boolean;
}

export interface KeyModes {
  readonly applicationCursor: boolean;
  readonly bracketedPaste: boolean;
  /** On a Mac, Option writes characters and is not Meta. */
  readonly mac: boolean;
}

const ESC = '\u001b';
const CURSOR: Readonly<Record<string, string>> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
  Home: 'H',
  End: 'F',
};
const FUNCTION: Readonly<Record<string, string>> = { F1: 'P', F2: 'Q', F3: 'R', F4: 'S' };
const NUMBERED: Readonly<Record<string, number>> = {
  Insert: 2,
  Delete: 3,
  PageUp: 5,
  PageDown: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
};
const CONTROL: Readonly<Record<string, string>> = {
  ' ': '\u0000',
  '@': '\u0000',
  '2': '\u0000',
  '[': ESC,
  '3': ESC,
  '\\': '\u001c',
  '4': '\u001c',
  ']': '\u001d',
  '5': '\u001d',
  '^': '\u001e',
  '6': '\u001e',
  _: '\u001f',
  '-': '\u001f',
  '/': '\u001f',
  '7': '\u001f',
  '?': '\u007f',
  '8': '\u007f',
};

/** The text to send, or null where the browser (or an input method) should have the key. */
export function keyText(press: KeyPress, modes: KeyModes): string | null {
  if (press.meta) return null;
  const named = namedKey(press, modes);
  if (named !== null) return named;
  if (Array.from(press.key).length !== 1) return null;
  if (press.altGraph || (modes.mac && press.alt && !press.ctrl)) return press.key;
  if (press.ctrl) return controlKey(press);
  return press.alt ? ESC + press.key : press.key;
}

function controlKey(press: KeyPress): string | null {
  const lower = press.key.toLowerCase();
  if (press.shift && /^[a-z]$/.test(lower)) return null; // Ctrl-Shift-C, -V, -T: the browser's
  const text = /^[a-z]$/.test(lower)
    ? String.fromCharCode(lower.charCodeAt(0) & 31)
    : CONTROL[press.key];
  if (text === undefined) return null;
  return press.alt ? ESC + text : text;
}

function namedKey(press: KeyPress, modes: KeyModes): string | null {
  const modifier = 1 + (press.shift ? 1 : 0) + (press.alt ? 2 : 0) + (press.ctrl ? 4 : 0);
  const alt = press.alt ? ESC : '';
  switch (press.key) {
    case 'Enter':
      return `${alt}\r`;
    case 'Tab':
      return press.ctrl ? null : press.shift ? `${ESC}[Z` : `${alt}\t`;
    case 'Backspace':
      return alt + (press.ctrl ? '\b' : '\u007f');
    case 'Escape':
      return alt + ESC;
    default:
  }
  const cursor = CURSOR[press.key];
  if (cursor !== undefined) {
    if (modifier > 1) return `${ESC}[1;${modifier}${cursor}`;
    return ESC + (modes.applicationCursor ? 'O' : '[') + cursor;
  }
  const letter = FUNCTION[press.key];
  if (letter !== undefined)
    return modifier > 1 ? `${ESC}[1;${modifier}${letter}` : `${ESC}O${letter}`;
  const number = NUMBERED[press.key];
  if (number === undefined) return null;
  return modifier > 1 ? `${ESC}[${number};${modifier}~` : `${ESC}[${number}~`;
}

/** Pasted text as a terminal sends it: line ends as Enter, and no way out of the brackets. */
export function pasteText(text: string, modes: Pick<KeyModes, 'bracketedPaste'>): string {
  const lines = text.replace(/\r?\n/g, '\r');
  if (!modes.bracketedPaste) return lines;
  return `${ESC}[200~${withoutPasteEnd(lines)}${ESC}[201~`;
}

function withoutPasteEnd(text: string): string {
  const cut = text.replaceAll(`${ESC}[201~`, '');
  return cut === text ? text : withoutPasteEnd(cut); // what closes up around a cut may be another end
}
