// The 2,048 words (BIP-39, English) that codes and check words are made of: 11 bits each, four
// letters tell them apart. Knows nothing of what they stand for.
import { wordlist } from '@scure/bip39/wordlists/english.js';

const WORD_BITS = 11;

const KNOWN: ReadonlySet<string> = new Set(wordlist);

export function isWord(text: string): boolean {
  return KNOWN.has(text);
}

/** `count` words of the first 11 × count bits, the highest bit of each byte first. */
export function wordsOf(bytes: Uint8Array, count: number): readonly string[] {
  if (bytes.length * 8 < count * WORD_BITS) throw new Error(`too few bytes for ${count} words`);
  const words: string[] = [];
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    if (held >= WORD_BITS && words.length < count) {
      held -= WORD_BITS;
      words.push(wordlist[(bits >> held) & 0x7ff] ?? '');
      bits &= (1 << held) - 1;
    }
  }
  return words;
}
