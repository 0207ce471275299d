// What an agent writes, line by line. Of one that streams word by word several lines are read at
// once, at moments that all agents share: each wake of the process costs more than a line does.
import type { Readable } from 'node:stream';
import type { Clock } from '../protocol/ports.ts';
import type { SharedMoments } from './shared-moments.ts';

/** One line of output: diffs carry whole files, twice. */
export const LINE_BYTES_MAX = 32 * 1024 * 1024;
/** Pieces that come closer to each other than this are a stream, in ms; answers to us are not. */
const STREAM_MS = 50;
/** More than this at once is no trickle: a file in a diff is read as fast as it comes. */
const TRICKLE_BYTES = 16 * 1024;

export interface LineEars {
  /** The next line is read when this has resolved. */
  readonly line: (line: string) => Promise<void> | void;
  /** All lines that were read at once have been heard. */
  readonly rest: () => void;
  /** A line is longer than LINE_BYTES_MAX; nothing more is read. */
  readonly flood: () => void;
}

/** Resolves when nothing more will be heard. */
export async function readLines(
  stdout: Readable,
  clock: Clock,
  moments: Pick<SharedMoments, 'toRead'>,
  ears: LineEars,
): Promise<void> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let heardAt = -Infinity;
  try {
    for await (const chunk of stdout) {
      if (!Buffer.isBuffer(chunk)) continue;
      let start = 0;
      let lines = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        if (bytes + end - start > LINE_BYTES_MAX) return ears.flood();
        const line =
          pieces.length === 0
            ? chunk.toString('utf8', start, end)
            : Buffer.concat([...pieces.splice(0), chunk.subarray(start, end)]).toString('utf8');
        bytes = 0;
        lines += 1;
        start = end + 1;
        const heard = ears.line(line);
        if (heard !== undefined) await heard;
      }
      bytes += chunk.length - start;
      if (bytes > LINE_BYTES_MAX) return ears.flood();
      if (start < chunk.length) pieces.push(chunk.subarray(start));
      ears.rest();

      const now = clock.monotonic();
      const streams = lines > 1 || now - heardAt < STREAM_MS;
      heardAt = now;
      if (streams && chunk.length < TRICKLE_BYTES) await moments.toRead();
    }
    if (bytes > 0) await ears.line(Buffer.concat(pieces).toString('utf8'));
    ears.rest();
  } catch {
    // Cut off after the process had ended, or by it: whatever was whole has been heard.
  } finally {
    stdout.destroy();
  }
}
