// The machine of one conversation with an agent: who asks what, what the agent tells, and what is to
// be done about it. One prompt is with the agent at a time; whatever ends its turn settles all that
// is open. Knows neither processes nor documents.
import type { Step } from '../protocol/step.ts';
import { unreachable } from '../protocol/result.ts';
import { heard, woken } from './conversation-agent.ts';
import { asked } from './conversation-asks.ts';
import {
  andThen,
  type Conversation,
  type ConversationEffect,
  type ConversationInput,
  type ConversationPorts,
  type ConversationStep,
  type Typed,
} from './conversation-state.ts';
import { sendNext } from './prompt-queue.ts';

export function conversation(
  state: Conversation,
  input: ConversationInput,
  ports: ConversationPorts,
): Step<Conversation, ConversationEffect> {
  const step = andThen(reacted(state, input, ports), (s) => sendNext(s, input.at, ports));
  return andThen(step, (s) => {
    const next = withTyped(state, s);
    return [next, [...keeping(state, next), ...flushing(state, next)]];
  });
}

/** [TH36] What an agent has yet to be sent, or may be sent again, outlives the process. */
function withTyped(before: Conversation, after: Conversation): Conversation {
  const { queue, last, kept } = after;
  if (before.queue === queue && before.last === last) return after;
  const typed = [last, ...queue.map((waiting) => waiting.typed)].filter(isTyped);
  const isSame =
    kept.typed.length === typed.length && kept.typed.every((one) => typed.includes(one));
  const lastSent = last === 'none' ? 0 : last.id;
  if (isSame && kept.lastSent === lastSent) return after;
  return { ...after, kept: { ...kept, lastSent, typed } };
}

function isTyped(typed: Typed | 'none' | 'lost'): typed is Typed {
  return typeof typed === 'object';
}

function reacted(
  state: Conversation,
  input: ConversationInput,
  ports: ConversationPorts,
): ConversationStep {
  switch (input.on) {
    case 'ask':
      return asked(state, input, ports);
    case 'agent':
      return heard(state, input, ports);
    case 'wake':
      return woken(state, input, ports);
    default:
      return unreachable(input);
  }
}

function keeping(before: Conversation, after: Conversation): readonly ConversationEffect[] {
  return before.kept === after.kept ? [] : [{ do: 'keep', kept: after.kept }];
}

/** What people wait for is not joined with what comes next: turns, questions, queue, how it is. */
function flushing(before: Conversation, after: Conversation): readonly ConversationEffect[] {
  const isSame =
    before.phase.phase === after.phase.phase &&
    before.queue === after.queue &&
    before.parts.asked === after.parts.asked &&
    before.parts.turns === after.parts.turns &&
    before.parts.title === after.parts.title &&
    isQuiet(before) === isQuiet(after);
  return isSame ? [] : [{ do: 'flush' }];
}

function isQuiet({ phase }: Conversation): boolean {
  return phase.phase === 'running' && phase.quiet.is === 'quiet';
}
