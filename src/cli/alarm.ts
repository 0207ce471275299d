// What a sharer notices of someone who waits: the bell once for each, and the window's title
// until all are answered. Writes nothing that a program's screen would show.
import { printable } from './printable.ts';
import { alarmWords, type Asking } from './share-panel.ts';

const BELL = '\u0007';
const KEEP_TITLE = '\u001b[22;0t';
const GIVE_BACK_TITLE = '\u001b[23;0t';

export interface Alarm {
  /** `isSeen`: the panel is in front. */
  readonly show: (asking: Asking, isSeen: boolean) => void;
  readonly close: () => void;
}

/** `title` is what the running program calls the window; '' where it has not said. */
export function openAlarm(write: (text: string) => void, title: () => string): Alarm {
  let known: ReadonlySet<string> = new Set();
  let shown = '';

  function calm(): void {
    if (shown === '') return;
    shown = '';
    const own = printable(title());
    // The terminal's own stack of titles, and what the program said where there is none.
    write(GIVE_BACK_TITLE + (own === '' ? '' : `\u001b]2;${own}${BELL}`));
  }

  return {
    show(asking, isSeen) {
      const { desk, questions } = asking;
      const waiting = new Set([
        ...desk.knocks.map((knock) => `knock ${knock.id}`),
        ...desk.requests.map((request) => `request ${request.key}`),
        ...questions.map(({ thread, part }) => `question ${thread.id} ${part.id}`),
      ]);
      const isNew = [...waiting].some((one) => !known.has(one));
      known = waiting;
      const words = alarmWords(asking);
      if (words === '') return calm();
      if (isNew && !isSeen) write(BELL);
      if (words === shown) return;
      write(`${shown === '' ? KEEP_TITLE : ''}\u001b]2;${words}${BELL}`);
      shown = words;
    },
    close: calm,
  };
}
