// The terminal this process runs in: raw keys in, bytes out, its size; and back as it was at the
// end, however the process ends. Knows nothing of what is shown.
import { isatty, type ReadStream, type WriteStream } from 'node:tty';

export interface LocalTerminal {
  readonly size: () => { readonly cols: number; readonly rows: number };
  readonly write: (bytes: Uint8Array | string) => void;
  readonly onKeys: (take: (keys: Uint8Array) => void) => void;
  readonly onResize: (resized: () => void) => void;
  /** Gives what is written when this is closed, or the process ends before. */
  readonly atEnd: (ending: () => Uint8Array) => void;
  readonly close: () => void;
}

/** A terminal that says nothing of its size. In cells. */
const SIZE = { cols: 80, rows: 24 };

/** Whether a person sits at both ends. */
export function isTerminal(): boolean {
  return isatty(0) && isatty(1);
}

export function openLocalTerminal(
  stdin: ReadStream = process.stdin,
  stdout: WriteStream = process.stdout,
): LocalTerminal {
  let ending = (): Uint8Array => new Uint8Array(0);
  let isOpen = true;
  let take: (keys: Uint8Array) => void = () => {};
  let resized: () => void = () => {};
  const onData = (data: Buffer): void => take(new Uint8Array(data));
  const onResize = (): void => resized();

  // A terminal that is gone: its end is told by SIGHUP, not by what can no longer be written.
  const onError = (): void => undefined;

  function close(): void {
    if (!isOpen) return;
    isOpen = false;
    process.off('exit', close);
    stdin.off('data', onData);
    stdout.off('resize', onResize);
    stdout.write(ending());
    try {
      stdin.setRawMode(false);
    } catch {
      // The terminal is gone: there is nothing to put back.
    }
    stdin.pause();
  }

  stdin.on('error', onError);
  stdout.on('error', onError);
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  stdout.on('resize', onResize);
  process.on('exit', close);

  return {
    size: () => ({ cols: stdout.columns || SIZE.cols, rows: stdout.rows || SIZE.rows }),
    write(bytes) {
      if (isOpen && bytes.length > 0) stdout.write(bytes);
    },
    onKeys: (next) => {
      take = next;
    },
    onResize: (next) => {
      resized = next;
    },
    atEnd: (next) => {
      ending = next;
    },
    close,
  };
}
