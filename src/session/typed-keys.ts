// Keys on their way to the sharer: each at once while few come, joined where they come faster than
// actions may. Knows no numbers, no signatures and no links.
import { concat } from '../protocol/bytes.ts';
import { KEYS_BYTES_MAX } from '../protocol/limits.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';

/** Actions that keys take at once: a hand on the keyboard never waits. */
const AT_ONCE = 20;
/** And after that one in this time, in ms: half of what an author may, the rest is for what else it does. */
export const JOINED_EVERY_MS = 20;
/** Keys that wait, in bytes: as much as the sharer's terminal lets wait. */
const WAITING_BYTES_MAX = 1024 * 1024;

interface Waiting {
  readonly keys: Uint8Array;
  readonly settle: (outcome: Outcome) => void;
}

export interface TypedKeys {
  /** At most KEYS_BYTES_MAX. */
  readonly type: (keys: Uint8Array) => Promise<Outcome>;
  /** All that wait, now: something follows that must not overtake them. */
  readonly flush: () => void;
  /** None of those that wait is sent any more. */
  readonly drop: (outcome: Outcome) => void;
}

export function openTypedKeys(
  clock: Clock,
  send: (keys: Uint8Array) => Promise<Outcome>,
): TypedKeys {
  let waiting: readonly Waiting[] = [];
  let waitingBytes = 0;
  /** The time until which actions are spoken for, monotonic ms. */
  let takenUntil = -Infinity;
  let cancel: (() => void) | 'none' = 'none';

  function dueMs(): number {
    return takenUntil - AT_ONCE * JOINED_EVERY_MS + JOINED_EVERY_MS - clock.monotonic();
  }

  async function sendNow(keys: Uint8Array): Promise<Outcome> {
    takenUntil = Math.max(takenUntil, clock.monotonic()) + JOINED_EVERY_MS;
    return await send(keys);
  }

  /** As many of the first as one action holds. */
  function sendJoined(): void {
    let bytes = 0;
    const over = waiting.findIndex(({ keys }) => (bytes += keys.length) > KEYS_BYTES_MAX);
    const joined = over === -1 ? waiting : waiting.slice(0, over);
    waiting = over === -1 ? [] : waiting.slice(over);
    const keys = concat(...joined.map((one) => one.keys));
    waitingBytes -= keys.length;
    void sendNow(keys).then((outcome) => {
      for (const { settle } of joined) settle(outcome);
    });
  }

  function wake(): void {
    cancel = 'none';
    if (waiting.length > 0) sendJoined();
    wakeLater();
  }

  function wakeLater(): void {
    if (cancel === 'none' && waiting.length > 0) cancel = clock.after(dueMs(), wake);
  }

  function stopWaking(): void {
    if (cancel !== 'none') cancel();
    cancel = 'none';
  }

  return {
    async type(keys) {
      if (waiting.length === 0 && dueMs() <= 0) return await sendNow(keys);
      if (waitingBytes + keys.length > WAITING_BYTES_MAX) {
        return { ok: false, fault: 'action.tooMany' };
      }
      waitingBytes += keys.length;
      return await new Promise((settle) => {
        waiting = [...waiting, { keys, settle }];
        wakeLater();
      });
    },
    flush() {
      stopWaking();
      while (waiting.length > 0) sendJoined();
    },
    drop(outcome) {
      stopWaking();
      const all = waiting;
      waiting = [];
      waitingBytes = 0;
      for (const { settle } of all) settle(outcome);
    },
  };
}
