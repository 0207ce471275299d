// What people ask of a conversation, each with its answer. Whether they may is decided before,
// where rights are known; whose entry it is and what 'always' means is looked at here once more.
// Part of the machine in conversation.ts.
import type { Fault } from '../protocol/faults.ts';
import { PROMPT_QUEUE_MAX } from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import { done, refused } from './ask-outcome.ts';
import {
  andThen,
  type Ask,
  type Conversation,
  type ConversationPorts,
  type ConversationStep,
  type ThreadAction,
} from './conversation-state.ts';
import { cancelled, ended, opened, stillTalking } from './conversation-turn.ts';
import { isFull, notedOnce } from './parts-state.ts';
import { enqueued, limitFor, released, sendNext } from './prompt-queue.ts';
import { arranges, edits, sendsNow } from './queue-asks.ts';
import { safeText } from './safe-text.ts';
import { ownId } from './thread-menu.ts';
import { titled } from './thread-parts.ts';
import { lastEnd } from './thread-turns.ts';
import { answered, given } from './tool-cards.ts';

type Of<T extends ThreadAction['type']> = Extract<ThreadAction, { type: T }>;

export function asked(state: Conversation, ask: Ask, ports: ConversationPorts): ConversationStep {
  const { action } = ask;
  if (state.phase.phase === 'closed') return refused(state, ask, 'thread.closed');
  switch (action.type) {
    case 'thread.start':
      return starts(state, ask, action, ports);
    case 'thread.prompt':
      return prompts(state, ask, action.text, ports);
    case 'thread.stop':
      return stops(state, ask, ports);
    case 'thread.retry':
      return retries(state, ask, ports);
    case 'thread.restart':
      return done(restarted(state, ask, ports), ask);
    case 'thread.rename':
      return renames(state, ask, action, ports);
    case 'thread.close':
      return closes(state, ask, ports);
    case 'queue.edit':
      return edits(state, ask, action, ports);
    case 'queue.remove':
    case 'queue.move':
      return arranges(state, ask, action);
    case 'queue.sendNow':
      return sendsNow(state, ask, action, ports);
    case 'permission.answer':
      return answers(state, ask, action, ports);
    case 'thread.configure':
      return configures(state, ask, action, ports);
    default:
      return unreachable(action);
  }
}

function starts(
  state: Conversation,
  ask: Ask,
  action: Of<'thread.start'>,
  ports: ConversationPorts,
): ConversationStep {
  const { phase } = state;
  if (phase.phase !== 'stopped' || phase.because !== 'new') {
    return refused(state, ask, 'action.gone');
  }
  if (action.prompt === undefined) return done(opened(state), ask);
  return prompts(state, ask, action.prompt, ports);
}

/** [TH20] Sent where nothing runs; else it waits, and its number is told. */
function prompts(
  state: Conversation,
  ask: Ask,
  text: string,
  ports: ConversationPorts,
): ConversationStep {
  const { author, at } = ask;
  const fault = hindranceOf(state, ask, text, ports);
  if (fault.fault !== 'none') return refused(fault.state, ask, fault.fault, fault.sum);
  const { phase } = state;
  const isFirst = phase.phase === 'idle' && phase.queue === 'held';
  const place = isFirst ? 'first' : 'last';
  const queued = released(enqueued(state, { text, author, at }, ports.mask, place));
  const number = queued.kept.lastQueued;
  const started = phase.phase === 'stopped' ? opened(queued) : sendNext(queued, at, ports);
  return andThen(started, (s) => {
    const waits = s.queue.some(({ entry }) => entry.id === number);
    const outcome = waits ? ({ ok: true, queued: number } as const) : ({ ok: true } as const);
    return [s, [{ do: 'outcome', id: ask.id, outcome }]];
  });
}

interface Hindrance {
  readonly fault: Fault | 'none';
  /** A limit says its sum in the thread too. */
  readonly state: Conversation;
  readonly sum?: string;
}

/** [TH28] Why nothing more may be asked. */
function hindranceOf(
  state: Conversation,
  { author, at }: Ask,
  text: string,
  ports: ConversationPorts,
): Hindrance {
  if (safeText(text).trim() === '') return { fault: 'action.malformed', state };
  if (isFull(state.parts)) return { fault: 'thread.full', state };
  if (state.queue.length >= PROMPT_QUEUE_MAX) return { fault: 'thread.queueFull', state };
  const limit = limitFor(state, author, ports, { queued: true });
  if (limit === 'none') return { fault: 'none', state };
  const here = { at, mask: ports.mask };
  const parts = notedOnce(state.parts, 'limit.reached', limit.sentence, here);
  return { fault: limit.fault, sum: limit.sentence, state: { ...state, parts } };
}

/** [TH22] The turn ends, and the queue waits for a word; a process that is starting is ended. */
function stops(state: Conversation, ask: Ask, ports: ConversationPorts): ConversationStep {
  const { phase } = state;
  switch (phase.phase) {
    case 'running':
      return done(cancelled(state, ask.author, 'held'), ask);
    case 'stopping':
      return done([{ ...state, phase: { ...phase, next: 'held' } }, []], ask);
    case 'starting':
      return done(
        andThen(ended(state, ask.author, { at: ask.at, mask: ports.mask }), (s) => [
          { ...s, phase: { phase: 'stopped', because: 'notStarted' } },
          [],
        ]),
        ask,
      );
    case 'idle':
    case 'stopped':
    case 'closed':
      return refused(state, ask, 'action.gone');
    default:
      return unreachable(phase);
  }
}

/** [TH26] The last prompt once more, by who asks; where none got so far, the start once more. */
function retries(state: Conversation, ask: Ask, ports: ConversationPorts): ConversationStep {
  const { phase } = state;
  if (phase.phase !== 'idle' && phase.phase !== 'stopped') {
    return refused(state, ask, 'thread.busy');
  }
  if (phase.phase === 'stopped' && phase.because === 'notStarted') return done(opened(state), ask);
  const end = lastEnd(state.parts);
  const { last } = state;
  if (last === 'none' || end === 'none' || end === 'end_turn') {
    return refused(state, ask, 'action.gone');
  }
  const hindrance = hindranceOf(state, ask, last.text, ports);
  const { fault, sum } = hindrance;
  if (fault !== 'none') return refused(hindrance.state, ask, fault, sum);
  const prompt = { text: last.text, author: ask.author, at: ask.at };
  const queued = released(enqueued(state, prompt, ports.mask, 'first'));
  return done(phase.phase === 'stopped' ? opened(queued) : sendNext(queued, ask.at, ports), ask);
}

function restarted(state: Conversation, ask: Ask, ports: ConversationPorts): ConversationStep {
  return andThen(ended(state, ask.author, { at: ask.at, mask: ports.mask }), opened);
}

function renames(
  state: Conversation,
  ask: Ask,
  { title }: Of<'thread.rename'>,
  ports: ConversationPorts,
): ConversationStep {
  const named = { ...state.parts, isNamed: true };
  const parts = titled(named, title, { at: ask.at, mask: ports.mask });
  if (safeText(title).trim() === '') return refused(state, ask, 'action.malformed');
  const kept = state.kept.isNamed ? state.kept : { ...state.kept, isNamed: true };
  return done([{ ...state, parts, kept }, []], ask);
}

function closes(state: Conversation, ask: Ask, ports: ConversationPorts): ConversationStep {
  const over = ended(state, ask.author, { at: ask.at, mask: ports.mask });
  return done(
    andThen(over, (s) => [{ ...s, queue: [], last: 'none', phase: { phase: 'closed' } }, []]),
    ask,
  );
}

/** [TH30] The first answer wins; the next finds the question gone. 'Always' is the sharer's. */
function answers(
  state: Conversation,
  ask: Ask,
  { part, option }: Of<'permission.answer'>,
  { mask }: ConversationPorts,
): ConversationStep {
  const { phase } = state;
  const question = state.parts.asked.get(part);
  if (question === undefined || phase.phase !== 'running') {
    return refused(state, ask, 'action.gone');
  }
  const own = ownId(
    question.options.map(({ id }) => id),
    option,
    mask,
  );
  const chosen = question.options.find(({ id }) => id === own);
  if (chosen === undefined) return refused(state, ask, 'action.gone');
  const isAlways = chosen.kind === 'allow_always' || chosen.kind === 'reject_always';
  if (isAlways && !ask.owner) return refused(state, ask, 'permission.always');
  const parts = answered(state.parts, part, given(option, ask.author, ask.at));
  const { agent } = phase;
  const { request } = question;
  const told = stillTalking({ ...state, parts }, ask.at);
  return done(
    andThen(told, (s) => [s, [{ do: 'answer', agent, request, option: chosen.id }]]),
    ask,
  );
}

function configures(
  state: Conversation,
  ask: Ask,
  { option, value }: Of<'thread.configure'>,
  { mask }: ConversationPorts,
): ConversationStep {
  const { phase, parts } = state;
  if (phase.phase === 'starting' || phase.phase === 'stopped' || phase.phase === 'closed') {
    return refused(state, ask, 'thread.notRunning');
  }
  const { options } = parts.offer;
  const own = ownId(
    options.map(({ id }) => id),
    option,
    mask,
  );
  const choices = options.find(({ id }) => id === own)?.choices ?? [];
  const chosen = ownId(
    choices.map((choice) => choice.value),
    value,
    mask,
  );
  if (own === undefined || chosen === undefined) return refused(state, ask, 'action.gone');
  const { agent } = phase;
  const asked = { ...parts, chosen: new Map(parts.chosen).set(own, chosen) };
  return done(
    [{ ...state, parts: asked }, [{ do: 'configure', agent, option: own, value: chosen }]],
    ask,
  );
}
