// What the sharer's own pages look at, the terminal or a conversation, for those who follow. Part
// of the sharer's machine.
import type { DeviceId, ThreadId } from '../protocol/ids.ts';
import { done, no, type ActionOf, type Handlers } from './sharer-action.ts';
import type { SharerStep } from './sharer-step.ts';
import type { Actor, SharerState } from './sharer-state.ts';

export const lookActions = { 'view.look': look } satisfies Partial<Handlers>;

/** [TR17] Of the page that spoke last; undefined while none has. */
export function looksAt(state: SharerState): ThreadId | null | undefined {
  return [...state.looks.values()].at(-1);
}

function look(state: SharerState, actor: Actor, action: ActionOf['view.look']): SharerStep {
  // The process has no page.
  if (actor.kind === 'process') return no(state, actor, 'action.notAllowed');
  const looks = new Map(state.looks);
  looks.delete(actor.device);
  return done(changed(state, looks.set(actor.device, action.thread)), actor);
}

/** A page of the sharer's whose last link has gone looks at nothing any more. */
export function lookedAway(state: SharerState, device: DeviceId): SharerStep {
  const isHere = [...state.links.values()].some(
    (link) => link.phase === 'in' && link.owner && link.device === device,
  );
  if (isHere || !state.looks.has(device)) return [state, []];
  const looks = new Map(state.looks);
  looks.delete(device);
  return changed(state, looks);
}

function changed(state: SharerState, looks: SharerState['looks']): SharerStep {
  const next = { ...state, looks };
  return [next, looksAt(next) === looksAt(state) ? [] : [{ do: 'roster' }]];
}
