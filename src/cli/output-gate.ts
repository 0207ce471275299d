// Output on its way to this terminal: passes, or is held while something else is drawn there.

/** Held output past this is dropped and the screen drawn anew, in bytes. */
export const HELD_BYTES_MAX = 1024 * 1024;

export interface OutputGate {
  readonly push: (bytes: Uint8Array) => void;
  /** Calls back after each push. */
  readonly onPushed: (pushed: () => void) => void;
  readonly hold: () => void;
  /** Lets pass what was held; false where some of it was dropped and none is written. */
  readonly open: () => boolean;
  /** Drops what was held, and lets pass what comes. */
  readonly openEmpty: () => void;
}

/** Closed at first: what a shell says before there is a place for it is not lost. */
export function openOutputGate(write: (bytes: Uint8Array) => void): OutputGate {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let isOpen = false;
  let pushed = (): void => {};

  function keep(bytes: Uint8Array): void {
    heldBytes += bytes.length;
    if (heldBytes > HELD_BYTES_MAX) held = [];
    else held.push(bytes);
  }

  function openEmpty(): void {
    held = [];
    heldBytes = 0;
    isOpen = true;
  }

  return {
    push(bytes) {
      if (isOpen) write(bytes);
      else keep(bytes);
      pushed();
    },
    onPushed: (next) => {
      pushed = next;
    },
    hold: () => {
      isOpen = false;
    },
    open() {
      const isWhole = heldBytes <= HELD_BYTES_MAX;
      const all = held;
      openEmpty();
      if (isWhole) for (const bytes of all) write(bytes);
      return isWhole;
    },
    openEmpty,
  };
}
