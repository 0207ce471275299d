// The prefix key: Ctrl-] opens the panel, doubled it goes to the program; all else passes
// through. Tells a panel's keys from what a terminal sends by itself. Knows no panel.

const PREFIX = 0x1d;
const ESC = 0x1b;
/** What the terminal puts around a paste, up to where its beginning and its end differ. */
const PASTE = [ESC, 0x5b, 0x32, 0x30];

/** One key of a panel: a character, 'escape', or the prefix key itself. */
export const PREFIX_KEY = '\u001d';

/** `type` gets the program's keys, `panel` the panel's, one at a time. */
export function openPrefix(
  type: (keys: Uint8Array) => void,
  panel: (key: string) => void,
  isOpen: () => boolean,
): (keys: Uint8Array) => void {
  let openedJustNow = false;
  const isPasted = openPasteWatch();

  /** Passes what comes before the prefix key, and gives the index behind it. */
  function through(keys: Uint8Array, from: number): number {
    for (let i = from; i < keys.length; i++) {
      // [CL7] What is pasted opens nothing.
      if (!isPasted(keys[i] ?? 0) && keys[i] === PREFIX) {
        if (i > from) type(keys.subarray(from, i));
        openedJustNow = true;
        panel(PREFIX_KEY);
        return i + 1;
      }
    }
    type(keys.subarray(from));
    return keys.length;
  }

  return (keys) => {
    let at = 0;
    while (at < keys.length) {
      if (!isOpen()) {
        at = through(keys, at);
        continue;
      }
      const [key, end] = panelKey(keys, at);
      at = end;
      if (key === 'none') continue;
      // [CL6] Doubled: what just opened the panel closes it, and is sent.
      const isDoubled = key === PREFIX_KEY && openedJustNow;
      openedJustNow = false;
      panel(key);
      if (isDoubled) type(Uint8Array.of(PREFIX));
    }
  };
}

/** [CL8] The key at `at`, and the index behind it; 'none' for arrows, mouse and focus reports. */
function panelKey(keys: Uint8Array, at: number): readonly [key: string, end: number] {
  const first = keys[at] ?? 0;
  if (first === ESC) {
    if (at + 1 === keys.length) return ['escape', at + 1];
    return ['none', sequenceEnd(keys, at)];
  }
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const bytes = keys.subarray(at, at + length);
  const text = new TextDecoder().decode(bytes);
  return [text.includes('\ufffd') ? 'none' : text, at + length];
}

function sequenceEnd(keys: Uint8Array, at: number): number {
  const opener = keys[at + 1];
  // ESC O x, or a key with Alt.
  if (opener === 0x4f) return at + 3;
  if (opener !== 0x5b) return at + 2;
  let end = at + 2;
  while (end < keys.length && !isFinal(keys[end] ?? 0)) end++;
  // The oldest mouse report has three bytes behind its final one.
  return keys[end] === 0x4d && end === at + 2 ? end + 4 : end + 1;
}

function isFinal(byte: number): boolean {
  return byte >= 0x40 && byte <= 0x7e;
}

/** Says of each byte, in order, whether it is pasted: between ESC [200~ and ESC [201~. */
function openPasteWatch(): (byte: number) => boolean {
  let matched = 0;
  let isInside = false;
  return (byte) => {
    if (matched === PASTE.length && (byte === 0x30 || byte === 0x31)) isInside = byte === 0x30;
    matched = byte === PASTE[matched] ? matched + 1 : byte === ESC ? 1 : 0;
    return isInside;
  };
}
