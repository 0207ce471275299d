// What may be asked of an agent thread beside what the table NEEDS says: by whether the thread
// acts without asking, whose queue entry it is, what an answer would mean. Knows no conversation.
import type { Action } from '../protocol/action.ts';
import type { Capabilities } from '../protocol/capability.ts';
import type { Fault } from '../protocol/faults.ts';
import type { PublicKey, ThreadId } from '../protocol/ids.ts';
import type { PermissionOption } from '../protocol/thread.ts';
import { may } from './grants.ts';

/** One thread as it is at this moment. */
export interface ThreadFacts {
  /** Its agent does what it likes, without asking anyone. */
  readonly actsAlone: boolean;
  /** Who put each entry into its queue, by the entry's number. */
  readonly queued: ReadonlyMap<number, PublicKey>;
  /** What each permission offers, by its part: by an option's id. */
  readonly offered: ReadonlyMap<number, ReadonlyMap<string, PermissionOption['kind']>>;
}

/** Asked for by name, as most actions have nothing to do with agents. */
export interface AgentFacts {
  readonly threads: Pick<ReadonlyMap<ThreadId, ThreadFacts>, 'get'>;
  /** Agents, by id, that would act alone in a new thread. */
  readonly alone: Pick<ReadonlySet<string>, 'has'>;
}

export const NO_AGENTS: AgentFacts = { threads: new Map(), alone: new Set() };

export interface Asker {
  readonly key: PublicKey;
  readonly held: Capabilities;
}

type Judge<T extends Action['type']> = (
  asker: Asker,
  action: Extract<Action, { type: T }>,
  facts: AgentFacts,
) => Fault | null;

export type AgentAction = Extract<
  Action,
  { type: `thread.${string}` | `queue.${string}` | 'permission.answer' }
>;

/** [TR7] For one who is not the sharer and holds what NEEDS asks for. An action missing here does not compile. */
const JUDGES: { readonly [T in AgentAction['type']]: Judge<T> } = {
  'thread.start': (asker, { agent }, { alone }) => runs(asker, alone.has(agent)),
  'thread.prompt': (asker, { thread }, facts) => runs(asker, actsAlone(facts, thread)),
  'thread.retry': (asker, { thread }, facts) => runs(asker, actsAlone(facts, thread)),
  'thread.restart': (asker, { thread }, facts) => runs(asker, actsAlone(facts, thread)),
  'thread.stop': () => null,
  'thread.rename': () => null,
  'thread.close': () => null,
  // Another mode or model may ask for less: as much as running what one likes.
  'thread.configure': (asker) => runs(asker, true),
  'queue.edit': (asker, action, facts) => ownEntry(asker, action, facts),
  'queue.remove': (asker, action, facts) => ownEntry(asker, action, facts),
  'queue.move': (asker, action, facts) => ownEntry(asker, action, facts),
  'queue.sendNow': (asker, action, facts) =>
    ownEntry(asker, action, facts) ?? runs(asker, actsAlone(facts, action.thread)),
  'permission.answer': (_, { thread, part, option }, { threads }) => {
    const kind = threads.get(thread)?.offered.get(part)?.get(option);
    return kind === 'allow_always' || kind === 'reject_always' ? 'permission.always' : null;
  },
};

export function isAgentAction(action: Action): action is AgentAction {
  return Object.hasOwn(JUDGES, action.type);
}

/** Why not; null where nothing is against it. What is not there is for the conversation to say. */
export function agentFault(asker: Asker, action: AgentAction, facts: AgentFacts): Fault | null {
  return judged(action.type, asker, action, facts);
}

function judged<T extends AgentAction['type']>(
  type: T,
  asker: Asker,
  action: Extract<Action, { type: T }>,
  facts: AgentFacts,
): Fault | null {
  return JUDGES[type](asker, action, facts);
}

/** [TR8] Whether a prompt of this author's may go to an agent now: asked again when it leaves the queue. */
export function mayPrompt(held: Capabilities, isAlone: boolean): boolean {
  return may(held, 'view') && may(held, 'prompt') && (!isAlone || mayRun(held));
}

function runs({ held }: Asker, isAlone: boolean): Fault | null {
  return !isAlone || mayRun(held) ? null : 'thread.actsAlone';
}

/** An agent that acts without asking runs what it likes. */
function mayRun(held: Capabilities): boolean {
  return may(held, 'run') && may(held, 'approve');
}

function actsAlone(facts: AgentFacts, thread: ThreadId): boolean {
  return facts.threads.get(thread)?.actsAlone === true;
}

function ownEntry(
  { key }: Asker,
  { thread, id }: { readonly thread: ThreadId; readonly id: number },
  facts: AgentFacts,
): Fault | null {
  const author = facts.threads.get(thread)?.queued.get(id);
  return author === undefined || author === key ? null : 'thread.notYours';
}
