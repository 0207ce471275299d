// Following the sharer from the terminal to a conversation and back, as a choice of this viewer's
// that a tab remembers. Knows no DOM and no network.
import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals-core';
import type { SessionId, ThreadId } from '../../protocol/ids.ts';
import { KEPT } from './entry.ts';
import type { Shelf } from './ports.ts';

export interface Follow {
  /** The sharer's name. */
  readonly whom: string;
  readonly isOn: boolean;
}

export interface Following {
  /** null where there is nobody to follow: on the sharer's own page, or while it has none. */
  readonly follow: ReadonlySignal<Follow | null>;
  readonly toggle: () => void;
  /** The person looks where it chose to, from now on. */
  readonly leave: () => void;
  readonly close: () => void;
}

/** Whom one may follow; null on the sharer's own page. */
export interface Leader {
  readonly name: string;
  /** The terminal is null; undefined while no page of the sharer's says. */
  readonly looksAt: ThreadId | null | undefined;
}

export interface FollowingPorts {
  readonly session: ReadonlySignal<SessionId | null>;
  readonly leader: ReadonlySignal<Leader | null>;
  /** Whether this viewer has anything of it. */
  readonly has: (thread: ThreadId) => boolean;
  readonly lead: (thread: ThreadId | null) => void;
  readonly tab: Shelf;
  readonly say: (text: string) => void;
}

export function following(ports: FollowingPorts): Following {
  const { session, leader, tab } = ports;
  const kept = signal(tab.get(KEPT.follows));
  const isOn = computed(
    () => leader.value !== null && kept.value !== null && kept.value === session.value,
  );
  const whom = computed(() => leader.value?.name ?? '');
  const looksAt = computed(() => leader.value?.looksAt);
  /** [TR17] What one does not have one is not led to. */
  const goal = computed(() => {
    const at = isOn.value ? looksAt.value : undefined;
    return at === undefined || at === null || ports.has(at) ? at : null;
  });
  const keep = (followed: SessionId | null): void => {
    kept.value = followed;
    if (followed === null) tab.remove(KEPT.follows);
    else tab.set(KEPT.follows, followed);
  };
  const close = effect(() => {
    const to = goal.value;
    if (to !== undefined) untracked(() => ports.lead(to));
  });
  const isThere = computed(() => leader.value !== null && looksAt.value !== undefined);
  return {
    follow: computed(() =>
      isThere.value || isOn.value ? { whom: whom.value, isOn: isOn.value } : null,
    ),
    toggle: () => keep(isOn.peek() ? null : session.peek()),
    leave() {
      if (!isOn.peek()) return;
      keep(null);
      ports.say(`You no longer follow ${whom.peek()}.`);
    },
    close,
  };
}
