// Answers to those who ask for the whole of what a thread shows cut: only from their starting point
// on, one at a time, and no faster than their links take it. What is kept is for agent/wholes.ts.
import { wholeEnd } from '../agent/safe-text.ts';
import { mayHave } from '../crdt/catalog.ts';
import type { Link } from '../peer/link.ts';
import { WHOLE_PIECE_CHARS_MAX } from '../protocol/limits.ts';
import {
  encodeMessage,
  LANE_TO_VIEWER,
  type ToSharer,
  type ToViewer,
} from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Library } from './library.ts';
import { openSharedWake } from './shared-wake.ts';

export type AskedWhole = Omit<Extract<ToSharer, { type: 'whole' }>, 'type'>;

export interface Asker {
  readonly link: Pick<Link, 'send' | 'backlog'>;
  /** The first block or segment it may have. */
  readonly start: number;
}

export interface WholeAnswers {
  readonly ask: (asker: Asker, asked: AskedWhole) => void;
  readonly forget: (asker: Asker) => void;
}

/** Between two answers to one link, in ms: a person unfolds no faster. */
export const WHOLE_EVERY_MS = 250;
/** With more than this on its way to a link nothing whole is added. In bytes. */
const BACKLOG_BYTES_MAX = 256 * 1024;

export function openWholeAnswers(options: {
  readonly clock: Clock;
  readonly library: Pick<Library, 'entries'>;
  readonly wholeOf: (asked: AskedWhole) => string | null;
}): WholeAnswers {
  const { clock, library } = options;
  /** What each has asked for last, and was not answered. */
  const asks = new Map<Asker, AskedWhole>();
  const answeredAt = new Map<Asker, number>();
  const wake = openSharedWake<Asker>(clock, (all) => all.forEach(answer));

  /** [TR14] However often it asks. */
  function answer(asker: Asker): void {
    const asked = asks.get(asker);
    if (asked === undefined) return;
    const dueMs = (answeredAt.get(asker) ?? -Infinity) + WHOLE_EVERY_MS - clock.monotonic();
    if (dueMs > 0) return wake.wait(asker, dueMs);
    const { queuedBytes, unackedBytes } = asker.link.backlog('history');
    if (queuedBytes + unackedBytes > BACKLOG_BYTES_MAX) return wake.wait(asker, WHOLE_EVERY_MS);
    asks.delete(asker);
    answeredAt.set(asker, clock.monotonic());
    send(asker.link, asked, mayAsk(asker, asked) ? options.wholeOf(asked) : null);
  }

  /** [TR13] Of a segment before its starting point nobody gets more than of one that never was. */
  function mayAsk({ start }: Asker, { number }: AskedWhole): boolean {
    for (const entry of library.entries().values()) {
      if (entry.kind === 'segment' && entry.number === number) return mayHave(entry, start);
    }
    return false;
  }

  return {
    ask(asker, asked) {
      asks.set(asker, asked);
      answer(asker);
    },
    forget(asker) {
      asks.delete(asker);
      answeredAt.delete(asker);
      wake.forget(asker);
    },
  };
}

function send(
  link: Asker['link'],
  { number, part, content }: AskedWhole,
  whole: string | null,
): void {
  const about = { type: 'whole', number, part, content } as const;
  const piece = (message: Extract<ToViewer, { type: 'whole' }>): void =>
    link.send(LANE_TO_VIEWER.whole, encodeMessage(message));
  if (whole === null) return piece({ ...about, from: 0, text: null, more: false });
  let from = 0;
  do {
    const end = wholeEnd(whole, from + WHOLE_PIECE_CHARS_MAX);
    piece({ ...about, from, text: whole.slice(from, end), more: end < whole.length });
    from = end;
  } while (from < whole.length);
}
