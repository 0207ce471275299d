// What an agent says bit by bit, sorted into streams: pieces that one mask has to see in order, because
// they may come to stand in one part. Knows no parts; the thread takes each stream's text as one.
import { WHOLE_CHARS_MAX } from '../protocol/thread.ts';
import type { AgentEvent } from './agent-event.ts';
import { isHigh, safeText, wholeEnd } from './safe-text.ts';

/** For one text that comes in pieces: [shown now], then the rest. */
export interface PieceMask {
  readonly push: (piece: string) => string;
  readonly flush: () => string;
  /** UTF-16 units that were pushed and are not yet decided. */
  readonly held: () => number;
}

/** A stream of which something is kept back. */
export type HeldStream = Pick<SpokenPiece, 'on' | 'stream'>;

export interface SpokenPiece {
  readonly on: 'answer' | 'thought';
  /** Numbers are given once: behind a stream's end nothing more of it comes. */
  readonly stream: number;
  readonly text: string;
  /** UTF-16 units that were not even looked at. */
  readonly omitted: number;
  /** The stream's last piece. */
  readonly ends: boolean;
}

export interface AgentSpeech {
  readonly say: (event: Extract<AgentEvent, { on: SpokenPiece['on'] }>) => readonly SpokenPiece[];
  /** Something else begins: what was kept back. */
  readonly end: () => readonly SpokenPiece[];
  /**
   * [TR6] What comes from now on is another stream's, though one mask sees it all: what is kept back
   * by now, up to the piece in which the last of it is told, stays in the streams that are named.
   */
  readonly divide: () => readonly HeldStream[];
}

/** Messages that come in turns; the oldest is ended for one more. */
const MESSAGES_MAX = 32;

interface Stream {
  readonly on: SpokenPiece['on'];
  stream: number;
  /** UTF-16 units that came since it was divided; null where nothing from before is kept back. */
  since: number | null;
  /** By what it is found again; null where its first piece had no message. */
  readonly key: string | null;
  /** Of its newest piece. */
  message: string | null;
  readonly masks: PieceMask;
  /** The first half of a surrogate pair. */
  half: string;
  /** UTF-16 units that are still looked at: no part shows more, and none is kept whole. */
  room: number;
  /** What was kept back when it was cut may be half of a secret. */
  isCut: boolean;
}

export function openAgentSpeech(openMask: () => PieceMask): AgentSpeech {
  let current: Stream | null = null;
  const named = new Map<string, Stream>();
  let last = 0;

  function ended(stream: Stream): readonly SpokenPiece[] {
    if (stream.key !== null) named.delete(stream.key);
    if (stream === current) current = null;
    const rest = stream.masks.flush();
    return pieceOf(stream, stream.isCut ? '' : rest, 0, true);
  }

  /** [TH1] What is being said, as long as kind and message agree; else its message's; else another. */
  function turnTo(
    on: SpokenPiece['on'],
    message: string | null,
  ): readonly [Stream, readonly SpokenPiece[]] {
    if (current !== null && current.on === on && agree(current.message, message)) {
      current.message = message;
      return [current, []];
    }
    // Nothing comes back to what has no message.
    const over = current !== null && current.key === null ? ended(current) : [];
    const key = message === null ? null : `${on} ${message}`;
    const known = key === null ? undefined : named.get(key);
    const [oldest] = named.values();
    const isCrowded = known === undefined && key !== null && named.size >= MESSAGES_MAX;
    const crowded = isCrowded && oldest !== undefined ? ended(oldest) : [];
    const stream = known ?? begun(on, key, message);
    stream.message = message;
    current = stream;
    return [stream, [...over, ...crowded]];
  }

  function begun(on: SpokenPiece['on'], key: string | null, message: string | null): Stream {
    const room = WHOLE_CHARS_MAX;
    const masks = openMask();
    const stream: Stream = {
      on,
      stream: ++last,
      since: null,
      key,
      message,
      masks,
      half: '',
      room,
      isCut: false,
    };
    if (key !== null) named.set(key, stream);
    return stream;
  }

  /** Once less is kept back than has come since, all that was kept back before is told. */
  function goOn(stream: Stream, came: number): void {
    if (stream.since === null) return;
    stream.since += came;
    if (heldOf(stream) > stream.since) return;
    stream.since = null;
    stream.stream = ++last;
  }

  function open(): ReadonlySet<Stream> {
    const all = new Set(named.values());
    if (current !== null) all.add(current);
    return all;
  }

  return {
    say({ on, message, text }) {
      const [stream, before] = turnTo(on, message);
      const waited = stream.half.length;
      const all = stream.half + text;
      const whole = isHigh(all.charCodeAt(all.length - 1)) ? all.length - 1 : all.length;
      const taken = wholeEnd(all, Math.min(whole, stream.room));
      stream.half = all.slice(whole);
      stream.room -= taken;
      stream.isCut ||= taken < whole;
      const heard = safe(all, taken);
      const shown = stream.isCut && taken === 0 ? '' : stream.masks.push(heard);
      const pieces = pieceOf(stream, shown, whole - taken, false);
      goOn(stream, Math.max(0, heard.length - waited));
      return [...before, ...pieces];
    },
    end() {
      return [...open()].flatMap(ended);
    },
    divide() {
      const held: HeldStream[] = [];
      for (const stream of open()) {
        if (heldOf(stream) > 0) held.push({ on: stream.on, stream: stream.stream });
        stream.since = 0;
        goOn(stream, 0);
      }
      return held;
    },
  };
}

function safe(text: string, end: number): string {
  return safeText(text.slice(0, end));
}

function heldOf({ masks, half }: Stream): number {
  return masks.held() + half.length;
}

function agree(one: string | null, other: string | null): boolean {
  return one === null || other === null || one === other;
}

function pieceOf(
  { on, stream }: Stream,
  text: string,
  omitted: number,
  ends: boolean,
): readonly SpokenPiece[] {
  return text === '' && omitted === 0 ? [] : [{ on, stream, text, omitted, ends }];
}
