// The app's tokens: the opening one in the link works once, the kept one as long as the process.
import { equalBytes, fromText, toText } from '../protocol/bytes.ts';
import type { Entropy } from '../protocol/ports.ts';

export interface Tokens {
  /** A new opening token for a link; only the latest few work. */
  readonly opening: () => string;
  /** The kept token's 32 bytes, if `text` is it or an opening token not used before. [AP2] */
  readonly enter: (text: string) => Uint8Array | null;
  /** The kept token: the secret of the app door. */
  readonly kept: Uint8Array;
}

/** Links printed and not opened; a person opens the last one. */
const OPENING_MAX = 8;

export function openTokens(entropy: Entropy): Tokens {
  const kept = entropy(32);
  let waiting: readonly Uint8Array[] = [];
  return {
    kept,
    opening() {
      const token = entropy(32);
      waiting = [...waiting.slice(-(OPENING_MAX - 1)), token];
      return toText(token);
    },
    enter(text) {
      const given = fromText(text);
      if (!given.ok) return null;
      if (equalBytes(given.value, kept)) return kept;
      const found = waiting.find((token) => equalBytes(given.value, token));
      if (found === undefined) return null;
      waiting = waiting.filter((token) => token !== found);
      return kept;
    },
  };
}
