// Raw deflate for the page, by fflate: synchronous, so that frames keep their order. Knows
// nothing of frames or screens.
import { deflateSync, Inflate } from 'fflate';
import { concat } from '../protocol/bytes.ts';
import type { Deflate } from '../protocol/ports.ts';
import { err, ok } from '../protocol/result.ts';

/** Fed in pieces of this size: deflate grows at most 1,032-fold, so one gives 516 KiB at most. */
const FEED_BYTES = 512;

export const deflateBrowser: Deflate = {
  deflate: (bytes) => deflateSync(bytes, { level: 3 }),
  inflate(bytes, bytesMax) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    const inflater = new Inflate((piece) => {
      pieces.push(piece);
      length += piece.length;
    });
    try {
      for (let at = 0; at === 0 || at < bytes.length; at += FEED_BYTES) {
        const end = at + FEED_BYTES;
        inflater.push(bytes.slice(at, end), end >= bytes.length);
        if (length > bytesMax) return err('message.tooLarge');
      }
    } catch {
      return err('message.malformed');
    }
    return ok(concat(...pieces));
  },
};
