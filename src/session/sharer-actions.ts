// What those inside may do: every action is checked here, in this order, whatever a client
// sends: who, signature, number, shape, rate, capability. Part of the sharer's machine.
import { PRESETS, type Capabilities } from '../protocol/capability.ts';
import { decodeAction, NEEDS, type Action } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { KnockId, PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import { unreachable } from '../protocol/result.ts';
import { answered, spend, took, turnOf } from './action-log.ts';
import { capabilitiesOf, may, mayGrant, nextGrant, startBy } from './grants.ts';
import { closeUngranted, endShare, writeGrant } from './sharer-grants.ts';
import { chain, nameOf, notice, turnBook, withDesk, type SharerStep } from './sharer-step.ts';
import type { Actor, SharerEffect, SharerInput, SharerState } from './sharer-state.ts';

type Signed = Extract<SharerInput, { on: 'action' }>;

export function actOn(state: SharerState, input: Signed): SharerStep {
  const link = state.links.get(input.link);
  const { signed, at } = input;
  // [AC1] Only over a link that is in, only in one's own name and from one's own device.
  if (link === undefined) return [state, []];
  const own =
    link.phase === 'in' &&
    signed.author === link.key &&
    signed.device === link.device &&
    signed.session === state.session;
  if (!own) return [state, [{ do: 'close', link: input.link, fault: 'link.protocol' }]];
  // [AC2] The signature covers session, author, device, number, type and body.
  if (!input.verified) return withDesk(notice(state, 'action.badSignature', at));

  const actor: Actor = {
    kind: 'signed',
    key: link.key,
    owner: link.owner,
    device: signed.device,
    n: signed.n,
  };
  const turn = turnOf(state.log, actor.key, actor.device, actor.n);
  if (turn.turn === 'repeat') {
    return turn.outcome === null ? [state, []] : [state, sendOutcome(state, actor, turn.outcome)];
  }
  const log = spend(state.log, actor.key, input.monotonic);
  if (log === null) return [state, sendOutcome(state, actor, no('action.tooMany'))];

  // [AC4] The number is on disk before anything the action does can show.
  const taken: SharerStep = [
    { ...state, log: took(log, actor.key, actor.device, actor.n) },
    [
      {
        do: 'persist',
        record: { type: 'action', author: actor.key, device: actor.device, n: actor.n },
      },
    ],
  ];
  const action = decodeAction(signed.body);
  if (!action.ok) {
    return chain(
      taken,
      (s) => notice(s, 'action.malformed', at),
      (s) => outcome(s, actor, no('action.malformed')),
    );
  }
  const held = capabilitiesOf(state.grants, actor.key, at);
  if (!allowed(held, actor.owner, action.value, input.atPrompt)) {
    return chain(taken, (s) => outcome(s, actor, no('action.notAllowed')));
  }
  return chain(taken, (s) => carryOut(s, actor, action.value, at));
}

/** The sharer's own process acts: its terminal's panel, its JSON on stdin. */
export function order(
  state: SharerState,
  input: Extract<SharerInput, { on: 'order' }>,
): SharerStep {
  return carryOut(state, { kind: 'process', order: input.order }, input.action, input.at);
}

/** [AC6] The table NEEDS decides; keys at a prompt run what they type, so they need `run` as well. */
function allowed(held: Capabilities, owner: boolean, action: Action, atPrompt: boolean): boolean {
  if (owner) return true;
  const needed = NEEDS[action.type];
  if (needed === 'owner' || !may(held, 'view') || !may(held, needed)) return false;
  return action.type !== 'keys.type' || !atPrompt || may(held, 'run');
}

function carryOut(state: SharerState, actor: Actor, action: Action, at: number): SharerStep {
  switch (action.type) {
    // The host has the shell, the documents and the addresses: it answers with `outcome`.
    case 'command.run':
    case 'command.cancel':
    case 'keys.type':
    case 'terminal.resize':
    case 'terminal.restart':
    case 'session.close':
    case 'thread.start':
    case 'thread.prompt':
    case 'thread.stop':
    case 'thread.retry':
    case 'thread.restart':
    case 'thread.rename':
    case 'thread.close':
    case 'queue.edit':
    case 'queue.remove':
    case 'queue.move':
    case 'queue.sendNow':
    case 'permission.answer':
    case 'thread.configure':
      return [state, [{ do: 'perform', actor, author: authorOf(state, actor), action }]];
    case 'invite.make':
      return invite(state, actor, action, at);
    case 'access.request':
      return request(state, actor, action, at);
    case 'access.withdraw':
      return actor.kind === 'signed'
        ? done(withDesk([withoutRequest(state, actor.key), []]), actor)
        : outcome(state, actor, no('action.notAllowed'));
    case 'profile.set': {
      const key = authorOf(state, actor);
      const profile = { name: action.name, hue: action.hue };
      return done(
        [
          { ...state, profiles: new Map(state.profiles).set(key, profile) },
          [{ do: 'persist', record: { type: 'profile', key, profile } }, { do: 'roster' }],
        ],
        actor,
      );
    }
    case 'knock.admit':
      return admit(state, actor, action, at);
    case 'knock.deny':
      return deny(state, actor, action.knock);
    case 'grant.set':
      return grant(state, actor, action, at);
    case 'request.deny':
      return state.requests.has(action.from)
        ? done(withDesk([withoutRequest(state, action.from), [{ do: 'roster' }]]), actor)
        : outcome(state, actor, no('action.gone'));
    case 'participant.remove':
      return remove(state, actor, action.key, at);
    case 'invite.close': {
      if (!state.cards.has(action.invite)) return outcome(state, actor, no('action.gone'));
      return done(withDesk(turnBook(state, { on: 'close', id: action.invite })), actor);
    }
    case 'share.end':
      return done(withDesk(endShare(state, 'share.ended')), actor);
    default:
      return unreachable(action);
  }
}

/** A device of the sharer's own acts as the sharer. */
export function authorOf(state: SharerState, actor: Actor): PublicKey {
  return actor.kind === 'process' || actor.owner ? state.sharer : actor.key;
}

/** [CP8] A holder of `manage` invites to what it has itself: not to more, nor to what was before. */
function invite(
  state: SharerState,
  actor: Actor,
  action: Extract<Action, { type: 'invite.make' }>,
  at: number,
): SharerStep {
  const author = authorOf(state, actor);
  if (actor.kind === 'process' || actor.owner) {
    return [state, [{ do: 'perform', actor, author, action }]];
  }
  const held = capabilitiesOf(state.grants, actor.key, at);
  const given = action.capabilities ?? [];
  if (!given.every((name) => name !== 'manage' && may(held, name))) {
    return outcome(state, actor, no('action.notAllowed'));
  }
  const start = startBy(ownStart(state, actor), action.start ?? { from: 'none' }, state.nextBlock);
  return [state, [{ do: 'perform', actor, author, action: { ...action, start } }]];
}

/** The first block that who acts may have; the sharer may have all. */
function ownStart(state: SharerState, actor: Actor): number {
  if (actor.kind === 'process' || actor.owner) return 0;
  return state.grants.get(actor.key)?.start ?? state.nextBlock;
}

function request(
  state: SharerState,
  actor: Actor,
  action: Extract<Action, { type: 'access.request' }>,
  at: number,
): SharerStep {
  if (actor.kind === 'process' || actor.owner) return outcome(state, actor, { ok: true });
  const capabilities = action.capabilities.length > 0 ? action.capabilities : [...PRESETS.editor];
  const requests = new Map(state.requests).set(actor.key, { capabilities, at });
  const name = nameOf(state, actor.key);
  return done(
    withDesk([
      { ...state, requests },
      [{ do: 'tell', event: { event: 'request', key: actor.key, name, capabilities } }],
    ]),
    actor,
  );
}

function withoutRequest(state: SharerState, key: PublicKey): SharerState {
  if (!state.requests.has(key)) return state;
  const requests = new Map(state.requests);
  requests.delete(key);
  return { ...state, requests };
}

function admit(
  state: SharerState,
  actor: Actor,
  action: Extract<Action, { type: 'knock.admit' }>,
  at: number,
): SharerStep {
  const found = knockOf(state, action.knock);
  if (found === null) return outcome(state, actor, no('action.gone'));
  const { id, link } = found;
  const capabilities: Capabilities = { view: null, ...action.capabilities };
  if (!permitted(state, actor, link.key, capabilities, at)) {
    return outcome(state, actor, no('action.notAllowed'));
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
  if (found === null) return outcome(state, actor, no('action.gone'));
  return done(
    withDesk(
      chain(turnBook(state, { on: 'denied', by: found.link.key }), (s) => [
        s,
        [{ do: 'close', link: found.id, fault: 'invite.denied' }],
      ]),
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

function grant(
  state: SharerState,
  actor: Actor,
  action: Extract<Action, { type: 'grant.set' }>,
  at: number,
): SharerStep {
  const before = state.grants.get(action.to);
  if (before === undefined || action.to === state.sharer) {
    return outcome(state, actor, no('action.gone'));
  }
  if (!permitted(state, actor, action.to, action.capabilities, at)) {
    return outcome(state, actor, no('action.notAllowed'));
  }
  const written = nextGrant(state.grants, {
    session: state.session,
    to: action.to,
    start: before.start,
    capabilities: action.capabilities,
    at,
  });
  return done(
    withDesk(
      chain(
        writeGrant(withoutRequest(state, action.to), written),
        (s) => [s, [{ do: 'roster' }]],
        closeUngranted,
      ),
    ),
    actor,
  );
}

function remove(state: SharerState, actor: Actor, key: PublicKey, at: number): SharerStep {
  const before = state.grants.get(key);
  if (before === undefined) return outcome(state, actor, no('action.gone'));
  if (!permitted(state, actor, key, {}, at)) return outcome(state, actor, no('action.notAllowed'));
  const written = nextGrant(state.grants, {
    session: state.session,
    to: key,
    start: before.start,
    capabilities: {},
    at,
  });
  return done(
    withDesk(
      chain(
        writeGrant(withoutRequest(state, key), written),
        (s) => [s, [{ do: 'roster' }]],
        closeUngranted,
      ),
    ),
    actor,
  );
}

/** The sharer grants anything but to itself; a holder of `manage` what [CP6] leaves it. */
function permitted(
  state: SharerState,
  actor: Actor,
  to: PublicKey,
  given: Capabilities,
  at: number,
): boolean {
  if (actor.kind === 'process' || actor.owner) return true;
  return mayGrant({
    granter: actor.key,
    held: capabilitiesOf(state.grants, actor.key, at),
    to,
    toHolds: capabilitiesOf(state.grants, to, at),
    given,
  });
}

function done(step: SharerStep, actor: Actor): SharerStep {
  return chain(step, (s) => outcome(s, actor, { ok: true }));
}

function no(fault: Fault): Outcome {
  return { ok: false, fault };
}

/** An action has its result: kept for a repeat, and sent to whoever asked. */
export function outcome(state: SharerState, actor: Actor, result: Outcome): SharerStep {
  if (actor.kind === 'process') {
    return [state, [{ do: 'answer', order: actor.order, outcome: result }]];
  }
  const log = answered(state.log, actor.key, actor.device, actor.n, result);
  return [{ ...state, log }, sendOutcome(state, actor, result)];
}

function sendOutcome(
  state: SharerState,
  actor: Extract<Actor, { kind: 'signed' }>,
  result: Outcome,
): SharerEffect[] {
  const message = { type: 'result' as const, device: actor.device, n: actor.n, outcome: result };
  return [...state.links].flatMap(([link, known]) =>
    known.phase === 'in' && known.key === actor.key && known.device === actor.device
      ? [{ do: 'send' as const, link, message }]
      : [],
  );
}
