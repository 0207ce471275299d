// Keys of a view of our own, out of the bytes a terminal sends: characters, the few keys with
// names, and pastes as one. Knows no view.
import type { Clock } from '../protocol/ports.ts';

export type ViewKey =
  | { readonly is: 'text'; readonly text: string; readonly pasted: boolean }
  | { readonly is: KeyName };

export type KeyName =
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'clear'
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end';

const ESCAPE = '\u001b';
/** As far as it goes, it may become a sequence. */
const BEGUN = /^\u001b(?:\[[0-?]*[ -/]*|O)?$/;
/** No key is longer: what goes on is none. In characters. */
const SEQUENCE_CHARS_MAX = 32;
/** A terminal sends a sequence at once: its rest is there sooner, also over a slow line. In ms. */
const ALONE_MS = 50;
const PASTE_BEGINS = '\u001b[200~';
const PASTE_ENDS = '\u001b[201~';
/** Of one paste, in UTF-16 units: the rest would not fit a prompt. */
const PASTE_CHARS_MAX = 64 * 1024;

const NAMED: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0015': 'clear',
  '\u0003': 'escape',
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[5~': 'pageUp',
  '\u001b[6~': 'pageDown',
  '\u001b[H': 'home',
  '\u001bOH': 'home',
  '\u001b[1~': 'home',
  '\u001b[F': 'end',
  '\u001bOF': 'end',
  '\u001b[4~': 'end',
};

/** [TV5] What is pasted is text, its line breaks as well: it answers, sends and stops nothing. */
export function openViewKeys(
  tell: (key: ViewKey) => void,
  after: Clock['after'],
): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  /** The beginning of an escape sequence: a read may end anywhere in one. */
  let begun = '';
  let cancel = (): void => undefined;
  /** What came of a paste that has not ended. */
  let pasted = '';
  let isPasting = false;

  function paste(text: string): void {
    if (text !== '') {
      tell({ is: 'text', text: text.replace(/\r\n?/g, '\n'), pasted: true });
    }
  }

  /** Nothing came behind it: it was the Escape key, or none of ours. */
  function alone(): void {
    if (begun === ESCAPE) tell({ is: 'escape' });
    begun = '';
  }

  return (bytes) => {
    cancel();
    let rest = begun + decoder.decode(bytes, { stream: true });
    begun = '';
    while (rest !== '') {
      if (isPasting) {
        const all = pasted + rest;
        const end = all.indexOf(PASTE_ENDS);
        if (end < 0) {
          pasted = all.slice(0, PASTE_CHARS_MAX);
          return;
        }
        isPasting = false;
        paste(all.slice(0, Math.min(end, PASTE_CHARS_MAX)));
        rest = all.slice(end + PASTE_ENDS.length);
        continue;
      }
      if (rest.startsWith(PASTE_BEGINS)) {
        pasted = '';
        isPasting = true;
        rest = rest.slice(PASTE_BEGINS.length);
        continue;
      }
      if (BEGUN.test(rest) && rest.length <= SEQUENCE_CHARS_MAX) {
        begun = rest;
        cancel = after(ALONE_MS, alone);
        return;
      }
      const key = firstKey(rest);
      rest = rest.slice(key.length);
      const name = key === ESCAPE ? 'escape' : NAMED[key];
      if (name !== undefined) tell({ is: name });
      else if (!/^[\u0000-\u001f]/.test(key)) tell({ is: 'text', text: key, pasted: false });
    }
  };
}

/** A character, or a whole escape sequence. */
function firstKey(text: string): string {
  if (!text.startsWith(ESCAPE)) return String.fromCodePoint(text.codePointAt(0) ?? 0);
  const sequence = /^\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|[^[O\u001b])/.exec(text);
  return sequence?.[0] ?? ESCAPE;
}
