// What a change of grants brings with it: keeping it, telling everyone, showing people out.
// Part of the sharer's machine.
import type { Grant } from '../protocol/grant.ts';
import { may, withGrant } from './grants.ts';
import { chain, turnBook, type SharerStep } from './sharer-step.ts';
import type { SharerEffect, SharerState } from './sharer-state.ts';

/** [CP2] A grant is kept before anything that depends on it shows. */
export function writeGrant(state: SharerState, grant: Grant): SharerStep {
  return [
    { ...state, grants: withGrant(state.grants, grant) },
    [{ do: 'persist', record: { type: 'grant', grant } }],
  ];
}

/** [CP3] A viewer whose grant no longer holds `view` is told and shown out. */
export function closeUngranted(state: SharerState): SharerStep {
  const effects: SharerEffect[] = [];
  for (const [link, known] of state.links) {
    if (known.phase !== 'in' || known.owner) continue;
    const grant = state.grants.get(known.key);
    if (grant === undefined || !may(grant.capabilities, 'view')) {
      effects.push({ do: 'close', link, fault: 'grant.removed' });
    }
  }
  return [state, effects];
}

/** Everyone but the sharer's own devices is told and shown out; every invite is closed. */
export function endShare(state: SharerState, fault: 'share.ended' | 'share.expired'): SharerStep {
  let step: SharerStep = [{ ...state, endsAt: null, requests: new Map() }, []];
  for (const id of state.cards.keys()) {
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
