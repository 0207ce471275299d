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
  /** The characters before the one at `at`, as many as the path has and one. */
  let before = '';
  let waiting: SecretSpan | 'none' = 'none';

  function step(character: string): void {
    if (waiting !== 'none' && !NAME.test(character)) tell(waiting);
    waiting = 'none';
    const length = search.push(character.charCodeAt(0));
    at++;
    before = (before + character).slice(-path.length - 1);
    if (length === 0) return;
    const left = before.length > length ? before.slice(0, 1) : '';
    if (!NAME.test(left)) waiting = { from: at - length, to: at, label: '~' };
  }

  return {
    push(text) {
      if (path.length < 2) at += text.length;
      else for (let i = 0; i < text.length; i++) step(text.charAt(i));
    },
    end() {
      if (waiting !== 'none') tell(waiting);
      waiting = 'none';
    },
    decided: () => (waiting === 'none' ? at - search.open() : waiting.from),
  };
}
