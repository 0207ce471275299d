// A private key in its armour: which words of a text are its body. Knows words and positions;
// the marker lines stay, so that people see what was there.

/** A body's line may be short, or a header; more in a row is not a body. */
const SHORT_WORDS_MAX = 8;
/** A line of a body has 64; what is shorter than this may be a word. In UTF-16 units. */
const BODY_WORD_CHARS = 16;
/** Of one key's body: RSA of 16,384 bits has 13 KiB. In UTF-16 units. */
const BODY_CHARS_MAX = 64 * 1024;

export interface KeyBlockRead {
  readonly next: KeyBlock;
  readonly span: { readonly from: number; readonly to: number } | 'none';
}

interface Reads {
  /** The next word of the text, which begins at this position. */
  readonly read: (word: string, from: number) => KeyBlockRead;
}

export type KeyBlock =
  | ({ readonly is: 'outside' } & Reads)
  /** Behind `-----BEGIN`. */
  | ({ readonly is: 'marker' } & Reads)
  /** `end`: where what was told so far ends. */
  | ({ readonly is: 'body'; readonly end: number } & Reads);

export const startedKeyBlock: KeyBlock = {
  is: 'outside',
  read: (word) => ({
    next: word.endsWith('-----BEGIN') ? marker(0, false) : startedKeyBlock,
    span: 'none',
  }),
};

function marker(words: number, isPrivate: boolean): KeyBlock {
  return {
    is: 'marker',
    read(word, from) {
      const close = /^(?:KEY|BLOCK)-----/.exec(word);
      if (close !== null && isPrivate) {
        const begun = body(from + close[0].length, from + close[0].length, 0);
        const rest = word.slice(close[0].length);
        return rest === ''
          ? { next: begun, span: 'none' }
          : begun.read(rest, from + close[0].length);
      }
      const goesOn = words < 5 && /^[A-Z0-9]+$/.test(word);
      return {
        next: goesOn ? marker(words + 1, isPrivate || word === 'PRIVATE') : startedKeyBlock,
        span: 'none',
      };
    },
  };
}

/** [MK5] Up to its end line, or where it stops looking like one. */
function body(start: number, end: number, short: number): KeyBlock {
  return {
    is: 'body',
    end,
    read(word, from) {
      const at = word.indexOf('-----END');
      if (at >= 0) {
        return { next: startedKeyBlock, span: at === 0 ? 'none' : { from: end, to: from + at } };
      }
      const isLong = word.length >= BODY_WORD_CHARS;
      const isOver =
        from - start > BODY_CHARS_MAX ||
        (isLong ? !/^[A-Za-z0-9+/=:.,-]+$/.test(word) : short >= SHORT_WORDS_MAX);
      if (isOver) return { next: startedKeyBlock, span: 'none' };
      const to = from + word.length;
      return { next: body(start, to, isLong ? 0 : short + 1), span: { from: end, to } };
    },
  };
}
