// What every part of a thread needs from around it, as one object that stays the same.
import type { ReadonlySignal } from '@preact/signals';
import type { PublicKey, ThreadId } from '../../protocol/ids.ts';
import type { SessionModel } from '../model/session-model.ts';
import type { Wording } from '../model/thread-markdown.ts';
import type { Actor } from '../model/thread-rights.ts';
import { clockWords } from '../model/words.ts';

export interface ThreadFrame {
  readonly session: SessionModel;
  /** The time of day, a second at a time. */
  readonly now: ReadonlySignal<number>;
  readonly copy: (text: string, what: string) => void;
  /** Puts the keyboard into the input line. */
  readonly toInput: () => void;
  /** Begins a way to sign in, in a new terminal that nobody else sees; null where this is not the sharer. */
  readonly signIn: ((thread: ThreadId, way: number) => void) | null;
}

/** Someone who left the share is still somebody. */
export function nameOf(session: SessionModel, key: PublicKey): string {
  return session.participant(key)?.name ?? 'someone who left';
}

/** Not read as a signal: a day that begins meanwhile is no reason to draw all of them anew. */
export function timeOf(frame: ThreadFrame, atMs: number): string {
  return clockWords(atMs, frame.now.peek(), -new Date(atMs).getTimezoneOffset());
}

export function wordingOf(frame: ThreadFrame): Wording {
  return {
    nameOf: (key) => nameOf(frame.session, key),
    timeOf: (atMs) => timeOf(frame, atMs),
  };
}

export function actorOf(session: SessionModel): Actor {
  const { key, owner } = session.me.value;
  return { key, owner, can: session.can };
}
