// Why somebody may not do something to a thread, in a sentence for its button; null where they
// may. What anyone may really do is decided by the sharer; this only spares them the refusal.
import type { Capability } from '../../protocol/capability.ts';
import type { PublicKey } from '../../protocol/ids.ts';
import type { PermissionOption } from '../../protocol/thread.ts';

export interface Actor {
  readonly key: PublicKey;
  readonly owner: boolean;
  readonly can: (capability: Capability) => boolean;
}

/** To start, prompt, retry, restart or send now. */
export function whyNotPrompt(actor: Actor, actsAlone: boolean): string | null {
  if (!actor.can('prompt')) return 'You may not prompt agents here. Ask the sharer for access.';
  if (actsAlone && !(actor.can('run') && actor.can('approve'))) {
    return 'This agent acts without asking: prompting it needs the right to run commands and to approve.';
  }
  return null;
}

/** To stop, rename or close. */
export function whyNotSteer(actor: Actor): string | null {
  return actor.can('prompt') ? null : 'You may not steer agents here. Ask the sharer for access.';
}

export function whyNotAnswer(actor: Actor, option: PermissionOption): string | null {
  if (!actor.can('approve')) return 'You may not answer this. Ask the sharer for access.';
  const always = option.kind === 'allow_always' || option.kind === 'reject_always';
  return always && !actor.owner ? 'Only the sharer may answer for all time.' : null;
}

export function whyNotConfigure(actor: Actor): string | null {
  return actor.can('run') && actor.can('approve')
    ? null
    : 'Changing this needs the right to run commands and to approve.';
}

export function whyNotQueue(actor: Actor, author: PublicKey): string | null {
  if (!actor.can('prompt')) return 'You may not prompt agents here.';
  return actor.owner || author === actor.key ? null : 'This is somebody else’s prompt.';
}
