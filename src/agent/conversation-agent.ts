// What an agent's events and silences do to its conversation. Part of the machine in conversation.ts.
import type { TurnEnd } from '../protocol/thread.ts';
import { unreachable } from '../protocol/result.ts';
import type { SignInWays } from './agent-event.ts';
import type { GatedEvent } from './agent-gate.ts';
import {
  QUIET_MS,
  andThen,
  type Conversation,
  type ConversationInput,
  type ConversationPorts,
  type ConversationStep,
} from './conversation-state.ts';
import { ended, opened, stillTalking, turnOver, withNotice } from './conversation-turn.ts';
import { exitDetail, signInWays, type AgentNotice } from './notices.ts';
import type { At } from './parts-state.ts';
import { withContents } from './parts-state.ts';
import { threadParts } from './thread-parts.ts';
import { shownWays } from './tool-content.ts';

type Told = Extract<ConversationInput, { on: 'agent' }>;
type EventOf<K extends GatedEvent['on']> = Extract<GatedEvent, { on: K }>;

export function heard(
  state: Conversation,
  input: Told,
  ports: ConversationPorts,
): ConversationStep {
  const { phase } = state;
  // [TH21] A process that was ended or replaced is not heard any more.
  if (phase.phase === 'stopped' || phase.phase === 'closed') return [state, []];
  if (phase.agent !== input.agent) return [state, []];
  const at = { at: input.at, mask: ports.mask };
  const [next, effects] = told(state, input.event, at);
  return andThen([next, effects], (s) => stillTalking(s, input.at));
}

function told(state: Conversation, event: GatedEvent, at: At): ConversationStep {
  switch (event.on) {
    case 'ready':
      return ready(state, event, at);
    case 'signIn':
      return wantsSignIn(state, event.ways, '', at);
    case 'failed':
      return gone(state, FAILED[event.because], event.detail, at);
    case 'exited': {
      const isReady = state.phase.phase !== 'starting';
      return gone(state, isReady ? 'agent.exited' : 'agent.exitedAtStart', exitDetail(event), at);
    }
    case 'turnEnded':
      return turnEnds(state, { reason: event.stop, tokens: event.tokens }, at);
    case 'turnFailed':
      return turnFails(state, event, at);
    case 'permission':
      return asks(state, event, at);
    case 'options':
    case 'commands':
    case 'title':
    case 'context':
    case 'counted':
    case 'notice':
    case 'unknown':
      return [{ ...state, parts: threadParts(state.parts, event, at) }, []];
    case 'answer':
    case 'thought':
    case 'tool':
    case 'output':
    case 'outputEnd':
    case 'plan':
    case 'permissionGone':
    case 'compaction':
      // What an agent tells before it is ready is its history: we have our own.
      if (state.phase.phase === 'starting') return [state, []];
      return [{ ...state, parts: threadParts(state.parts, event, at) }, []];
    default:
      return unreachable(event);
  }
}

function ready(state: Conversation, event: EventOf<'ready'>, at: At): ConversationStep {
  const { phase, kept } = state;
  if (phase.phase !== 'starting') return [state, []];
  const forgot = !event.resumed && state.parts.turns > 0;
  const base = forgot ? withNotice(state, 'agent.forgot', '', at) : state;
  const costSeen = event.resumed ? (kept.cost ?? 'unknown') : 'nothing';
  const parts = { ...threadParts(base.parts, event, at), costSeen } as const;
  return [
    {
      ...base,
      parts,
      kept: { ...kept, session: event.session, cost: event.resumed ? kept.cost : null },
      phase: { phase: 'idle', agent: phase.agent, queue: 'goes' },
    },
    [],
  ];
}

function wantsSignIn(
  state: Conversation,
  offered: SignInWays,
  message: string,
  at: At,
): ConversationStep {
  const ways = signInWays(offered);
  const detail = [message, ways.names].filter((words) => words !== '').join(' ');
  const base = withNotice(state, 'agent.signIn', detail, at);
  const contents = shownWays(ways.json, at.mask);
  const noticed = { ...base, parts: withContents(base.parts, contents) };
  return signedOut(noticed, at);
}

/** It is of no use before someone has signed in: a restart begins it anew. */
function signedOut(state: Conversation, at: At): ConversationStep {
  const { phase } = state;
  if (phase.phase === 'stopped' || phase.phase === 'closed') return [state, []];
  const isStarting = phase.phase === 'starting';
  const by = phase.phase === 'stopping' ? phase.by : null;
  const reason = phase.phase === 'stopping' ? 'cancelled' : 'failed';
  const over = turnOver(state, { reason, by, tokens: null }, at);
  return andThen(over, (s) => [
    { ...s, phase: { phase: 'stopped', because: isStarting ? 'notStarted' : 'ended' } },
    [{ do: 'close', agent: phase.agent }],
  ]);
}

const FAILED: { readonly [B in EventOf<'failed'>['because']]: AgentNotice } = {
  missing: 'agent.missing',
  noDirectory: 'agent.noDirectory',
  exited: 'agent.exitedAtStart',
  refused: 'agent.refused',
  silent: 'agent.silentAtStart',
  tooOld: 'agent.tooOld',
  garbage: 'agent.garbage',
  flood: 'agent.flood',
};

/** [TH25] No process any more. What waits goes on waiting; what was sent on is sent by the next one. */
function gone(state: Conversation, code: AgentNotice, detail: string, at: At): ConversationStep {
  const { phase } = state;
  const noticed = withNotice(state, code, detail, at);
  if (phase.phase === 'stopping') {
    const over = turnOver(noticed, { reason: 'cancelled', by: phase.by, tokens: null }, at);
    return andThen(over, (s) => (phase.next === 'goes' ? opened(s) : [withEnded(s), []]));
  }
  const over = turnOver(noticed, { reason: 'exited', by: null, tokens: null }, at);
  const because = phase.phase === 'starting' ? 'notStarted' : 'ended';
  return andThen(over, (s) => [{ ...s, phase: { phase: 'stopped', because } }, []]);
}

function withEnded(state: Conversation): Conversation {
  return { ...state, phase: { phase: 'stopped', because: 'ended' } };
}

/** [TH22] After our own cancel whatever the agent answers, an error too, is a turn that was stopped. */
function turnEnds(
  state: Conversation,
  { reason, tokens }: { readonly reason: TurnEnd; readonly tokens: EventOf<'turnEnded'>['tokens'] },
  at: At,
): ConversationStep {
  const { phase } = state;
  if (phase.phase === 'running') {
    return andThen(turnOver(state, { reason, by: null, tokens }, at), (s) => [
      { ...s, phase: { phase: 'idle', agent: phase.agent, queue: 'goes' } },
      [],
    ]);
  }
  if (phase.phase !== 'stopping') return [state, []];
  const { agent, by, next } = phase;
  return andThen(turnOver(state, { reason: 'cancelled', by, tokens }, at), (s) => [
    { ...s, phase: { phase: 'idle', agent, queue: next } },
    [],
  ]);
}

function turnFails(state: Conversation, event: EventOf<'turnFailed'>, at: At): ConversationStep {
  const { phase } = state;
  if (phase.phase === 'stopping') return turnEnds(state, { reason: 'cancelled', tokens: null }, at);
  if (phase.phase !== 'running') return [state, []];
  if (event.signIn) return wantsSignIn(state, event.ways, event.message, at);
  const noticed = withNotice(state, 'turn.failed', event.message, at);
  return andThen(turnOver(noticed, { reason: 'failed', by: null, tokens: null }, at), (s) => [
    { ...s, phase: { phase: 'idle', agent: phase.agent, queue: 'held' } },
    [],
  ]);
}

/** [TH18] A question that cannot wait for anyone is taken back at once. */
function asks(state: Conversation, event: EventOf<'permission'>, at: At): ConversationStep {
  const { phase } = state;
  if (phase.phase === 'stopped' || phase.phase === 'closed') return [state, []];
  const withdraw = { do: 'withdraw', agent: phase.agent, request: event.request } as const;
  if (phase.phase === 'starting') return [state, [withdraw]];
  const known = [...state.parts.asked.values()].some(({ request }) => request === event.request);
  if (known) return [state, []];
  const parts = threadParts(state.parts, event, at);
  const isOpen = [...parts.asked.values()].some(({ request }) => request === event.request);
  if (!isOpen) return [{ ...state, parts }, [withdraw]];
  if (phase.phase === 'running') return [{ ...state, parts }, []];
  const gone = threadParts(parts, { on: 'permissionGone', request: event.request }, at);
  return [{ ...state, parts: gone }, [withdraw]];
}

export function woken(
  state: Conversation,
  { wake, at }: Extract<ConversationInput, { on: 'wake' }>,
  ports: ConversationPorts,
): ConversationStep {
  const { phase } = state;
  if (phase.phase === 'stopping' && phase.wake === wake) {
    // [TH23] It did not answer the cancel.
    const here = { at, mask: ports.mask };
    const forced = ended(withNotice(state, 'agent.forced', '', here), phase.by, here);
    return phase.next === 'goes' ? andThen(forced, opened) : forced;
  }
  if (phase.phase !== 'running' || phase.quiet.is !== 'talking' || phase.quiet.wake !== wake) {
    return [state, []];
  }
  // [TH24] While a question waits it is people who are silent.
  const waits = state.parts.asked.size > 0;
  const heardAt = waits ? at : phase.quiet.heardAt;
  const left = Math.min(QUIET_MS, QUIET_MS - (at - heardAt));
  if (left <= 0) {
    return [{ ...state, phase: { ...phase, quiet: { is: 'quiet', since: heardAt } } }, []];
  }
  const next = state.wakes + 1;
  return [
    { ...state, wakes: next, phase: { ...phase, quiet: { is: 'talking', heardAt, wake: next } } },
    [{ do: 'wakeLater', wake: next, afterMs: left }],
  ];
}
