// What people ask of entries of the queue: another text, another place, out, or now. Whose entry it
// is is looked at here. Part of the machine in conversation.ts.
import type { Fault } from '../protocol/faults.ts';
import { unreachable } from '../protocol/result.ts';
import { done, refused } from './ask-outcome.ts';
import type {
  Ask,
  Conversation,
  ConversationPorts,
  ConversationStep,
  ThreadAction,
  Waiting,
} from './conversation-state.ts';
import { cancelled, opened } from './conversation-turn.ts';
import { ranked, released, sendNext, shownPrompt } from './prompt-queue.ts';
import { safeText } from './safe-text.ts';

type Of<T extends ThreadAction['type']> = Extract<ThreadAction, { type: T }>;

type Found = { readonly fault: 'none'; readonly waiting: Waiting } | { readonly fault: Fault };

/** One's own entry; the sharer's devices any. */
function entryFor(state: Conversation, ask: Ask, id: number): Found {
  const waiting = state.queue.find(({ entry }) => entry.id === id);
  if (waiting === undefined) return { fault: 'action.gone' };
  if (!ask.owner && waiting.entry.author !== ask.author) return { fault: 'thread.notYours' };
  return { fault: 'none', waiting };
}

/** Who wrote it last is its author: nobody is made to say what another wrote. */
export function edits(
  state: Conversation,
  ask: Ask,
  { id, text }: Of<'queue.edit'>,
  { mask }: ConversationPorts,
): ConversationStep {
  const found = entryFor(state, ask, id);
  if (found.fault !== 'none') return refused(state, ask, found.fault);
  const safe = safeText(text);
  if (safe.trim() === '') return refused(state, ask, 'action.malformed');
  const entry = { ...found.waiting.entry, author: ask.author, text: shownPrompt(safe, mask) };
  const edited = { entry, typed: { id, text: safe }, leave: ask.author };
  const queue = state.queue.map((one) => (one === found.waiting ? edited : one));
  return done([{ ...state, queue }, []], ask);
}

export function arranges(
  state: Conversation,
  ask: Ask,
  action: Of<'queue.remove' | 'queue.move'>,
): ConversationStep {
  const found = entryFor(state, ask, action.id);
  if (found.fault !== 'none') return refused(state, ask, found.fault);
  const others = state.queue.filter((one) => one !== found.waiting);
  const queue =
    action.type === 'queue.remove'
      ? others
      : others.toSpliced(Math.min(action.to, others.length), 0, found.waiting);
  return done([{ ...state, queue: ranked(queue) }, []], ask);
}

/** [TH27] Before all others, by leave of who says so; a turn that runs is ended first. */
export function sendsNow(
  state: Conversation,
  ask: Ask,
  { id }: Of<'queue.sendNow'>,
  ports: ConversationPorts,
): ConversationStep {
  const found = entryFor(state, ask, id);
  if (found.fault !== 'none') return refused(state, ask, found.fault);
  if (found.waiting.typed === 'lost') return refused(state, ask, 'thread.promptLost');
  const { phase } = state;
  const first = { ...found.waiting, leave: ask.author };
  const queue = ranked([first, ...state.queue.filter((one) => one !== found.waiting)]);
  const next = released({ ...state, queue });
  switch (phase.phase) {
    case 'running':
      return done(cancelled(next, ask.author, 'goes'), ask);
    case 'stopping':
      return done([{ ...next, phase: { ...phase, next: 'goes' } }, []], ask);
    case 'starting':
      return done([next, []], ask);
    case 'stopped':
      return done(opened(next), ask);
    case 'idle':
      return done(sendNext(next, ask.at, ports), ask);
    case 'closed':
      return refused(state, ask, 'thread.closed');
    default:
      return unreachable(phase);
  }
}
