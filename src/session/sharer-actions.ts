// What those inside may do: every action is checked here, in this order, whatever a client
// sends: who, signature, number, shape, rate, capability; then its area's handler carries it out.
// Part of the sharer's machine.
import { statementOf } from '../crypto/action.ts';
import {
  decodeAction,
  isRepeated,
  NEEDS,
  type Action,
  type ActionType,
  type SignedAction,
} from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import { spend, took, turnOf } from './action-log.ts';
import { agentFault, isAgentAction, type Asker } from './agent-rights.ts';
import { capabilitiesOf, may } from './grants.ts';
import { byHost, no, sendOutcome, type ActionOf, type Handlers } from './sharer-action.ts';
import { agentActions } from './sharer-agent-actions.ts';
import { entryActions } from './sharer-entry-actions.ts';
import { lookActions } from './sharer-looks.ts';
import { peopleActions } from './sharer-people-actions.ts';
import { chain, noticed, type SharerStep } from './sharer-step.ts';
import type { Actor, LinkState, SharerEffect, SharerInput, SharerState } from './sharer-state.ts';

/** An action without a handler does not compile. */
const HANDLERS: Handlers = {
  'command.run': byHost,
  'command.cancel': byHost,
  'keys.type': byHost,
  'terminal.resize': byHost,
  'terminal.restart': byHost,
  'session.close': byHost,
  ...entryActions,
  ...peopleActions,
  ...agentActions,
  ...lookActions,
};

type Signed = Extract<SharerInput, { on: 'action' }>;

export function actOn(state: SharerState, input: Signed): SharerStep {
  const link = state.links.get(input.link);
  const { signed, at } = input;
  // [AC1] Only over a link that is in, only in one's own name and from one's own device.
  if (link === undefined) return [state, []];
  if (!isOwn(state, link, signed))
    return [state, [{ do: 'close', link: input.link, fault: 'link.protocol' }]];
  // [AC2] The signature covers session, author, device, number, type and body.
  if (!input.verified) {
    return chain(noticed(state, 'action.badSignature', at), (s) => [
      s,
      [{ do: 'close', link: input.link, fault: 'link.protocol' }],
    ]);
  }

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
  if (log === null)
    return [state, sendOutcome(state, actor, { ok: false, fault: 'action.tooMany' })];

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
      (s) => noticed(s, 'action.malformed', at),
      (s) => no(s, actor, 'action.malformed'),
    );
  }
  const held = capabilitiesOf(state.grants, actor.key, at);
  const fault = actor.owner ? null : faultOf({ key: actor.key, held }, action.value, input);
  if (fault !== null) return chain(taken, (s) => no(s, actor, fault));
  const kept = chain(taken, (s) => [s, auditOf(signed, action.value, at)]);
  return chain(kept, (s) => carryOut(s, actor, action.value, at));
}

/** [AC1] In the name of whoever the link is, from its device, for this session. */
export function isOwn(
  state: SharerState,
  link: LinkState | undefined,
  signed: SignedAction,
): link is Extract<LinkState, { phase: 'in' }> {
  return (
    link?.phase === 'in' &&
    signed.author === link.key &&
    signed.device === link.device &&
    signed.session === state.session
  );
}

/** [TR12] Keys are too many and may be secrets; sizes and looks are nobody's concern. */
function auditOf(signed: SignedAction, action: Action, at: number): readonly SharerEffect[] {
  if (!isRepeated(action.type)) return [];
  const statement = statementOf(signed, action);
  const { signature } = signed;
  return [{ do: 'persist', record: { type: 'audit', statement, signature, at } }];
}

/** The sharer's own process acts: its terminal's panel, its JSON on stdin. */
export function order(
  state: SharerState,
  input: Extract<SharerInput, { on: 'order' }>,
): SharerStep {
  return carryOut(state, { kind: 'process', order: input.order }, input.action, input.at);
}

/** [AC6] The table NEEDS decides; keys at a prompt run what they type, so they need `run` as well. */
function faultOf(asker: Asker, action: Action, input: Signed): Fault | null {
  const { held } = asker;
  const needed = NEEDS[action.type];
  if (needed === 'owner' || !may(held, 'view') || !may(held, needed)) return 'action.notAllowed';
  if (isAgentAction(action)) return agentFault(asker, action, input.agents);
  const runs = action.type === 'keys.type' && input.atPrompt;
  return runs && !may(held, 'run') ? 'action.notAllowed' : null;
}

function carryOut(state: SharerState, actor: Actor, action: Action, at: number): SharerStep {
  return handle(state, actor, action.type, action, at);
}

function handle<T extends ActionType>(
  state: SharerState,
  actor: Actor,
  type: T,
  action: ActionOf[T],
  at: number,
): SharerStep {
  return HANDLERS[type](state, actor, action, at);
}
