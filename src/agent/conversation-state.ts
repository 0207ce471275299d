// What a conversation is and what it may ask to be done: its state, inputs and effects. The machine
// itself is conversation.ts.
import type { Action } from '../protocol/action.ts';
import type { PublicKey, ThreadId } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Step } from '../protocol/step.ts';
import type { AgentCard, QueuedPrompt, ThreadHead, ThreadStatus } from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import type { GatedEvent } from './agent-gate.ts';
import { EMPTY_PARTS, type ThreadParts } from './parts-state.ts';
import type { Limits, Spent } from './prompt-limits.ts';
import type { Mask } from './tool-content.ts';
import type { Cost } from './turn-tally.ts';

/** An agent that has not answered a cancel by then is ended by force: its turn is over for people. */
export const CANCEL_MS = 5_000;
/** Silence that people should know of: agents repeat refused requests without a word. */
export const QUIET_MS = 10_000;

export interface ConversationSetup {
  readonly thread: ThreadId;
  readonly agent: AgentCard;
  /** With ~ for home. */
  readonly directory: string;
  readonly sharer: PublicKey;
}

/** What has to outlive the process, beside the segments. */
export interface Kept {
  /** The agent's own name of its session; null while it has none. */
  readonly session: string | null;
  /** What that session had cost at the end of its last turn. */
  readonly cost: Cost | null;
  /** The highest number given to a queued prompt. */
  readonly lastQueued: number;
  /** A person gave the title. */
  readonly isNamed: boolean;
  /** Absolute: where its agent is started; null where that is not known. */
  readonly directory: string | null;
  /** The number of the prompt that was sent last; 0 while there is none. */
  readonly lastSent: number;
  /** What waits and what was sent last: people see it masked and cut, the agent gets it whole. */
  readonly typed: readonly Typed[];
}

/** A prompt as it was typed, by its number in the queue. */
export interface Typed {
  readonly id: number;
  readonly text: string;
}

/** A prompt that waits: as people see it, as it is sent, and by whose leave. */
export interface Waiting {
  readonly entry: QueuedPrompt;
  /** 'lost' where the sharer's process ended before it was kept: what is shown is not sent for it. */
  readonly typed: Typed | 'lost';
  /** Who has to be allowed to prompt: its author, or who sent it on. */
  readonly leave: PublicKey;
}

export type Quiet =
  | { readonly is: 'talking'; readonly heardAt: number; readonly wake: number }
  | { readonly is: 'quiet'; readonly since: number };

/** `agent` counts the processes of the thread. */
export type Phase =
  | { readonly phase: 'starting'; readonly agent: number }
  /** `held`: after a stop or a failure the queue waits for a word of somebody's. */
  | { readonly phase: 'idle'; readonly agent: number; readonly queue: 'goes' | 'held' }
  | { readonly phase: 'running'; readonly agent: number; readonly quiet: Quiet }
  /** A cancel was sent; `next` is what follows the turn's end. */
  | {
      readonly phase: 'stopping';
      readonly agent: number;
      readonly by: PublicKey;
      readonly wake: number;
      readonly next: 'goes' | 'held';
    }
  /** No process: there was none yet, it never got ready, or it has ended. */
  | { readonly phase: 'stopped'; readonly because: 'new' | 'notStarted' | 'ended' }
  | { readonly phase: 'closed' };

export interface Conversation {
  readonly setup: ConversationSetup;
  readonly phase: Phase;
  readonly parts: ThreadParts;
  readonly queue: readonly Waiting[];
  readonly kept: Kept;
  /** The last prompt that was sent; 'none' while there is none, or where it was lost. */
  readonly last: Typed | 'none';
  /** Processes and wakes so far. */
  readonly agents: number;
  readonly wakes: number;
}

export type ThreadAction = Extract<
  Action,
  { type: `thread.${string}` | `queue.${string}` | 'permission.answer' }
>;

export type ConversationInput =
  /** Someone entitled asks; `id` names the question in its `outcome`. */
  | {
      readonly on: 'ask';
      readonly id: number;
      readonly action: ThreadAction;
      readonly author: PublicKey;
      /** A device of the sharer's own, or its process. */
      readonly owner: boolean;
      readonly at: number;
    }
  /** `agent` is the number of the process that told it: what an ended one says is not heard. */
  | {
      readonly on: 'agent';
      readonly agent: number;
      readonly event: GatedEvent;
      readonly at: number;
    }
  | { readonly on: 'wake'; readonly wake: number; readonly at: number };

export type ConversationEffect =
  /** A process, once the one before it is gone. `resume`: a session of the agent's own. */
  | { readonly do: 'open'; readonly agent: number; readonly resume: string | null }
  | { readonly do: 'prompt'; readonly agent: number; readonly text: string }
  | { readonly do: 'cancel'; readonly agent: number }
  | {
      readonly do: 'answer';
      readonly agent: number;
      readonly request: number;
      readonly option: string;
    }
  | { readonly do: 'withdraw'; readonly agent: number; readonly request: number }
  | {
      readonly do: 'configure';
      readonly agent: number;
      readonly option: string;
      readonly value: string;
    }
  | { readonly do: 'close'; readonly agent: number }
  | { readonly do: 'wakeLater'; readonly wake: number; readonly afterMs: number }
  | { readonly do: 'keep'; readonly kept: Kept }
  | { readonly do: 'outcome'; readonly id: number; readonly outcome: Outcome }
  /** People wait for what has changed: it is not to be joined with what comes next. */
  | { readonly do: 'flush' };

/** What a step asks of the world. */
export interface ConversationPorts {
  /** Hides secrets and the home directory in a whole text. */
  readonly mask: Mask;
  readonly limits: { readonly person: Limits; readonly thread: Limits };
  /** What a person used in other threads. */
  readonly spentElsewhere: (author: PublicKey) => Spent;
  /** [TH29] Asked when a prompt is about to be sent: grants and modes change while it waits. */
  readonly mayPrompt: (author: PublicKey, actsAlone: boolean) => boolean;
}

export type ConversationStep = Step<Conversation, ConversationEffect>;
export type Ask = Extract<ConversationInput, { on: 'ask' }>;

export const NOTHING_KEPT: Kept = {
  session: null,
  cost: null,
  lastQueued: 0,
  isNamed: false,
  directory: null,
  lastSent: 0,
  typed: [],
};

/** It begins with its first question: `thread.start`. */
export function newConversation(setup: ConversationSetup, kept: Kept): Conversation {
  return {
    setup,
    phase: { phase: 'stopped', because: 'new' },
    parts: EMPTY_PARTS,
    queue: [],
    kept,
    last: 'none',
    agents: 0,
    wakes: 0,
  };
}

/** One step after another: the effects in order. */
export function andThen(
  [state, effects]: ConversationStep,
  next: (state: Conversation) => ConversationStep,
): ConversationStep {
  const [after, more] = next(state);
  return [after, [...effects, ...more]];
}

export function threadStatus({ phase, parts }: Conversation): ThreadStatus {
  switch (phase.phase) {
    case 'running':
      return parts.asked.size > 0 ? 'waiting' : 'running';
    case 'stopping':
      return 'running';
    case 'starting':
    case 'idle':
    case 'stopped':
    case 'closed':
      return phase.phase;
    default:
      return unreachable(phase);
  }
}

/** How it is now, with all that was ever given. */
export function threadHead(conversation: Conversation): ThreadHead {
  const { phase, parts } = conversation;
  const isQuiet = phase.phase === 'running' && phase.quiet.is === 'quiet';
  return {
    title: parts.title,
    status: threadStatus(conversation),
    turn: parts.turn.is === 'running' ? parts.turns : 0,
    turnBy: parts.turn.is === 'running' ? parts.turn.by : null,
    turnSince: parts.turn.is === 'running' ? parts.turn.since : null,
    quietSince: isQuiet && phase.quiet.is === 'quiet' ? phase.quiet.since : null,
    actsAlone: parts.actsAlone,
    context: parts.context,
  };
}
