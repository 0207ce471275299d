// What the sharer's process shows of its session: how many are here, how many wait, whether
// anyone can come at all. Knows the machine's state and nothing else.
import type { SessionCard } from '../protocol/app.ts';
import type { PublicKey } from '../protocol/ids.ts';
import { may } from './grants.ts';
import { nameOf } from './sharer-step.ts';
import type { SharerState } from './sharer-state.ts';

/** Those who are in, the sharer's own devices not counted. */
function guestsIn(state: SharerState): ReadonlySet<PublicKey> {
  const links = [...state.links.values()];
  return new Set(links.filter((link) => link.phase === 'in' && !link.owner).map((l) => l.key));
}

/** Their names. */
export function here(state: SharerState): string[] {
  return [...guestsIn(state)].map((key) => nameOf(state, key));
}

export function counts(state: SharerState): Pick<SessionCard, 'viewers' | 'waiting'> {
  const knocks = [...state.links.values()].filter((link) => link.phase === 'knocking').length;
  return { viewers: guestsIn(state).size, waiting: knocks + state.requests.size };
}

/** Someone is here, may come back, or has an invite. */
export function isShared({ book, grants, links }: SharerState): boolean {
  return (
    [...links.values()].some((link) => !link.owner) ||
    [...grants.values()].some((grant) => may(grant.capabilities, 'view')) ||
    [...book.invites.values()].some((i) => i.phase.phase === 'open' || i.phase.phase === 'held')
  );
}
