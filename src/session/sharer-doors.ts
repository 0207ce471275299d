// How one gets in: the verdict on a handshake, the knock, coming back, and going. Part of the
// sharer's machine; what those inside may do is in sharer-actions.ts.
import { heldInvite, inviteBook } from '../crypto/invite-book.ts';
import { CAPABILITIES, lasting } from '../protocol/capability.ts';
import { idBytes, idOf, KnockId, type DeviceId, type PublicKey } from '../protocol/ids.ts';
import type { Fault } from '../protocol/faults.ts';
import { unreachable } from '../protocol/result.ts';
import { distinctName } from './distinct-name.ts';
import { capabilitiesOf, may } from './grants.ts';
import { lookedAway } from './sharer-looks.ts';
import {
  chain,
  deskFor,
  nameOf,
  noticed,
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

/** People a sharer carries; measured with 50 at 1 MB/s, a link each. */
export const PARTICIPANTS_MAX = 50;
/** Tabs and terminals of one person, as many as its actions are remembered of. */
export const DEVICES_MAX = 8;
/** Who has come in greets within a round trip; one who does not keeps an invite from others. */
const UNGREETED_MS = 60_000;

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
  const { link: id, viewer, words, at } = input;
  const owner = input.by.door === 'app';
  // One's own older links do not count: a redial comes before the lost link is known to be lost.
  const others = [...state.links.values()].filter((l) => !l.owner && l.key !== viewer);
  const people = new Set(others.map((l) => l.key)).size;
  if (!owner && people >= PARTICIPANTS_MAX) {
    return chain(noticed(state, 'join.full', at), (s) => [s, [closing(id, 'join.full')]]);
  }
  const entry = entryOf(state, input.by, viewer);
  if (entry === null) return [state, [closing(id, 'invite.expired')]];
  const link: LinkState = { phase: 'bound', key: viewer, owner, entry, words, since: at };
  const older = owner ? [] : outdated(state, viewer, entry);
  return [{ ...state, links: new Map(state.links).set(id, link) }, older];
}

/** Null where the code that was proven has let go of its invite meanwhile. */
function entryOf(state: SharerState, by: Hello, viewer: PublicKey): Entry | null {
  switch (by.door) {
    case 'app':
    case 'redial':
      return { by: 'back' };
    case 'link':
      return { by: 'invite', invite: by.invite };
    case 'code': {
      const held = [...state.book.invites.values()].filter(
        ({ phase }) => phase.phase === 'held' && phase.by === viewer,
      );
      const invite = held.find((i) => i.nameplate === by.nameplate) ?? held.at(-1);
      return invite === undefined ? null : { by: 'invite', invite: invite.id };
    }
    default:
      return unreachable(by);
  }
}

/** [KN9] By an invite one link of a key waits to speak; by the key itself one for each device. */
function outdated(state: SharerState, key: PublicKey, entry: Entry): readonly SharerEffect[] {
  const alike = [...state.links].filter(
    ([, l]) => l.phase === 'bound' && !l.owner && l.key === key && l.entry.by === entry.by,
  );
  const kept = entry.by === 'invite' ? 0 : DEVICES_MAX - 1;
  const over = alike.slice(0, Math.max(0, alike.length - kept));
  return over.map(([id]) => closing(id, 'link.broken'));
}

function closing(link: LinkId, fault: Fault): SharerEffect {
  return { do: 'close', link, fault };
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
      return [state, [closing(input.link, 'share.ended')]];
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
  return [state, [closing(link, 'link.protocol')]];
}

function knock(
  state: SharerState,
  id: LinkId,
  link: Extract<LinkState, { phase: 'bound' }>,
  asked: { readonly name: string; readonly hue: number; readonly device: DeviceId },
  at: number,
): SharerStep {
  if (link.entry.by !== 'invite') return broken(state, id);
  // [KN9] What was so when the link came may not be so any more.
  const held = heldInvite(state.book, link.entry.invite, link.key);
  if (!held.ok) return [state, [closing(id, held.fault)]];
  const card = {
    // [KN1] One knock per key, named by it.
    id: knockIdOf(link.key),
    key: link.key,
    name: distinctName(state, link.key, asked.name),
    hue: asked.hue,
    words: link.words,
    at,
    capabilities: lasting(held.value.capabilities, null),
  };
  const older = [...state.links].filter(([, l]) => l.phase === 'knocking' && l.key === link.key);
  const links = new Map(state.links).set(id, {
    phase: 'knocking',
    key: link.key,
    owner: false,
    knock: card,
    device: asked.device,
    start: held.value.start,
  });
  return withDesk([
    { ...state, links },
    [
      ...older.map(([link]) => closing(link, 'link.broken')),
      { do: 'send', link: id, message: { type: 'waiting', sharer: nameOf(state, state.sharer) } },
      { do: 'tell', event: { event: 'knock', knock: card } },
    ],
  ]);
}

function knockIdOf(key: PublicKey): KnockId {
  return idOf(KnockId, idBytes(key).slice(0, 8));
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
    return [state, [closing(id, 'grant.none')]];
  }
  if (!link.owner && otherDevices(state, link.key, device) >= DEVICES_MAX) {
    return [state, [closing(id, 'join.full')]];
  }
  const next = { ...state, links };
  return [
    next,
    [
      ...older.map(([old]) => closing(old, 'link.broken')),
      { do: 'admit', link: id, grant: grant ?? ownGrant(state, link.key, at), device, start: null },
      { do: 'roster' },
      ...deskFor(next, id),
      ...(link.owner ? [] : [requestOf(state, id, link.key)]),
      ...(link.owner ? [] : [told('joined', state, link.key)]),
    ],
  ];
}

/** [AC7] What became of a request while one was away is not known by its asker. */
function requestOf(state: SharerState, link: LinkId, key: PublicKey): SharerEffect {
  const is = state.requests.has(key) ? 'open' : 'none';
  return { do: 'send', link, message: { type: 'request', is } };
}

function otherDevices(state: SharerState, key: PublicKey, device: DeviceId): number {
  const links = [...state.links.values()].filter((l) => l.phase === 'in' && l.key === key);
  return new Set(links.flatMap((l) => (l.phase === 'in' && l.device !== device ? [l.device] : [])))
    .size;
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

/** [KN10] Nobody is bound to the sharer for longer than it takes to say what one came for. */
export function closeSilent(state: SharerState, at: number): SharerStep {
  const silent = [...state.links].filter(
    ([, l]) => l.phase === 'bound' && at - l.since >= UNGREETED_MS,
  );
  return [state, silent.map(([id]) => closing(id, 'link.broken'))];
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
      const seen: SharerStep = link.owner ? lookedAway(next, link.device) : [next, []];
      const still = [...links.values()].some((l) => l.phase === 'in' && l.key === link.key);
      if (still) return seen;
      const left: SharerEffect[] = link.owner ? [] : [told('left', state, link.key)];
      return chain(seen, (s) => [s, [{ do: 'roster' }, ...left]], showDesk);
    }
    default:
      return unreachable(link);
  }
}
