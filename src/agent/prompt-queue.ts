// Prompts on their way to the agent: who waits, who is next, what keeps one back. Part of the
// machine in conversation.ts.
import type { PublicKey } from '../protocol/ids.ts';
import { PROMPT_BYTES_MAX } from '../protocol/thread.ts';
import {
  QUIET_MS,
  type Conversation,
  type ConversationPorts,
  type ConversationStep,
  type Typed,
  type Waiting,
} from './conversation-state.ts';
import type { AgentNotice } from './notices.ts';
import { allParts } from './part-list.ts';
import { isFull, notedOnce } from './parts-state.ts';
import { reachedLimit, type Reached, type Spent } from './prompt-limits.ts';
import { cutMiddle, safeText } from './safe-text.ts';
import type { Mask } from './tool-content.ts';
import { turnBegun } from './thread-turns.ts';
import { NO_USAGE, threadUsage, usageSum } from './usage.ts';

/** As everyone may read it. What it hides, the agent still gets. */
export function shownPrompt(text: string, mask: Mask): string {
  return cutMiddle(mask(text), PROMPT_BYTES_MAX).text;
}

export interface NewPrompt {
  readonly text: string;
  readonly author: PublicKey;
  readonly at: number;
}

/** Behind all others, or before them. */
export function enqueued(
  state: Conversation,
  prompt: NewPrompt,
  mask: Mask,
  place: 'first' | 'last' = 'last',
): Conversation {
  const id = state.kept.lastQueued + 1;
  const text = safeText(prompt.text);
  const { author, at } = prompt;
  const rank = place === 'last' ? (state.queue.at(-1)?.entry.rank ?? -1) + 1 : 0;
  const entry = { id, author, text: shownPrompt(text, mask), at, rank };
  const waiting = { entry, typed: { id, text }, leave: author };
  const queue = place === 'last' ? [...state.queue, waiting] : [waiting, ...state.queue];
  return { ...state, queue: ranked(queue), kept: { ...state.kept, lastQueued: id } };
}

/** [TH33] An entry stays in its segment wherever it is moved to: readers have its place from its rank. */
export function ranked(queue: readonly Waiting[]): readonly Waiting[] {
  const ranks = queue.map(({ entry }) => entry.rank);
  if (ranks.every((rank, at) => at === 0 || rank > (ranks[at - 1] ?? 0))) return queue;
  return queue.map((waiting, rank) => ({ ...waiting, entry: { ...waiting.entry, rank } }));
}

/** [TH20] The next prompt that may be sent, where no turn runs and the queue is not held. */
export function sendNext(
  state: Conversation,
  at: number,
  ports: ConversationPorts,
): ConversationStep {
  const { phase } = state;
  if (phase.phase !== 'idle' || phase.queue === 'held' || isFull(state.parts)) return [state, []];
  let parts = state.parts;
  for (const waiting of state.queue) {
    const { typed } = waiting;
    const hindrance = typed === 'lost' ? 'lost' : hindranceOf(state, waiting, ports);
    if (typed !== 'lost' && hindrance === 'none') {
      return sent({ ...state, parts }, { waiting, typed }, at, ports.mask);
    }
    const [code, detail] = hindranceWords(hindrance, parts.actsAlone);
    parts = notedOnce(parts, code, detail, { at, mask: ports.mask });
  }
  return [parts === state.parts ? state : { ...state, parts }, []];
}

function hindranceWords(
  hindrance: 'none' | 'lost' | 'noLeave' | Reached,
  actsAlone: boolean,
): readonly [AgentNotice, string] {
  if (hindrance === 'noLeave') return [actsAlone ? 'queue.noLeave' : 'queue.notAllowed', ''];
  if (typeof hindrance === 'object') return ['limit.reached', hindrance.sentence];
  return ['queue.lost', ''];
}

function sent(
  state: Conversation,
  { waiting, typed }: { readonly waiting: Waiting; readonly typed: Typed },
  at: number,
  mask: Mask,
): ConversationStep {
  const { phase } = state;
  if (phase.phase !== 'idle') return [state, []];
  const { agent } = phase;
  const wake = state.wakes + 1;
  const prompt = { author: waiting.entry.author, text: typed.text };
  return [
    {
      ...state,
      phase: { phase: 'running', agent, quiet: { is: 'talking', heardAt: at, wake } },
      parts: turnBegun(state.parts, prompt, { at, mask }),
      queue: state.queue.filter((one) => one !== waiting),
      last: typed,
      wakes: wake,
    },
    [
      { do: 'prompt', agent, text: typed.text },
      { do: 'wakeLater', wake, afterMs: QUIET_MS },
    ],
  ];
}

function hindranceOf(
  state: Conversation,
  { entry, leave }: Waiting,
  ports: ConversationPorts,
): 'none' | 'noLeave' | Reached {
  if (!ports.mayPrompt(leave, state.parts.actsAlone)) return 'noLeave';
  // What the sharer sends on is the sharer's to weigh.
  const payer = leave === state.setup.sharer ? leave : entry.author;
  return limitFor(state, payer, ports, { queued: false });
}

/** [TH28] `queued`: what waits counts as sent, so that nobody queues up more than the limit. */
export function limitFor(
  state: Conversation,
  author: PublicKey,
  ports: ConversationPorts,
  { queued }: { readonly queued: boolean },
): 'none' | Reached {
  const { all, by, prompts, promptsBy } = threadUsage(allParts(state.parts.list));
  const own = state.queue.filter(({ entry }) => entry.author === author).length;
  const thread: Spent = { prompts: prompts + (queued ? state.queue.length : 0), usage: all };
  const ofThread = reachedLimit('thread', ports.limits.thread, thread);
  if (ofThread !== 'none' || author === state.setup.sharer) return ofThread;
  const elsewhere = ports.spentElsewhere(author);
  return reachedLimit('person', ports.limits.person, {
    prompts: (promptsBy.get(author) ?? 0) + elsewhere.prompts + (queued ? own : 0),
    usage: usageSum([by.get(author) ?? NO_USAGE, elsewhere.usage]),
  });
}

/** [TH21] A word of somebody's lets the queue go on. */
export function released(state: Conversation): Conversation {
  const { phase } = state;
  return phase.phase === 'idle' && phase.queue === 'held'
    ? { ...state, phase: { ...phase, queue: 'goes' } }
    : state;
}
