// What a viewer asks whole of what it shows cut: one at a time, put together from its pieces, asked
// again on a new link. Knows no links and no threads.
import type { ToViewer } from '../protocol/message.ts';
import { WHOLE_CHARS_MAX } from '../protocol/thread.ts';

export interface WholeAsk {
  readonly number: number;
  readonly part: number;
  readonly content: number | null;
}

interface Waiting {
  readonly ask: WholeAsk;
  /** The pieces so far. */
  readonly text: string;
  readonly settle: (text: string | null) => void;
}

export interface WholeAsks {
  readonly ask: (ask: WholeAsk) => Promise<string | null>;
  readonly take: (piece: Extract<ToViewer, { type: 'whole' }>) => void;
  /** On a new link: what was asked for is asked for again, from its beginning. */
  readonly again: () => void;
  /** Nothing will be answered any more. */
  readonly end: () => void;
}

export function openWholeAsks(send: (ask: WholeAsk) => void): WholeAsks {
  /** In order; the first one is asked for. */
  let waiting: readonly Waiting[] = [];

  function answered(first: Waiting, text: string | null): void {
    waiting = waiting.slice(1);
    first.settle(text);
    again();
  }

  function again(): void {
    const [first, ...rest] = waiting;
    if (first === undefined) return;
    waiting = [{ ...first, text: '' }, ...rest];
    send(first.ask);
  }

  return {
    ask: (ask) =>
      new Promise((settle) => {
        waiting = [...waiting, { ask, text: '', settle }];
        if (waiting.length === 1) again();
      }),
    take({ number, part, content, from, text, more }) {
      const [first, ...rest] = waiting;
      if (first === undefined) return;
      const { ask } = first;
      if (ask.number !== number || ask.part !== part || ask.content !== content) return;
      if (text === null) return answered(first, null);
      // A piece of an answer that was asked for twice.
      if (from !== first.text.length) return;
      const whole = first.text + text;
      if (whole.length > WHOLE_CHARS_MAX) return answered(first, null);
      if (!more) return answered(first, whole);
      waiting = [{ ...first, text: whole }, ...rest];
    },
    again,
    end() {
      const all = waiting;
      waiting = [];
      for (const { settle } of all) settle(null);
    },
  };
}
