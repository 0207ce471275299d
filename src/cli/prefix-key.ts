// The prefix key: Ctrl-] goes to the panel, doubled to the program; all else passes through.

const PREFIX = 0x1d;

/** `type` gets the program's keys, `panel` the panel's, one at a time. */
export function openPrefix(
  type: (keys: Uint8Array) => void,
  panel: (key: string) => void,
  isOpen: () => boolean,
): (keys: Uint8Array) => void {
  let pressedAlone = false;
  return (keys) => {
    let from = 0;
    for (let i = 0; i < keys.length; i++) {
      if (isOpen()) {
        const key = String.fromCharCode(keys[i] ?? 0);
        // Doubled: what just opened the panel closes it and is sent.
        if (key === '\u001d' && pressedAlone) type(Uint8Array.of(PREFIX));
        pressedAlone = false;
        panel(key);
        from = i + 1;
      } else if (keys[i] === PREFIX) {
        if (i > from) type(keys.subarray(from, i));
        from = i + 1;
        pressedAlone = true;
        panel('\u001d');
      }
    }
    if (from < keys.length && !isOpen()) type(keys.subarray(from));
  };
}
