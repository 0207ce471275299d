// What every action has: a handler, an actor, an outcome that is kept for a repeat and sent to
// whoever asked. Knows no particular action.
import type { Action, ActionType } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import { answered } from './action-log.ts';
import { chain, type SharerStep } from './sharer-step.ts';
import type { Actor, SharerEffect, SharerState } from './sharer-state.ts';

export type ActionOf = { readonly [A in Action as A['type']]: A };

/** Carries out one action of one who may: checked before, answered by the handler. */
export type Handler<A extends Action> = (
  state: SharerState,
  actor: Actor,
  action: A,
  at: number,
) => SharerStep;

export type Handlers = { readonly [T in ActionType]: Handler<ActionOf[T]> };

type Signed = Extract<Actor, { kind: 'signed' }>;

/** The sharer itself: its process, or a device of its own. */
export function isSharers(
  actor: Actor,
): actor is Exclude<Actor, Signed> | (Signed & { readonly owner: true }) {
  return actor.kind === 'process' || actor.owner;
}

/** A device of the sharer's own acts as the sharer. */
export function authorOf(state: SharerState, actor: Actor): PublicKey {
  return isSharers(actor) ? state.sharer : actor.key;
}

/** The host has the shell, the agents, the documents and the addresses: it answers with `outcome`. */
export function byHost(state: SharerState, actor: Actor, action: Action): SharerStep {
  return [state, [{ do: 'perform', actor, author: authorOf(state, actor), action }]];
}

export function done(step: SharerStep, actor: Actor): SharerStep {
  return chain(step, (s) => outcome(s, actor, { ok: true }));
}

export function no(state: SharerState, actor: Actor, fault: Fault): SharerStep {
  return outcome(state, actor, { ok: false, fault });
}

/** An action has its result: kept for a repeat, and sent to whoever asked. */
export function outcome(state: SharerState, actor: Actor, result: Outcome): SharerStep {
  if (actor.kind === 'process') {
    return [state, [{ do: 'answer', order: actor.order, outcome: result }]];
  }
  const log = answered(state.log, actor.key, actor.device, actor.n, result);
  return [{ ...state, log }, sendOutcome(state, actor, result)];
}

export function sendOutcome(state: SharerState, actor: Signed, result: Outcome): SharerEffect[] {
  const message = { type: 'result' as const, device: actor.device, n: actor.n, outcome: result };
  return [...state.links].flatMap(([link, known]) =>
    known.phase === 'in' && known.key === actor.key && known.device === actor.device
      ? [{ do: 'send' as const, link, message }]
      : [],
  );
}
