// One conversation at work: its machine, the agent's processes it asks for, and its segments as
// they are written, at once where a person waits and joined where text streams. Decides nothing.
import { openAgentGate, type AgentGate, type GateMasking } from '../agent/agent-gate.ts';
import type {
  Agent,
  AgentEvent,
  AgentLaunch,
  OpenAgent,
  SignInWays,
} from '../agent/agent-event.ts';
import type {
  ConversationEffect,
  ConversationInput,
  ConversationPorts,
  Kept,
  ThreadAction,
} from '../agent/conversation-state.ts';
import type { HeldStream } from '../agent/agent-speech.ts';
import { partAt } from '../agent/part-list.ts';
import type { SharedMoments } from '../agent/shared-moments.ts';
import {
  cutThread,
  lateAdmission,
  segmentsOf,
  thread as threadStep,
  type LiveThread,
} from '../agent/segments.ts';
import { wholeOf } from '../agent/wholes.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import { drive, type Step } from '../protocol/step.ts';
import type { Segment } from '../protocol/thread.ts';

/** [TR5] Longer than two moments lie apart, in ms: what is said after it is not joined with anything. */
const SILENCE_MS = 600;

/** The one count of blocks and segments. */
export interface Count {
  /** What `take` would give. */
  readonly next: () => number;
  readonly take: () => number;
}

/** What an agent was started with, and the ways to sign in that it named. */
export interface WantedSignIn {
  readonly launch: AgentLaunch;
  readonly ways: SignInWays;
}

export interface ThreadLifeOptions {
  readonly thread: LiveThread;
  /** As they are in the store; none of a new thread. */
  readonly written: readonly Segment[];
  readonly ports: ConversationPorts;
  readonly masking: GateMasking;
  readonly clock: Clock;
  readonly moments: SharedMoments;
  readonly count: Count;
  readonly open: OpenAgent;
  /** Or why it cannot be started: the agent, or its directory, is not there (any more). */
  readonly launch: (resume: string | null) => AgentLaunch | 'missing' | 'noDirectory';
  /** It wants someone to sign in, as it was started; null once it is ready. */
  readonly signIn: (wanted: WantedSignIn | null) => void;
  readonly write: (segment: Segment) => void;
  readonly keep: (kept: Kept) => void;
  readonly answer: (ask: number, outcome: Outcome) => void;
  /** Its segments read another way than before. */
  readonly changed: () => void;
}

export interface ThreadLife {
  readonly ask: (
    ask: number,
    action: ThreadAction,
    by: { readonly author: PublicKey; readonly owner: boolean },
  ) => void;
  /** [TR6] Someone was let in who must not see what was before. */
  readonly lateAdmission: () => void;
  /** As of now, also what is not yet written. */
  readonly segments: () => readonly Segment[];
  /** [TR13] Of a part in the segment of this number; null where it is not kept, or lies in another. */
  readonly whole: (number: number, part: number, content: number | null) => string | null;
  /** Its agents end; resolves when they are gone. */
  readonly close: () => Promise<void>;
}

type Input =
  | ConversationInput
  | { readonly on: 'late'; readonly held: readonly HeldStream[]; readonly at: number };

export function openThreadLife(options: ThreadLifeOptions): ThreadLife {
  const { clock, count, ports } = options;
  let segments = options.written;
  let written = options.written;
  let isCurrent = false;
  let writtenAt = -Infinity;
  /** A write is on its way: what changes meanwhile goes with it. */
  let isDue = false;
  let cancelWrite = (): void => {};
  const wakes = new Set<() => void>();
  const agents = openProcesses(options, (agent, event) =>
    machine.feed({ on: 'agent', agent, event, at: clock.now() }),
  );
  const machine = drive(options.thread, step, perform, changed);

  function step(thread: LiveThread, input: Input): Step<LiveThread, ConversationEffect> {
    if (input.on === 'late') return [cut(lateAdmission(thread, input.held, input.at)), []];
    const [next, effects] = threadStep(thread, input, ports);
    return [cut(next), effects];
  }

  function cut(thread: LiveThread): LiveThread {
    let now = thread;
    for (;;) {
      const next = cutThread(now, count.next(), clock.now());
      if (next === 'none') return now;
      count.take();
      now = next;
    }
  }

  function perform(effect: ConversationEffect): void {
    switch (effect.do) {
      case 'outcome':
        write();
        return options.answer(effect.id, effect.outcome);
      case 'flush':
        return write();
      case 'keep':
        return options.keep(effect.kept);
      case 'wakeLater': {
        const cancel = clock.after(effect.afterMs, () => {
          wakes.delete(cancel);
          machine.feed({ on: 'wake', wake: effect.wake, at: clock.now() });
        });
        wakes.add(cancel);
        return;
      }
      default:
        return agents.perform(effect);
    }
  }

  function changed(): void {
    isCurrent = false;
    if (isDue) return;
    if (clock.monotonic() - writtenAt >= SILENCE_MS) return write();
    isDue = true;
    cancelWrite = options.moments.toWrite(write);
  }

  function current(): readonly Segment[] {
    if (!isCurrent) segments = segmentsOf(machine.state(), segments);
    isCurrent = true;
    return segments;
  }

  function write(): void {
    cancelWrite();
    isDue = false;
    isCurrent = false;
    const before = new Set(written);
    const next = current();
    const news = next.filter((segment) => !before.has(segment));
    written = next;
    if (news.length === 0) return;
    writtenAt = clock.monotonic();
    for (const segment of news) options.write(segment);
    options.changed();
  }

  write();
  return {
    ask: (id, action, { author, owner }) =>
      machine.feed({ on: 'ask', id, action, author, owner, at: clock.now() }),
    lateAdmission() {
      machine.feed({ on: 'late', held: agents.divide(), at: clock.now() });
      write();
    },
    segments: current,
    whole(number, part, content) {
      const segment = current().find((one) => one.number === number);
      if (segment?.parts.some((one) => one.id === part) !== true) return null;
      const { list, wholes } = machine.state().conversation.parts;
      const found = partAt(list, part);
      return found === undefined ? null : wholeOf(wholes, found, content);
    },
    async close() {
      write();
      for (const cancel of wakes) cancel();
      cancelWrite();
      await agents.close();
    },
  };
}

type ProcessEffect = Extract<
  ConversationEffect,
  { do: 'open' | 'prompt' | 'cancel' | 'answer' | 'withdraw' | 'configure' | 'close' }
>;

interface Processes {
  readonly perform: (effect: ProcessEffect) => void;
  /** What is kept back of what they say, now that someone is let in. */
  readonly divide: () => readonly HeldStream[];
  readonly close: () => Promise<void>;
}

/** The agent's processes, one after the other: the next begins when the one before is gone. */
function openProcesses(
  options: ThreadLifeOptions,
  tell: (
    agent: number,
    event: ReturnType<ReturnType<typeof openAgentGate>['take']>[number],
  ) => void,
): Processes {
  const running = new Map<number, { readonly agent: Agent; readonly gate: AgentGate }>();
  /** Asked to end before they had begun. */
  const unwanted = new Set<number>();
  let gone: Promise<void> = Promise.resolve();
  let isClosed = false;

  function open({ agent: number, resume }: Extract<ProcessEffect, { do: 'open' }>): void {
    for (const older of running.keys()) end(older);
    void gone.then(() => {
      if (isClosed || unwanted.delete(number)) return;
      const gate = openAgentGate(options.masking);
      const hear = (event: AgentEvent): void => {
        for (const passed of gate.take(event)) tell(number, passed);
      };
      const launch = options.launch(resume);
      if (typeof launch === 'string') return hear({ on: 'failed', because: launch, detail: '' });
      const hearAll = (event: AgentEvent): void => {
        if (event.on === 'ready') options.signIn(null);
        else if ('ways' in event) options.signIn({ launch, ways: event.ways });
        hear(event);
      };
      running.set(number, { agent: options.open(launch, hearAll), gate });
    });
  }

  function end(number: number): void {
    const known = running.get(number);
    running.delete(number);
    if (known === undefined) unwanted.add(number);
    else gone = Promise.all([gone, known.agent.close()]).then(() => undefined);
  }

  return {
    perform(effect) {
      if (effect.do === 'open') return open(effect);
      if (effect.do === 'close') return end(effect.agent);
      const agent = running.get(effect.agent)?.agent;
      if (agent === undefined) return;
      switch (effect.do) {
        case 'prompt':
          return agent.prompt(effect.text);
        case 'cancel':
          return agent.cancel();
        case 'answer':
          return agent.answer(effect.request, effect.option);
        case 'withdraw':
          return agent.withdraw(effect.request);
        case 'configure':
          return agent.configure(effect.option, effect.value);
        default:
          return unreachable(effect);
      }
    },
    divide: () => [...running.values()].flatMap(({ gate }) => gate.divide()),
    async close() {
      isClosed = true;
      for (const number of running.keys()) end(number);
      await gone;
    },
  };
}
