// Those who are in: their names, what they ask for, what they are granted, being removed. Part of
// the sharer's machine.
import { PRESETS, type Capabilities } from '../protocol/capability.ts';
import type { PublicKey } from '../protocol/ids.ts';
import { distinctName } from './distinct-name.ts';
import { may, nextGrant } from './grants.ts';
import {
  authorOf,
  done,
  isSharers,
  no,
  outcome,
  type ActionOf,
  type Handlers,
} from './sharer-action.ts';
import { closeUngranted, mayWrite, turnAway, writeGrant } from './sharer-grants.ts';
import { chain, nameOf, turnBook, withDesk, type SharerStep } from './sharer-step.ts';
import type { Actor, SharerEffect, SharerState } from './sharer-state.ts';

/** As many as a desk carries; of those who have long left the oldest give way. */
const REQUESTS_MAX = 64;

export const peopleActions = {
  'profile.set': profile,
  'access.request': request,
  'access.withdraw': (state, actor) =>
    actor.kind === 'signed'
      ? done(
          withDesk([withoutRequest(state, actor.key), tellRequest(state, actor.key, 'none')]),
          actor,
        )
      : no(state, actor, 'action.notAllowed'),
  'request.deny': (state, actor, action) =>
    state.requests.has(action.from)
      ? done(
          withDesk([
            withoutRequest(state, action.from),
            [{ do: 'roster' }, ...tellRequest(state, action.from, 'denied')],
          ]),
          actor,
        )
      : no(state, actor, 'action.gone'),
  'grant.set': (state, actor, action, at) =>
    action.to === state.sharer
      ? no(state, actor, 'action.gone')
      : regrant(state, actor, action.to, action.capabilities, at),
  'participant.remove': (state, actor, action, at) => regrant(state, actor, action.key, {}, at),
} satisfies Partial<Handlers>;

function profile(state: SharerState, actor: Actor, action: ActionOf['profile.set']): SharerStep {
  const key = authorOf(state, actor);
  const profile = { name: distinctName(state, key, action.name), hue: action.hue };
  return done(
    [
      { ...state, profiles: new Map(state.profiles).set(key, profile) },
      [{ do: 'persist', record: { type: 'profile', key, profile } }, { do: 'roster' }],
    ],
    actor,
  );
}

function request(
  state: SharerState,
  actor: Actor,
  action: ActionOf['access.request'],
  at: number,
): SharerStep {
  if (isSharers(actor)) return outcome(state, actor, { ok: true });
  const capabilities = action.capabilities.length > 0 ? action.capabilities : [...PRESETS.editor];
  // The latest last, in the place of an older one of theirs.
  const { requests } = withoutRequest(state, actor.key);
  const standing = [...requests].slice(-(REQUESTS_MAX - 1));
  const asked = new Map(standing).set(actor.key, { capabilities, at });
  const name = nameOf(state, actor.key);
  return done(
    withDesk([
      { ...state, requests: asked },
      [
        { do: 'tell', event: { event: 'request', key: actor.key, name, capabilities } },
        ...tellRequest(state, actor.key, 'open'),
      ],
    ]),
    actor,
  );
}

/** [AC7] Every device of theirs says the same of it. */
function tellRequest(
  state: SharerState,
  key: PublicKey,
  is: 'none' | 'open' | 'denied',
): SharerEffect[] {
  return [...state.links].flatMap(([link, known]) =>
    known.phase === 'in' && known.key === key && !known.owner
      ? [{ do: 'send' as const, link, message: { type: 'request' as const, is } }]
      : [],
  );
}

function withoutRequest(state: SharerState, key: PublicKey): SharerState {
  if (!state.requests.has(key)) return state;
  const requests = new Map(state.requests);
  requests.delete(key);
  return { ...state, requests };
}

/** Another grant in place of the one that `to` has, from the same starting point. */
function regrant(
  state: SharerState,
  actor: Actor,
  to: PublicKey,
  capabilities: Capabilities,
  at: number,
): SharerStep {
  const before = state.grants.get(to);
  if (before === undefined) return no(state, actor, 'action.gone');
  if (!mayWrite(state, actor, to, capabilities, at)) {
    return no(state, actor, 'action.notAllowed');
  }
  const { session } = state;
  const written = nextGrant(state.grants, { session, to, start: before.start, capabilities, at });
  return done(
    withDesk(
      chain(
        writeGrant(withoutRequest(state, to), written),
        (s) => [s, [{ do: 'roster' }, ...tellRequest(state, to, 'none')]],
        closeUngranted,
        (s) => (may(capabilities, 'view') ? [s, []] : removed(s, to)),
      ),
    ),
    actor,
  );
}

/** [KN9] Whatever else of theirs stands at a door does not come in by it either. */
function removed(state: SharerState, key: PublicKey): SharerStep {
  return chain(turnBook(state, { on: 'denied', by: key }), (s) =>
    turnAway(s, 'grant.removed', (link) => link.key === key),
  );
}
