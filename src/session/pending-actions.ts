// A viewer's actions that have no outcome yet: numbered in order, sent again after a lost link,
// answered once. Knows no links and no signatures.
import { isRepeated, type Action, type SignedAction } from '../protocol/action.ts';
import type { Outcome } from '../protocol/message.ts';

/** A person has no more than this unanswered; past it the oldest would be from another day. */
const PENDING_MAX = 64;

interface Pending {
  readonly n: number;
  readonly signed: SignedAction;
  readonly settle: (outcome: Outcome) => void;
}

export interface PendingActions {
  /** The number for the next action. */
  readonly take: () => number | null;
  /** A sent action waits for its outcome; keys do not: they are never sent again. */
  readonly sent: (action: Action, signed: SignedAction, settle: (outcome: Outcome) => void) => void;
  readonly result: (n: number, outcome: Outcome) => void;
  /** What to send again on a new link, in order. */
  readonly again: () => readonly SignedAction[];
  /** The sharer has `highest` from this device: numbers go on from there. */
  readonly heard: (highest: number) => void;
  /** The share is over: nothing will be answered any more. */
  readonly end: (outcome: Outcome) => void;
}

export function openPendingActions(): PendingActions {
  let next = 1;
  let waiting: readonly Pending[] = [];
  return {
    take() {
      if (waiting.length >= PENDING_MAX) return null;
      return next++;
    },
    sent(action, signed, settle) {
      if (isRepeated(action.type)) waiting = [...waiting, { n: signed.n, signed, settle }];
      else settle({ ok: true });
    },
    result(n, outcome) {
      const found = waiting.find((p) => p.n === n);
      if (found === undefined) return;
      waiting = waiting.filter((p) => p !== found);
      found.settle(outcome);
    },
    again: () => waiting.map((p) => p.signed),
    heard(highest) {
      next = Math.max(next, highest + 1);
    },
    end(outcome) {
      const all = waiting;
      waiting = [];
      for (const pending of all) pending.settle(outcome);
    },
  };
}
