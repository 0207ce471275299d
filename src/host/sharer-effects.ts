// Carries out what the sharer's machine asks for, one after the other, also where one has to
// wait for a signature; what must stand before anything shows, at once. What takes its time, an
// invite or letting one in, goes on beside the others.
import type { Action } from '../protocol/action.ts';
import type { Fault } from '../protocol/faults.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { err, unreachable } from '../protocol/result.ts';
import type {
  Actor,
  LinkId,
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
import type { SessionLinks } from './session-links.ts';
import { recordOf, type StateRecord } from './session-records.ts';
import type { ShellWork } from './shell-work.ts';
import type { WaysIn } from './ways-in.ts';

export interface SharerEffectsOptions {
  readonly clock: Clock;
  readonly feed: (input: SharerInput) => void;
  readonly state: () => SharerState;
  readonly keep: (record: StateRecord) => void;
  readonly grants: Pick<GrantSignatures, 'sign'>;
  readonly links: Pick<SessionLinks, 'send' | 'end'>;
  readonly admit: Admit;
  readonly doorkeeper: Pick<Doorkeeper, 'verdict'>;
  readonly waysIn: Pick<WaysIn, 'invite' | 'stopMaking' | 'dropNameplate'>;
  readonly work: Pick<ShellWork, 'act'>;
  readonly agents: Pick<Agents, 'act' | 'lateAdmission' | 'facts'>;
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

/** What fails again and again, its own notice perhaps, is said once in this time, in ms. */
const FAILED_NOTICE_MS = 1000;

export function openSharerEffects(options: SharerEffectsOptions): SharerEffects {
  const { feed, links, grants, clock } = options;
  let turn: Promise<void> = Promise.resolve();
  /** What goes on beside the others. */
  const beside = new Set<Promise<void>>();
  /** Links that are being let in: what is for them waits until they are. */
  const entering = new Map<LinkId, Promise<void>>();
  let saidFailedAt = -FAILED_NOTICE_MS;

  /** [AC12] Whatever becomes of one, the next has its turn. */
  function inTurn(work: () => Promise<void> | void): void {
    turn = turn.then(work).catch(failed);
  }

  /** [AC12] Nothing waits for it but `settled`. */
  function goesOn(work: Promise<void>): void {
    const done = work.catch(failed).finally(() => beside.delete(done));
    beside.add(done);
  }

  function failed(): void {
    if (clock.monotonic() - saidFailedAt < FAILED_NOTICE_MS) return;
    saidFailedAt = clock.monotonic();
    feed({ on: 'notice', fault: 'app.failed', at: clock.now() });
  }

  function letIn(effect: Extract<SharerEffect, { do: 'admit' }>): void {
    holdBack(effect.link, options.admit(effect));
  }

  /** [KN8] Its messages come after `admitted`; a word that ends it waits for nothing. */
  function holdBack(link: LinkId, until: Promise<void>): void {
    entering.set(link, until);
    goesOn(
      until.finally(() => {
        if (entering.get(link) === until) entering.delete(link);
      }),
    );
  }

  function send({ link, message }: Extract<SharerEffect, { do: 'send' }>): void {
    const before = entering.get(link);
    if (before === undefined) return links.send(link, message);
    const said = (): void => links.send(link, message);
    holdBack(link, before.then(said, said));
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
        return inTurn(() => letIn(effect));
      default:
        return inTurn(() => performInTurn(effect));
    }
  }

  function performInTurn(
    effect: Exclude<SharerEffect, { do: 'verdict' | 'persist' | 'admit' }>,
  ): Promise<void> | void {
    switch (effect.do) {
      case 'send':
        return send(effect);
      case 'roster':
        return options.roster();
      case 'close':
        return links.end(effect.link, effect.fault);
      case 'perform':
        return perhaps(effect.actor, () => act(effect.actor, effect.author, effect.action));
      case 'dropNameplate':
        return options.waysIn.dropNameplate(effect.nameplate);
      case 'answer':
        return options.answer(effect.order, effect.outcome);
      case 'tell':
        // An invite that is still being made must not open again what has ended.
        if (effect.event.event === 'ended') options.waysIn.stopMaking();
        return options.tell(effect.event);
      default:
        return unreachable(effect);
    }
  }

  /** Whoever asked for what failed is told so. */
  function perhaps(actor: Actor, work: () => void): void {
    try {
      work();
    } catch (cause) {
      answer(actor, { ok: false, fault: 'app.failed' });
      throw cause;
    }
  }

  function act(actor: Actor, author: PublicKey, action: Action): void {
    const owner = actor.kind === 'process' || actor.owner;
    if (isAgentAction(action)) {
      // What was true when it was judged may not be so any more.
      const fault = owner ? null : judged(author, action);
      if (fault !== null) return answer(actor, { ok: false, fault });
      return options.agents.act(actor, author, action, owner);
    }
    switch (action.type) {
      case 'invite.make':
        return goesOn(invite(actor, action, owner ? 'sharer' : 'guest'));
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
    by: 'sharer' | 'guest',
  ): Promise<void> {
    const made = await options.waysIn.invite(wish, by).catch(() => err('app.failed'));
    if (!made.ok) return answer(actor, { ok: false, fault: made.fault });
    const { card, input, nameplate } = made.value;
    feed({ on: 'inviteMade', actor, card, input });
    if (nameplate !== null) {
      feed({ on: 'book', input: { on: 'nameplate', invite: card.id, nameplate } });
    }
    options.keep({ type: 'shared', until: options.state().endsAt });
  }

  async function settled(): Promise<void> {
    await turn;
    await Promise.all(beside);
  }

  return { perform, settled };
}
