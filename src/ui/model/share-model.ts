// The share dialog: what is chosen, and the invite that came of it. Knows no DOM.
import { computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Reach, StartChoice } from '../../protocol/action.ts';
import type { InviteId } from '../../protocol/ids.ts';
import type { InviteCard } from './invite-words.ts';
import type { SessionModel } from './session-model.ts';

export type ShareStage =
  | { readonly stage: 'choosing' }
  | { readonly stage: 'making' }
  | { readonly stage: 'invite'; readonly invite: InviteId };

export interface ShareModel {
  readonly stage: ReadonlySignal<ShareStage>;
  /** Null where it is not for this person to choose. */
  readonly reach: ReadonlySignal<Reach | null>;
  readonly start: ReadonlySignal<StartChoice>;
  /** The invite shown, as it stands now. */
  readonly invite: ReadonlySignal<InviteCard | null>;
  /** Other invites that are still open. */
  readonly others: ReadonlySignal<readonly InviteCard[]>;
  readonly setReach: (reach: Reach) => void;
  readonly setStart: (start: StartChoice) => void;
  readonly make: () => Promise<void>;
  readonly show: (invite: InviteId) => void;
  readonly closeInvite: (invite: InviteId) => Promise<void>;
  readonly another: () => void;
}

export function shareModel(
  session: SessionModel,
  reaches: readonly Reach[],
  from: number | null,
): ShareModel {
  const stage = signal<ShareStage>({ stage: 'choosing' });
  const reach = signal<Reach | null>(reaches.length === 0 ? null : preferredReach(reaches));
  const start = signal<StartChoice>(
    from === null ? { from: 'screen' } : { from: 'block', block: from },
  );
  const made = signal<InviteCard | null>(null);
  const invites = computed(() => session.desk.value?.invites ?? []);
  const invite = computed(() => {
    const at = stage.value;
    if (at.stage !== 'invite') return null;
    return invites.value.find((card) => card.id === at.invite) ?? made.value;
  });

  return {
    stage,
    reach,
    start,
    invite,
    others: computed(() =>
      invites.value.filter(
        (card) => (card.state === 'open' || card.state === 'held') && card.id !== invite.value?.id,
      ),
    ),
    setReach(next) {
      reach.value = next;
    },
    setStart(next) {
      start.value = next;
    },
    async make() {
      stage.value = { stage: 'making' };
      const outcome = await session.act({
        type: 'invite.make',
        ...(reach.value === null ? {} : { reach: reach.value }),
        start: start.value,
      });
      if (outcome.ok && outcome.invite !== undefined) {
        made.value = outcome.invite;
        stage.value = { stage: 'invite', invite: outcome.invite.id };
      } else {
        stage.value = { stage: 'choosing' };
      }
    },
    show(id) {
      stage.value = { stage: 'invite', invite: id };
    },
    async closeInvite(id) {
      await session.act({ type: 'invite.close', invite: id });
    },
    another() {
      stage.value = { stage: 'choosing' };
    },
  };
}

/** A share is for others: the network where there is one, else signaling, else this computer. */
export function preferredReach(reaches: readonly Reach[]): Reach {
  return (['lan', 'signal', 'local'] as const).find((reach) => reaches.includes(reach)) ?? 'local';
}
