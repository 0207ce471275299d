// Tells those who follow what the sharer's page looks at: at once, then not too often, the last
// for sure; and anew on each link. Knows no DOM and no network.
import { effect, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { Action } from '../../protocol/action.ts';
import type { ThreadId } from '../../protocol/ids.ts';

/** As often as an eye can follow, in ms; each costs everyone a change of the session document. */
export const LOOKS_EVERY_MS = 300;

export interface LookTellerPorts {
  readonly looked: ReadonlySignal<ThreadId | null>;
  /** A page of the sharer's, on a link that stands. */
  readonly mayTell: ReadonlySignal<boolean>;
  readonly act: (action: Action) => unknown;
  readonly later: (afterMs: number, wake: () => void) => unknown;
}

/** The returned function ends it. */
export function tellLooks({ looked, mayTell, act, later }: LookTellerPorts): () => void {
  let told: ThreadId | null | 'nothing' = 'nothing';
  let isResting = false;
  const tell = (): void => {
    const thread = looked.peek();
    if (isResting || !mayTell.peek() || thread === told) return;
    told = thread;
    isResting = true;
    act({ type: 'view.look', thread });
    later(LOOKS_EVERY_MS, () => {
      isResting = false;
      tell();
    });
  };
  return effect(() => {
    if (!mayTell.value) told = 'nothing'; // a restarted process knows of no look
    else if (looked.value !== told) untracked(tell);
  });
}
