// A change of grants: who may make it, and what it brings with it: keeping it, telling everyone,
// showing people out.
// Part of the sharer's machine.
import type { Capabilities } from '../protocol/capability.ts';
import type { Fault } from '../protocol/faults.ts';
import type { Grant } from '../protocol/grant.ts';
import type { PublicKey } from '../protocol/ids.ts';
import { capabilitiesOf, may, mayGrant, withGrant } from './grants.ts';
import { isSharers } from './sharer-action.ts';
import { chain, turnBook, type SharerStep } from './sharer-step.ts';
import type { Actor, LinkState, SharerEffect, SharerState } from './sharer-state.ts';

/** [CP2] A grant is kept before anything that depends on it shows. */
export function writeGrant(state: SharerState, grant: Grant): SharerStep {
  return [
    { ...state, grants: withGrant(state.grants, grant) },
    [{ do: 'persist', record: { type: 'grant', grant } }],
  ];
}

/** [CP3] A viewer whose grant no longer holds `view` is told and shown out; it asks for nothing. */
export function closeUngranted(state: SharerState): SharerStep {
  const effects: SharerEffect[] = [];
  for (const [link, known] of state.links) {
    if (known.phase !== 'in' || known.owner) continue;
    const grant = state.grants.get(known.key);
    if (grant === undefined || !may(grant.capabilities, 'view')) {
      effects.push({ do: 'close', link, fault: 'grant.removed' });
    }
  }
  const requests = new Map(
    [...state.requests].filter(([key]) => may(state.grants.get(key)?.capabilities ?? {}, 'view')),
  );
  return [requests.size === state.requests.size ? state : { ...state, requests }, effects];
}

/** A link that is not in. */
export type Waiting = Exclude<LinkState, { phase: 'in' }>;

/** [KN9] Those of them are told why they will not come in, and closed. */
export function turnAway(
  state: SharerState,
  fault: Fault,
  whom: (link: Waiting) => boolean,
): SharerStep {
  const effects: SharerEffect[] = [];
  for (const [link, known] of state.links) {
    if (known.phase === 'in' || known.owner || !whom(known)) continue;
    effects.push({ do: 'close', link, fault });
  }
  return [state, effects];
}

/** Everyone but the sharer's own devices is told and shown out; every invite is closed. */
export function endShare(state: SharerState, fault: 'share.ended' | 'share.expired'): SharerStep {
  let step: SharerStep = [{ ...state, endsAt: null, requests: new Map() }, []];
  for (const id of state.book.invites.keys()) {
    step = chain(step, (s) => turnBook(s, { on: 'close', id }));
  }
  return chain(step, (s) => {
    const effects: SharerEffect[] = [];
    for (const [link, known] of s.links) {
      if (!known.owner) effects.push({ do: 'close', link, fault });
    }
    let grants = s.grants;
    for (const grant of s.grants.values()) {
      const gone = { ...grant, number: grant.number + 1, capabilities: {} };
      grants = withGrant(grants, gone);
      effects.push({ do: 'persist', record: { type: 'grant', grant: gone } });
    }
    effects.push({ do: 'roster' }, { do: 'tell', event: { event: 'ended', reason: fault } });
    return [{ ...s, grants, cards: new Map() }, effects];
  });
}

/** The sharer grants anything but to itself; a holder of `manage` what [CP6] leaves it. */
export function mayWrite(
  state: SharerState,
  actor: Actor,
  to: PublicKey,
  given: Capabilities,
  at: number,
): boolean {
  if (isSharers(actor)) return true;
  return mayGrant({
    granter: actor.key,
    held: capabilitiesOf(state.grants, actor.key, at),
    to,
    toHolds: capabilitiesOf(state.grants, to, at),
    given,
  });
}
