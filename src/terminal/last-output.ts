// What a pty's end still holds when its program has ended. Knows neither pty nor kernel, only how
// to read.

/**
 * The kernel holds at most 64 KiB of a dead program's output, and what its reader has not fetched
 * from there. More is what others write who had its terminal, and they may never stop.
 */
export const LAST_BYTES_MAX = 128 * 1024;

/** `read` fills what it is given and returns how much, 0 at the end; it throws where nothing is there. */
export function lastOutput(
  read: (into: Uint8Array) => number,
  give: (bytes: Uint8Array) => void,
): void {
  for (let left = LAST_BYTES_MAX; left > 0;) {
    const bytes = new Uint8Array(Math.min(left, 64 * 1024));
    const count = readOf(read, bytes);
    if (count === 0) return;
    left -= count;
    give(bytes.subarray(0, count));
  }
}

function readOf(read: (into: Uint8Array) => number, into: Uint8Array): number {
  try {
    return read(into);
  } catch {
    // EAGAIN, or EIO where nobody has the terminal any more: there is nothing left.
    return 0;
  }
}
