// Ways in and who comes by them: invites made and closed, knocks answered, the share ended.
// Part of the sharer's machine.
import type { Capabilities } from '../protocol/capability.ts';
import type { InviteId, KnockId } from '../protocol/ids.ts';
import { capabilitiesOf, may, nextGrant, startBy } from './grants.ts';
import { byHost, done, isSharers, no, type ActionOf, type Handlers } from './sharer-action.ts';
import { endShare, mayWrite, turnAway, writeGrant, type Waiting } from './sharer-grants.ts';
import { chain, turnBook, withDesk, type SharerStep } from './sharer-step.ts';
import type { Actor, SharerState } from './sharer-state.ts';

export const entryActions = {
  'invite.make': invite,
  'invite.close': (state, actor, action) => close(state, actor, action.invite),
  'knock.admit': admit,
  'knock.deny': (state, actor, action) => deny(state, actor, action.knock),
  'share.end': (state, actor) => done(withDesk(endShare(state, 'share.ended')), actor),
} satisfies Partial<Handlers>;

/** [CP8] A holder of `manage` invites to what it has itself: not to more, nor to what was before. */
function invite(
  state: SharerState,
  actor: Actor,
  action: ActionOf['invite.make'],
  at: number,
): SharerStep {
  if (isSharers(actor)) return byHost(state, actor, action);
  const held = capabilitiesOf(state.grants, actor.key, at);
  const given = action.capabilities ?? [];
  if (!given.every((name) => name !== 'manage' && may(held, name))) {
    return no(state, actor, 'action.notAllowed');
  }
  const start = startBy(ownStart(state, actor), action.start ?? { from: 'none' }, state.nextBlock);
  return byHost(state, actor, { ...action, start });
}

/** The first block that who acts may have; the sharer may have all. */
function ownStart(state: SharerState, actor: Actor): number {
  if (isSharers(actor)) return 0;
  return state.grants.get(actor.key)?.start ?? state.nextBlock;
}

/** What waits at its door to knock is closed with it; who has knocked still waits for an answer. */
function close(state: SharerState, actor: Actor, id: InviteId): SharerStep {
  if (!state.book.invites.has(id)) return no(state, actor, 'action.gone');
  return done(
    withDesk(
      chain(turnBook(state, { on: 'close', id }), (s) =>
        turnAway(s, 'invite.expired', (link) => waitsBy(link) === id),
      ),
    ),
    actor,
  );
}

function waitsBy(link: Waiting): InviteId | null {
  return link.phase === 'bound' && link.entry.by === 'invite' ? link.entry.invite : null;
}

function admit(
  state: SharerState,
  actor: Actor,
  action: ActionOf['knock.admit'],
  at: number,
): SharerStep {
  const found = knockOf(state, action.knock);
  if (found === null) return no(state, actor, 'action.gone');
  const { id, link } = found;
  const capabilities: Capabilities = { view: null, ...action.capabilities };
  if (!mayWrite(state, actor, link.key, capabilities, at)) {
    return no(state, actor, 'action.notAllowed');
  }
  const profile = { name: link.knock.name, hue: link.knock.hue };
  const choice = startBy(ownStart(state, actor), link.start, state.nextBlock);
  const start = startNumber(state, choice);
  const written = nextGrant(state.grants, {
    session: state.session,
    to: link.key,
    start,
    capabilities,
    at,
  });
  const entered: SharerState = {
    ...state,
    profiles: new Map(state.profiles).set(link.key, profile),
    links: new Map(state.links).set(id, {
      phase: 'in',
      key: link.key,
      owner: false,
      device: link.device,
    }),
  };
  return done(
    withDesk(
      chain(
        [entered, [{ do: 'persist', record: { type: 'profile', key: link.key, profile } }]],
        (s) => turnBook(s, { on: 'admitted', by: link.key }),
        (s) => writeGrant(s, written),
        (s) => [
          s,
          [
            { do: 'admit', link: id, grant: written, device: link.device, start: choice },
            { do: 'roster' },
            { do: 'tell', event: { event: 'joined', key: link.key, name: profile.name } },
          ],
        ],
      ),
    ),
    actor,
  );
}

function startNumber(
  state: SharerState,
  start: { readonly from: string; readonly block?: number },
) {
  if (start.from === 'all') return 0;
  return start.from === 'block' ? (start.block ?? state.nextBlock) : state.nextBlock;
}

function deny(state: SharerState, actor: Actor, knock: KnockId): SharerStep {
  const found = knockOf(state, knock);
  if (found === null) return no(state, actor, 'action.gone');
  const { key } = found.link;
  return done(
    withDesk(
      chain(turnBook(state, { on: 'denied', by: key }), (s) =>
        turnAway(
          s,
          'invite.denied',
          (link) => link.key === key && (link.phase === 'knocking' || waitsBy(link) !== null),
        ),
      ),
    ),
    actor,
  );
}

function knockOf(state: SharerState, knock: KnockId) {
  for (const [id, link] of state.links) {
    if (link.phase === 'knocking' && link.knock.id === knock) return { id, link };
  }
  return null;
}
