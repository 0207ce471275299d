// Documents on their way to those who are in: for each of them one after the other, and no faster
// than its link takes them. Who may have what is decided before; knows no screens.
import type { Heads } from '../crdt/heads.ts';
import { REPLICA_DOCUMENTS_MAX } from '../crdt/replica.ts';
import type { Link } from '../peer/link.ts';
import type { DocumentId } from '../protocol/ids.ts';
import { FRAME_BYTES_MAX, MESSAGE_FRAMES_MAX } from '../protocol/limits.ts';
import { encodeMessage, LANE_TO_VIEWER, type Frame } from '../protocol/message.ts';
import type { Library } from './library.ts';

export interface Reader {
  readonly link: Pick<Link, 'send' | 'backlog'>;
  /** Documents it has, and gets the frames of. */
  readonly has: Set<DocumentId>;
}

export interface Deliveries {
  /** What brings a holder of `heads` up to date, when its turn has come. */
  readonly wish: (reader: Reader, id: DocumentId, heads: Heads) => void;
  /** The reader's link has taken something. */
  readonly goOn: (reader: Reader) => void;
  readonly forget: (reader: Reader) => void;
}

/** With more than this of documents on its way to a link none is added, in bytes: a window of the wire, twice. */
export const DELIVERY_BACKLOG_BYTES_MAX = 256 * 1024;
/** Of frames that go together: one of the largest still fits a message behind a small one. */
const FRAMES_BYTES_MAX = FRAME_BYTES_MAX;
/** Signature, names of fields and lengths. */
const FRAME_ENVELOPE_BYTES = 128;
/** Documents one may wait for: no replica holds more. */
const WISHES_MAX = REPLICA_DOCUMENTS_MAX;

interface Queue {
  /** In the order in which they were asked for. */
  readonly wishes: Map<DocumentId, Heads>;
  isReading: boolean;
}

export function openDeliveries(library: Pick<Library, 'since'>): Deliveries {
  const queues = new Map<Reader, Queue>();

  /** [CT7] One at a time, and not into a link that has not taken what went before. */
  function goOn(reader: Reader): void {
    const queue = queues.get(reader);
    if (queue === undefined || queue.isReading || isBehind(reader.link)) return;
    const [first] = queue.wishes;
    if (first === undefined) {
      queues.delete(reader);
      return;
    }
    const [id, heads] = first;
    queue.wishes.delete(id);
    queue.isReading = true;
    void deliver(reader, queue, id, heads);
  }

  async function deliver(
    reader: Reader,
    queue: Queue,
    id: DocumentId,
    heads: Heads,
  ): Promise<void> {
    // One that cannot be read, for whatever reason, is one that is not there.
    const found = await library.since(id, heads).catch(() => 'gone' as const);
    queue.isReading = false;
    // It has left meanwhile.
    if (queues.get(reader) !== queue) return;
    if (found === 'gone') sayGone(reader, id);
    else {
      sendFrames(reader.link, found.frames, found.isLive);
      if (found.isLive) reader.has.add(id);
    }
    goOn(reader);
  }

  return {
    wish(reader, id, heads) {
      const queue = queues.get(reader) ?? { wishes: new Map(), isReading: false };
      queues.set(reader, queue);
      if (queue.wishes.size < WISHES_MAX || queue.wishes.has(id)) queue.wishes.set(id, heads);
      goOn(reader);
    },
    goOn,
    forget: (reader) => void queues.delete(reader),
  };
}

function isBehind(link: Reader['link']): boolean {
  const [live, finished] = [link.backlog('replica'), link.backlog('history')];
  const bytes = live.queuedBytes + live.unackedBytes + finished.queuedBytes + finished.unackedBytes;
  return bytes > DELIVERY_BACKLOG_BYTES_MAX;
}

/** [CT8] Like one that never was. */
function sayGone({ link }: Reader, id: DocumentId): void {
  link.send(LANE_TO_VIEWER.catalog, encodeMessage({ type: 'catalog', entries: [], gone: [id] }));
}

/** In their order, as many together as one message takes. */
export function sendFrames(
  link: Pick<Link, 'send'>,
  frames: readonly Frame[],
  isLive: boolean,
): void {
  const lane = isLive ? 'replica' : 'history';
  let from = 0;
  while (from < frames.length) {
    const to = messageEnd(frames, from);
    link.send(lane, encodeMessage({ type: 'frames', frames: frames.slice(from, to) }));
    from = to;
  }
}

/** Behind the last frame that goes into one message with the one at `from`. */
function messageEnd(frames: readonly Frame[], from: number): number {
  let bytes = 0;
  for (let at = from; at < frames.length; at++) {
    bytes += frameBytes(frames[at]);
    if (at > from && (bytes > FRAMES_BYTES_MAX || at - from === MESSAGE_FRAMES_MAX)) return at;
  }
  return frames.length;
}

function frameBytes(frame: Frame | undefined): number {
  return frame === undefined ? 0 : frame.head.length + frame.body.length + FRAME_ENVELOPE_BYTES;
}
