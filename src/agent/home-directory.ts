// Finds the home directory in a text, where a whole path begins with it: people read ~. Knows
// positions only.
import { openLiterals } from './secret-literals.ts';
import type { SecretSpan } from './secret-words.ts';

export interface HomeSearch {
  readonly push: (text: string) => void;
  readonly end: () => void;
  readonly decided: () => number;
}

/** A name goes on with it, so that it is another directory. */
const NAME = /[\w.\-\u0080-\uffff]/;

export function openHomeSearch(home: string | null, tell: (span: SecretSpan) => void): HomeSearch {
  const path = (home ?? '').replace(/[/\\]+$/, '');
  const search = openLiterals(path.length < 2 ? [] : [path]).search();
  let at = 0;
  /** The characters before the one at `at`: as many as stand before a path that ends there, and one. */
  let before = '';
  let waiting: SecretSpan | 'none' = 'none';

  function step(text: string, i: number): void {
    if (waiting !== 'none' && !NAME.test(text.charAt(i))) tell(waiting);
    waiting = 'none';
    const length = search.push(text.charCodeAt(i));
    at++;
    if (length > 0 && !NAME.test(text.charAt(i - length)))
      waiting = { from: at - length, to: at, label: '~' };
  }

  return {
    push(text) {
      if (path.length < 2) {
        at += text.length;
        return;
      }
      const all = before + text;
      for (let i = before.length; i < all.length; i++) step(all, i);
      before = all.slice(-path.length);
    },
    end() {
      if (waiting !== 'none') tell(waiting);
      waiting = 'none';
    },
    decided: () => (waiting === 'none' ? at - search.open() : waiting.from),
  };
}
