// A conversation on a stage: people ask, an agent tells, time passes when it is told to. The
// machine's own driver is left out: each effect is written down in order.
import * as v from 'valibot';
import type { AgentEvent } from '../../../src/agent/agent-event.ts';
import { openAgentGate, type GateMasking } from '../../../src/agent/agent-gate.ts';
import type {
  ConversationEffect,
  ConversationInput,
  ConversationPorts,
  ThreadAction,
} from '../../../src/agent/conversation-state.ts';
import { NO_LIMITS, type Limits } from '../../../src/agent/prompt-limits.ts';
import {
  cutThread,
  lateAdmission,
  newThread,
  segmentsOf,
  thread,
  type LiveThread,
} from '../../../src/agent/segments.ts';
import { allParts } from '../../../src/agent/part-list.ts';
import { threadHead } from '../../../src/agent/conversation-state.ts';
import { NO_USAGE } from '../../../src/agent/usage.ts';
import { PublicKey, ThreadId } from '../../../src/protocol/ids.ts';
import type { Outcome } from '../../../src/protocol/message.ts';
import type { Part, PartHead, PartKind, Segment } from '../../../src/protocol/thread.ts';

const person = (name: string): PublicKey => v.parse(PublicKey, `${name.padEnd(42, '-')}A`);
export const Sam = person('Sam');
export const Alice = person('Alice');
export const Bob = person('Bob');
export const THREAD = v.parse(ThreadId, 'thread----A');

export const SETUP = {
  thread: THREAD,
  agent: { id: 'demo', name: 'Demo agent (no model)', kind: 'demo' },
  directory: '~/work',
  sharer: Sam,
} as const;

/** Masks the word `hunter2-hunter2`, whole or in pieces. */
export const SECRET = 'hunter2-hunter2';
const hide = (text: string): string => text.replaceAll(SECRET, '‹masked secret›');
export const MASKING: GateMasking = {
  mask: hide,
  stream() {
    let held = '';
    return {
      push(piece) {
        const all = hide(held + piece);
        let keep = Math.min(all.length, SECRET.length - 1);
        while (keep > 0 && !SECRET.startsWith(all.slice(all.length - keep))) keep--;
        held = all.slice(all.length - keep);
        return all.slice(0, all.length - keep);
      },
      flush() {
        const rest = held;
        held = '';
        return rest;
      },
      held: () => held.length,
    };
  },
};

export type Asked = ThreadAction extends infer A
  ? A extends { thread: ThreadId }
    ? Omit<A, 'thread'>
    : A
  : never;

export interface TalkOptions {
  readonly person?: Partial<Limits>;
  readonly thread?: Partial<Limits>;
  readonly mayPrompt?: ConversationPorts['mayPrompt'];
  readonly spentElsewhere?: ConversationPorts['spentElsewhere'];
  readonly from?: LiveThread;
  /** In place of the one that knows the secret. */
  readonly mask?: (text: string) => string;
}

export function portsOf(options: TalkOptions = {}): ConversationPorts {
  return {
    mask: options.mask ?? hide,
    limits: {
      person: { ...NO_LIMITS, ...options.person },
      thread: { ...NO_LIMITS, ...options.thread },
    },
    spentElsewhere: options.spentElsewhere ?? (() => ({ prompts: 0, usage: NO_USAGE })),
    mayPrompt: options.mayPrompt ?? (() => true),
  };
}

/** A talk that has not begun; its first segment has number 1. */
export function openTalk(options: TalkOptions = {}) {
  const ports = portsOf(options);
  let live = options.from ?? newThread(SETUP, { number: 1, at: 0, directory: '/home/sam/work' });
  let now = options.from === undefined ? 0 : 1_000_000;
  let gate = openAgentGate(MASKING);
  let next = Math.max(...live.cuts.map((cut) => cut.number)) + 1;
  let asks = 0;
  let segments: readonly Segment[] = [];
  const effects: ConversationEffect[] = [];
  let wakes: { readonly wake: number; readonly at: number }[] = [];

  function cut(): void {
    for (let more = cutThread(live, next, now); more !== 'none';) {
      live = more;
      next++;
      more = cutThread(live, next, now);
    }
    segments = segmentsOf(live, segments);
  }

  function feed(input: ConversationInput): readonly ConversationEffect[] {
    const [after, done] = thread(live, input, ports);
    live = after;
    cut();
    for (const effect of done) {
      effects.push(effect);
      if (effect.do === 'open') gate = openAgentGate(MASKING);
      if (effect.do === 'wakeLater') {
        wakes.push({ wake: effect.wake, at: now + effect.afterMs });
      }
    }
    return done;
  }

  const talk = {
    live: () => live,
    segments: () => segments,
    parts: (): readonly Part[] => allParts(live.conversation.parts.list),
    head: () => threadHead(live.conversation),
    queue: () => live.conversation.queue.map(({ entry }) => entry.text),
    phase: () => live.conversation.phase,
    effects,
    /** What was done, and what was done since the last look. */
    did: (kind: ConversationEffect['do']) => effects.filter((effect) => effect.do === kind),
    sent: () => effects.flatMap((effect) => (effect.do === 'prompt' ? [effect.text] : [])),
    kept: () => live.conversation.kept,
    now: () => now,
    /** Another block or segment takes a number. */
    otherNumber: () => void next++,
    ask(author: PublicKey, action: Asked): Outcome {
      const id = ++asks;
      const whole = 'agent' in action ? action : { ...action, thread: THREAD };
      const done = feed({
        on: 'ask',
        id,
        action: whole,
        author,
        owner: author === Sam,
        at: now,
      });
      const answer = done.find((effect) => effect.do === 'outcome' && effect.id === id);
      if (answer?.do !== 'outcome') throw new Error('no answer');
      return answer.outcome;
    },
    start: (author: PublicKey, prompt?: string): Outcome =>
      talk.ask(author, {
        type: 'thread.start',
        agent: 'demo',
        ...(prompt === undefined ? {} : { prompt }),
      }),
    prompt: (author: PublicKey, text: string): Outcome =>
      talk.ask(author, { type: 'thread.prompt', text }),
    /** The newest process tells. */
    tell(...events: readonly AgentEvent[]): void {
      for (const event of events) talk.tellFrom(live.conversation.agents, event);
    },
    tellFrom(agent: number, event: AgentEvent): void {
      for (const gated of gate.take(event)) feed({ on: 'agent', agent, event: gated, at: now });
    },
    ready(more: Partial<Extract<AgentEvent, { on: 'ready' }>> = {}): void {
      talk.tell({ ...READY, ...more });
    },
    /** Time passes; what was to wake wakes in between. */
    pass(ms: number): void {
      const until = now + ms;
      for (;;) {
        const due = wakes.toSorted((a, b) => a.at - b.at).find(({ at }) => at <= until);
        if (due === undefined) break;
        wakes = wakes.filter((one) => one !== due);
        now = Math.max(now, due.at);
        feed({ on: 'wake', wake: due.wake, at: now });
      }
      now = until;
    },
    admit(): void {
      live = lateAdmission(live, gate.divide(), now);
      cut();
    },
  };
  return talk;
}

export type Talk = ReturnType<typeof openTalk>;

/** A talk whose agent is ready and has been given its first prompt by Alice. */
export function runningTalk(options: TalkOptions = {}): Talk {
  const talk = openTalk(options);
  talk.start(Alice, 'Hello');
  talk.ready();
  return talk;
}

export const READY: Extract<AgentEvent, { on: 'ready' }> = {
  on: 'ready',
  name: 'demo',
  version: '1',
  session: 'session-1',
  resumed: false,
  options: [],
  actsAlone: false,
};
export const ENDED: AgentEvent = { on: 'turnEnded', stop: 'end_turn', tokens: null };
export const answer = (text: string, message: string | null = null): AgentEvent => ({
  on: 'answer',
  message,
  text,
});
export const thought = (text: string, message: string | null = null): AgentEvent => ({
  on: 'thought',
  message,
  text,
});
export const tool = (
  call: string,
  patch: Extract<AgentEvent, { on: 'tool' }>['patch'] = {},
): AgentEvent => ({ on: 'tool', call, patch });
export const leave = (request: number, call: string | null = null): AgentEvent => ({
  on: 'permission',
  request,
  call,
  patch: { title: 'rm -r build' },
  options: [
    { id: 'once', name: 'Allow', kind: 'allow_once' },
    { id: 'always', name: 'Always', kind: 'allow_always' },
    { id: 'no', name: 'Reject', kind: 'reject_once' },
  ],
});
export const tokens = (
  input: number | null,
  output: number | null,
  total: number | null = null,
) => ({
  input,
  output,
  thought: null,
  cachedRead: null,
  cachedWrite: null,
  total,
});

export const kinds = (parts: readonly Part[]): readonly PartKind[] =>
  parts.map(({ head }) => head.kind);
export const texts = (parts: readonly Part[]): readonly string[] => parts.map(({ text }) => text);

/** The last part of this kind. */
export function last<K extends PartKind>(
  talk: Talk,
  kind: K,
): Part & { readonly head: Extract<PartHead, { kind: K }> } {
  const found = talk.parts().findLast((part) => is(part, kind));
  if (found === undefined || !is(found, kind)) throw new Error(`no ${kind}`);
  return found;
}

function is<K extends PartKind>(
  part: Part,
  kind: K,
): part is Part & { readonly head: Extract<PartHead, { kind: K }> } {
  return part.head.kind === kind;
}

/** Codes of the notices, in order. */
export function notices(talk: Talk): readonly string[] {
  return talk.parts().flatMap(({ head }) => (head.kind === 'notice' ? [head.code] : []));
}
