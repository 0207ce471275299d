// How one gets in: the verdict on a handshake, the knock, coming back, and going. Part of the
// sharer's machine; what those inside may do is in sharer-actions.ts.
import { inviteBook } from '../crypto/invite-book.ts';
import { CAPABILITIES, lasting } from '../protocol/capability.ts';
import { idBytes, idOf, KnockId, type DeviceId, type PublicKey } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import { capabilitiesOf, may } from './grants.ts';
import {
  chain,
  deskFor,
  nameOf,
  notice,
  showDesk,
  turnBook,
  withDesk,
  type SharerStep,
} from './sharer-step.ts';
import type {
  Entry,
  Hello,
  LinkId,
  LinkState,
  Refusal,
  SharerEffect,
  SharerInput,
  SharerState,
} from './sharer-state.ts';

/** Direct links a sharer carries; measured with 50 at 1 MB/s. */
export const PARTICIPANTS_MAX = 50;

/** A handshake has proved its secret: accept it, or say no to one who may hear why. */
export function proved(
  state: SharerState,
  input: Extract<SharerInput, { on: 'proved' }>,
): SharerStep {
  const { attempt, by, viewer, at } = input;
  switch (by.door) {
    case 'app':
      return [state, [{ do: 'verdict', attempt, verdict: 'accept' }]];
    case 'redial': {
      // [KN5] Only a key with a live grant is answered.
      const live = may(capabilitiesOf(state.grants, viewer, at), 'view');
      return [state, [{ do: 'verdict', attempt, verdict: live ? 'accept' : 'grant.none' }]];
    }
    case 'link':
    case 'code': {
      const asked = { on: 'proved' as const, door: by, by: viewer, at };
      const verdict = inviteBook(state.book, asked)[1].find((e) => e.do === 'verdict');
      const answer: 'accept' | Refusal =
        verdict?.do !== 'verdict' ? 'invite.expired' : verdict.ok ? 'accept' : verdict.fault;
      return withDesk(
        chain(turnBook(state, asked), (s) => [s, [{ do: 'verdict', attempt, verdict: answer }]]),
      );
    }
    default:
      return unreachable(by);
  }
}

export function linked(
  state: SharerState,
  input: Extract<SharerInput, { on: 'linked' }>,
): SharerStep {
  const guests = [...state.links.values()].filter((l) => !l.owner).length;
  const owner = input.by.door === 'app';
  if (!owner && guests >= PARTICIPANTS_MAX) {
    return withDesk(
      chain(notice(state, 'join.full', input.at), (s) => [
        s,
        [{ do: 'close', link: input.link, fault: 'join.full' }],
      ]),
    );
  }
  const entry = entryOf(state, input.by, input.viewer);
  const link: LinkState = { phase: 'bound', key: input.viewer, owner, entry, words: input.words };
  return [{ ...state, links: new Map(state.links).set(input.link, link) }, []];
}

function entryOf(state: SharerState, by: Hello, viewer: PublicKey): Entry {
  if (by.door === 'app' || by.door === 'redial') return { by: 'back' };
  const held = [...state.book.invites.values()].find(
    (i) => i.phase.phase === 'held' && i.phase.by === viewer,
  );
  return {
    by: 'invite',
    start: held?.start ?? { from: 'none' },
    capabilities: lasting(held?.capabilities ?? ['view'], null),
  };
}

export function message(
  state: SharerState,
  input: Extract<SharerInput, { on: 'message' }>,
): SharerStep {
  const link = state.links.get(input.link);
  if (link === undefined) return [state, []];
  switch (input.message.type) {
    case 'knock':
      return link.phase === 'bound' && link.entry.by === 'invite'
        ? knock(state, input.link, link, input.message, input.at)
        : broken(state, input.link);
    case 'back':
      return link.phase === 'bound' && link.entry.by === 'back'
        ? back(state, input.link, link, input.message.device, input.at)
        : broken(state, input.link);
    case 'leave':
      return [state, [{ do: 'close', link: input.link, fault: 'share.ended' }]];
    case 'want':
    case 'snapshot':
    case 'redraw':
    case 'whole':
      // [AC1] The host answers these for links that are in; before that they break the protocol.
      return link.phase === 'in' ? [state, []] : broken(state, input.link);
    default:
      return unreachable(input.message);
  }
}

function broken(state: SharerState, link: LinkId): SharerStep {
  return [state, [{ do: 'close', link, fault: 'link.protocol' }]];
}

function knock(
  state: SharerState,
  id: LinkId,
  link: Extract<LinkState, { phase: 'bound' }>,
  asked: { readonly name: string; readonly hue: number; readonly device: DeviceId },
  at: number,
): SharerStep {
  if (link.entry.by !== 'invite') return broken(state, id);
  const card = {
    // [KN1] One knock per key, named by it.
    id: knockIdOf(link.key),
    key: link.key,
    name: distinct(state, link.key, asked.name),
    hue: asked.hue,
    words: link.words,
    at,
    capabilities: link.entry.capabilities,
  };
  const older = [...state.links].filter(([, l]) => l.phase === 'knocking' && l.key === link.key);
  const links = new Map(state.links).set(id, {
    phase: 'knocking',
    key: link.key,
    owner: false,
    knock: card,
    device: asked.device,
    start: link.entry.start,
  });
  return withDesk([
    { ...state, links },
    [
      ...older.map(([link]) => ({ do: 'close' as const, link, fault: 'link.broken' as const })),
      { do: 'send', link: id, message: { type: 'waiting', sharer: nameOf(state, state.sharer) } },
      { do: 'tell', event: { event: 'knock', knock: card } },
    ],
  ]);
}

function knockIdOf(key: PublicKey): KnockId {
  return idOf(KnockId, idBytes(key).slice(0, 8));
}

/** A name that another participant already has gets a number behind it. */
function distinct(state: SharerState, key: PublicKey, name: string): string {
  const taken = new Set(
    [...state.profiles].flatMap(([k, profile]) => (k === key ? [] : [profile.name])),
  );
  for (const l of state.links.values()) {
    if (l.phase === 'knocking' && l.key !== key) taken.add(l.knock.name);
  }
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}

function back(
  state: SharerState,
  id: LinkId,
  link: Extract<LinkState, { phase: 'bound' }>,
  device: DeviceId,
  at: number,
): SharerStep {
  // Make-before-break: the same tab's older link gives way to this one.
  const older = [...state.links].filter(
    ([other, l]) => other !== id && l.phase === 'in' && l.key === link.key && l.device === device,
  );
  const links = new Map(state.links).set(id, {
    phase: 'in',
    key: link.key,
    owner: link.owner,
    device,
  });
  const grant = state.grants.get(link.key);
  if (
    !link.owner &&
    (grant === undefined || !may(capabilitiesOf(state.grants, link.key, at), 'view'))
  ) {
    return [state, [{ do: 'close', link: id, fault: 'grant.none' }]];
  }
  const next = { ...state, links };
  return [
    next,
    [
      ...older.map(([old]) => ({ do: 'close' as const, link: old, fault: 'link.broken' as const })),
      { do: 'admit', link: id, grant: grant ?? ownGrant(state, link.key, at), device, start: null },
      { do: 'roster' },
      ...deskFor(next, id),
      ...(link.owner ? [] : [told('joined', state, link.key)]),
    ],
  ];
}

/** What a device of the sharer's own is told: everything, from the beginning. Never kept. */
function ownGrant(state: SharerState, key: PublicKey, at: number) {
  return {
    session: state.session,
    number: 1,
    to: key,
    start: 0,
    capabilities: lasting(CAPABILITIES, null),
    at,
  };
}

function told(event: 'joined' | 'left', state: SharerState, key: PublicKey): SharerEffect {
  return { do: 'tell', event: { event, key, name: nameOf(state, key) } };
}

export function lost(state: SharerState, id: LinkId): SharerStep {
  const link = state.links.get(id);
  if (link === undefined) return [state, []];
  const links = new Map(state.links);
  links.delete(id);
  const next = { ...state, links };
  switch (link.phase) {
    case 'bound':
      return [next, []];
    case 'knocking':
      return withDesk([next, [{ do: 'tell', event: { event: 'unknock', knock: link.knock } }]]);
    case 'in': {
      const still = [...links.values()].some((l) => l.phase === 'in' && l.key === link.key);
      if (still) return [next, []];
      const left: SharerEffect[] = link.owner ? [] : [told('left', state, link.key)];
      return chain([next, [{ do: 'roster' }, ...left]], showDesk);
    }
    default:
      return unreachable(link);
  }
}
