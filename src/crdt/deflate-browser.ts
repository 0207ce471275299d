// Raw deflate for the page, by fflate: synchronous, so that frames keep their order. Knows
// nothing of frames or screens.
import { deflateSync, Inflate, inflateSync } from 'fflate';
import type { Deflate } from '../protocol/ports.ts';
import { err, ok } from '../protocol/result.ts';

/** Measured in pieces of this size: deflate grows at most 1,032-fold, so one gives 516 KiB. */
const FEED_BYTES = 512;

export const deflateBrowser: Deflate = {
  deflate: (bytes) => deflateSync(bytes, { level: 3 }),
  inflate(bytes, bytesMax) {
    if (bytes.length === 0) return err('message.malformed');
    try {
      const length = inflatedLength(bytes, bytesMax);
      if (length > bytesMax) return err('message.tooLarge');
      // Once more and whole: the stream forgives an end that is missing, this does not.
      const plain = inflateSync(bytes, { out: new Uint8Array(length) });
      return plain.length === length ? ok(plain) : err('message.malformed');
    } catch {
      return err('message.malformed');
    }
  },
};

/** Counts until the end, or until there is more than `bytesMax`; keeps nothing. Throws at no deflate. */
function inflatedLength(bytes: Uint8Array, bytesMax: number): number {
  let length = 0;
  const inflater = new Inflate((piece) => void (length += piece.length));
  for (let at = 0; at < bytes.length; at += FEED_BYTES) {
    const end = at + FEED_BYTES;
    inflater.push(bytes.slice(at, end), end >= bytes.length);
    if (length > bytesMax) break;
  }
  return length;
}
