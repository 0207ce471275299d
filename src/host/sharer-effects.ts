// Carries out what the sharer's machine asks for, one after the other, also where one has to
// wait for a signature; what must stand before anything shows, at once.
import type { Action } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import type {
  Actor,
  SharerEffect,
  SharerEvent,
  SharerInput,
  SharerState,
} from '../session/sharer-state.ts';
import { agentFault, isAgentAction, type AgentAction } from '../session/agent-rights.ts';
import { capabilitiesOf } from '../session/grants.ts';
import { isLate, type Admit } from './admission.ts';
import type { Agents } from './agents.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import type { GrantSignatures } from './grant-signatures.ts';
import type { Reachability } from './reachability.ts';
import type { SessionLinks } from './session-links.ts';
import { recordOf, type StateRecord } from './session-records.ts';
import type { ShellWork } from './shell-work.ts';
import type { WaysIn } from './ways-in.ts';

export interface SharerEffectsOptions {
  readonly clock: Clock;
  readonly feed: (input: SharerInput) => void;
  readonly state: () => SharerState;
  readonly keep: (record: StateRecord) => void;
  readonly grants: GrantSignatures;
  readonly links: SessionLinks;
  readonly admit: Admit;
  readonly doorkeeper: Doorkeeper;
  readonly reachability: Reachability;
  readonly waysIn: WaysIn;
  readonly work: ShellWork;
  readonly agents: Agents;
  readonly roster: () => void;
  /** An order of the process has its outcome. */
  readonly answer: (order: number, outcome: Outcome) => void;
  readonly tell: (event: SharerEvent) => void;
  /** The owner wants the session gone. */
  readonly closed: () => void;
}

export interface SharerEffects {
  readonly perform: (effect: SharerEffect) => void;
  /** All that was asked for so far is done. */
  readonly settled: () => Promise<void>;
}

export function openSharerEffects(options: SharerEffectsOptions): SharerEffects {
  const { feed, links, grants } = options;
  let turn: Promise<void> = Promise.resolve();

  function inTurn(work: () => Promise<void> | void): void {
    turn = turn.then(work);
  }

  function perform(effect: SharerEffect): void {
    switch (effect.do) {
      case 'verdict':
        return options.doorkeeper.verdict(effect);
      case 'persist': {
        const { record } = effect;
        options.keep(recordOf(record));
        if (record.type === 'grant') inTurn(() => grants.sign(record.grant));
        return;
      }
      case 'admit':
        // [TR6] At once: what a thread says from here on is not for those who came before only.
        if (isLate(effect)) options.agents.lateAdmission();
        return inTurn(() => options.admit(effect));
      default:
        return inTurn(() => performInTurn(effect));
    }
  }

  function performInTurn(
    effect: Exclude<SharerEffect, { do: 'verdict' | 'persist' | 'admit' }>,
  ): Promise<void> | void {
    switch (effect.do) {
      case 'send':
        return links.send(effect.link, effect.message);
      case 'roster':
        return options.roster();
      case 'close':
        return links.end(effect.link, effect.fault);
      case 'perform':
        return act(effect.actor, effect.author, effect.action);
      case 'dropNameplate':
        return options.reachability.dropNameplate(effect.nameplate);
      case 'answer':
        return options.answer(effect.order, effect.outcome);
      case 'tell':
        return options.tell(effect.event);
      default:
        return unreachable(effect);
    }
  }

  function act(actor: Actor, author: PublicKey, action: Action): Promise<void> | void {
    const owner = actor.kind === 'process' || actor.owner;
    if (isAgentAction(action)) {
      // What was true when it was judged may not be so any more.
      const fault = owner ? null : judged(author, action);
      if (fault !== null) return answer(actor, { ok: false, fault });
      return options.agents.act(actor, author, action, owner);
    }
    switch (action.type) {
      case 'invite.make':
        return invite(actor, action);
      case 'session.close':
        answer(actor, { ok: true });
        return options.closed();
      default: {
        const outcome = options.work.act(author, action, owner);
        if (action.type !== 'keys.type' || !outcome.ok) answer(actor, outcome);
      }
    }
  }

  function judged(key: PublicKey, action: AgentAction): Fault | null {
    const held = capabilitiesOf(options.state().grants, key, options.clock.now());
    return agentFault({ key, held }, action, options.agents.facts);
  }

  function answer(actor: Actor, outcome: Outcome): void {
    feed({ on: 'outcome', actor, outcome });
  }

  async function invite(
    actor: Actor,
    wish: Extract<Action, { type: 'invite.make' }>,
  ): Promise<void> {
    const made = await options.waysIn.invite(wish);
    if (!made.ok) return answer(actor, { ok: false, fault: made.fault });
    const { card, input, nameplate } = made.value;
    feed({ on: 'inviteMade', actor, card, input });
    if (nameplate !== null) {
      feed({ on: 'book', input: { on: 'nameplate', invite: card.id, nameplate } });
    }
    options.keep({ type: 'shared', until: options.state().endsAt });
  }

  return { perform, settled: () => turn };
}
