// Four words for two people to compare aloud.
import { wordsOf } from './words.ts';

/** The first 44 bits of `key` (which must be uniform) as four words with blanks between. */
export function checkWords(key: Uint8Array): string {
  return wordsOf(key, 4).join(' ');
}
