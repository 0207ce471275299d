// The agent threads of a session: started, asked, restored after a restart, closed. Knows which
// threads there are; what becomes of one is its conversation's to say.
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import type { GateMasking } from '../agent/agent-gate.ts';
import type { OpenAgent } from '../agent/agent-event.ts';
import type { ConversationPorts, Kept } from '../agent/conversation-state.ts';
import { shellLine } from '../agent/notices.ts';
import { restoredThread } from '../agent/restored-thread.ts';
import type { SharedMoments } from '../agent/shared-moments.ts';
import { newThread, thread as threadStep, type LiveThread } from '../agent/segments.ts';
import type { Spent } from '../agent/prompt-limits.ts';
import { threadUsage, usageSum } from '../agent/usage.ts';
import { idOf, ThreadId, type PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import type { Segment } from '../protocol/thread.ts';
import type { AgentAction, AgentFacts } from '../session/agent-rights.ts';
import type { Actor } from '../session/sharer-state.ts';
import { factsOf, permissionsOpen } from './agent-facts.ts';
import type { AgentOffer, AgentOffers } from './agent-offers.ts';
import { threadRecords, type StateRecord } from './session-records.ts';
import { openThreadLife, type Count, type ThreadLife, type WantedSignIn } from './thread-life.ts';

/** Conversations that are not closed: each may be a process of some 100 MB. */
const THREADS_MAX = 64;

export interface AgentsOptions {
  readonly clock: Clock;
  readonly moments: SharedMoments;
  readonly entropy: Entropy;
  readonly sharer: PublicKey;
  readonly offers: Pick<AgentOffers, 'in'>;
  readonly open: OpenAgent;
  readonly masking: GateMasking;
  readonly limits: ConversationPorts['limits'];
  readonly mayPrompt: ConversationPorts['mayPrompt'];
  readonly count: Count;
  /** The session's directory of the moment. */
  readonly directory: () => string;
  /** Of threads of before: all their segments, and what was kept beside. */
  readonly segments: readonly Segment[];
  readonly kept: ReadonlyMap<ThreadId, Kept>;
  readonly keep: (records: readonly StateRecord[]) => void;
  /** Which agents want someone to sign in is another. */
  readonly offersChanged: () => void;
  readonly write: (segment: Segment) => void;
  /** Resolves when all that was written is on disk. */
  readonly settled: () => Promise<void>;
  readonly answer: (actor: Actor, outcome: Outcome) => void;
  /** Which threads there are, or what they wait for, is another. */
  readonly changed: () => void;
}

export interface Agents {
  /** Answered when it is on disk. */
  readonly act: (actor: Actor, author: PublicKey, action: AgentAction, owner: boolean) => void;
  /** [TR6] Someone was let in who must not see what was before. */
  readonly lateAdmission: () => void;
  readonly facts: AgentFacts;
  /** Of all conversations, closed ones too, in order of number. */
  readonly segments: () => readonly Segment[];
  /** What is kept of what a part shows cut; of a closed conversation nothing. */
  readonly whole: (number: number, part: number, content: number | null) => string | null;
  /** As its agent was last heard of: someone has to sign in first. */
  readonly needsSignIn: (agent: string) => boolean;
  /** [AP5] What begins the way that a conversation's agent named; null where it is not known. */
  readonly signIn: (thread: ThreadId, way: number) => SignInStart | null;
  /** Permissions that nobody has answered. */
  readonly waiting: () => number;
  readonly close: () => Promise<void>;
}

/** A line for a shell, and what the shell is started with. */
export interface SignInStart {
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
}

export function openAgents(options: AgentsOptions): Agents {
  const { clock, entropy, offers } = options;
  const threads = new Map<ThreadId, ThreadLife>();
  /** For sums: what was spent stays spent. */
  const closed = new Map<ThreadId, readonly Segment[]>();
  const asked = new Map<number, { readonly actor: Actor; readonly started: ThreadId | null }>();
  /** Agents, by id, that want someone to sign in, and by which conversation that is known. */
  const signedOut = new Set<string>();
  const wanted = new Map<ThreadId, WantedSignIn>();
  /** What was closed, on its way out. */
  const ending = new Set<Promise<void>>();
  let nextAsk = 1;

  function live(id: ThreadId, thread: LiveThread, written: readonly Segment[]): ThreadLife {
    const { setup, kept: known } = thread.conversation;
    // [TR15] The shell goes on to other directories; a conversation stays where it began.
    const directory = known.directory ?? absolute(setup.directory);
    let { typed } = known;
    return openThreadLife({
      thread,
      written,
      ports: portsOf(id),
      masking: options.masking,
      clock,
      moments: options.moments,
      count: options.count,
      open: options.open,
      launch(resume) {
        const start = offerOf(setup.agent.id, directory)?.start ?? null;
        if (start === null) return 'missing';
        const isThere = statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true;
        return isThere ? { ...start, directory, resume } : 'noDirectory';
      },
      signIn(want) {
        if (want === null) wanted.delete(id);
        else wanted.set(id, want);
        const { id: agent } = setup.agent;
        if (signedOut.has(agent) === (want !== null)) return;
        if (want === null) signedOut.delete(agent);
        else signedOut.add(agent);
        options.offersChanged();
      },
      write: options.write,
      keep(kept) {
        options.keep(threadRecords(id, kept, typed));
        typed = kept.typed;
      },
      answer,
      changed: () => {
        retire(id);
        options.changed();
      },
    });
  }

  function portsOf(id: ThreadId): ConversationPorts {
    return {
      mask: options.masking.mask,
      limits: options.limits,
      mayPrompt: options.mayPrompt,
      spentElsewhere: (author) => spentElsewhere(id, author),
    };
  }

  function offerOf(agent: string, directory: string): AgentOffer | undefined {
    return offers.in(directory).find((offer) => offer.card.id === agent);
  }

  function spentElsewhere(id: ThreadId, author: PublicKey): Spent {
    const open = [...threads].flatMap(([other, life]) => (other === id ? [] : [life.segments()]));
    const usages = [...open, ...closed.values()].map((segments) =>
      threadUsage(segments.flatMap((segment) => segment.parts)),
    );
    return {
      prompts: usages.reduce((sum, one) => sum + (one.promptsBy.get(author) ?? 0), 0),
      usage: usageSum(usages.flatMap((one) => one.by.get(author) ?? [])),
    };
  }

  /** A conversation that was closed for good is only read from then on. */
  function retire(id: ThreadId): void {
    const life = threads.get(id);
    const segments = life?.segments() ?? [];
    if (life === undefined || segments.at(-1)?.head.status !== 'closed') return;
    if (!segments.every((segment) => segment.isOver)) return;
    threads.delete(id);
    closed.set(id, segments);
    wanted.delete(id);
    const over = life.close().finally(() => ending.delete(over));
    ending.add(over);
  }

  /** [TR9] What was asked for is on disk before its outcome is told. */
  function answer(ask: number, outcome: Outcome): void {
    const known = asked.get(ask);
    asked.delete(ask);
    if (known === undefined) return;
    const { actor, started } = known;
    const told = outcome.ok && started !== null ? { ...outcome, thread: started } : outcome;
    void options.settled().then(() => options.answer(actor, told));
  }

  function start(
    actor: Actor,
    action: Extract<AgentAction, { type: 'thread.start' }>,
    by: { readonly author: PublicKey; readonly owner: boolean },
  ): void {
    const directory = options.directory();
    const offer = offerOf(action.agent, directory);
    if (offer === undefined) return options.answer(actor, { ok: false, fault: 'agent.none' });
    // [TR10] Each may be a process: past this many one has to be closed first.
    if (threads.size >= THREADS_MAX) {
      return options.answer(actor, { ok: false, fault: 'thread.tooMany' });
    }
    const id = idOf(ThreadId, entropy(8));
    const setup = {
      thread: id,
      agent: offer.card,
      directory: tilde(directory),
      sharer: options.sharer,
    };
    const at = clock.now();
    const thread = newThread(setup, { number: options.count.next(), at, directory });
    const ask = nextAsk++;
    // [TR10] What would be refused begins nothing.
    const [, effects] = threadStep(thread, { on: 'ask', id: ask, action, ...by, at }, portsOf(id));
    const refusal = effects.find((effect) => effect.do === 'outcome' && !effect.outcome.ok);
    if (refusal?.do === 'outcome') return options.answer(actor, refusal.outcome);
    options.count.take();
    options.keep(threadRecords(id, thread.conversation.kept, []));
    const life = live(id, thread, []);
    threads.set(id, life);
    asked.set(ask, { actor, started: id });
    life.ask(ask, action, by);
  }

  for (const [id, segments] of byThread(options.segments)) {
    if (segments.at(-1)?.head.status === 'closed') {
      closed.set(id, segments);
      continue;
    }
    const kept = options.kept.get(id) ?? null;
    const thread = restoredThread({ segments, kept, sharer: options.sharer, at: clock.now() });
    if (thread !== null) threads.set(id, live(id, thread, segments));
  }

  return {
    act(actor, author, action, owner) {
      const by = { author, owner };
      if (action.type === 'thread.start') return start(actor, action, by);
      const life = threads.get(action.thread);
      if (life === undefined) {
        const fault = closed.has(action.thread) ? 'thread.closed' : 'action.gone';
        return options.answer(actor, { ok: false, fault });
      }
      const ask = nextAsk++;
      asked.set(ask, { actor, started: null });
      life.ask(ask, action, by);
    },
    lateAdmission() {
      for (const life of threads.values()) life.lateAdmission();
    },
    facts: {
      threads: {
        get(id) {
          const life = threads.get(id);
          return life === undefined ? undefined : factsOf(life.segments());
        },
      },
      alone: { has: (agent) => offerOf(agent, options.directory())?.actsAlone ?? false },
    },
    segments: () =>
      [...[...threads.values()].map((life) => life.segments()), ...closed.values()]
        .flat()
        .toSorted((a, b) => a.number - b.number),
    whole(number, part, content) {
      for (const life of threads.values()) {
        const text = life.whole(number, part, content);
        if (text !== null) return text;
      }
      return null;
    },
    needsSignIn: (agent) => signedOut.has(agent),
    signIn(thread, way) {
      const want = wanted.get(thread);
      const command = want?.ways[way]?.command ?? null;
      if (want === undefined || command === null) return null;
      const { env, directory } = want.launch;
      return { line: shellLine(command), env, directory };
    },
    waiting: () =>
      [...threads.values()].reduce((sum, life) => sum + permissionsOpen(life.segments()), 0),
    async close() {
      await Promise.all([...ending, ...[...threads.values()].map((life) => life.close())]);
    },
  };
}

function byThread(segments: readonly Segment[]): Map<ThreadId, Segment[]> {
  const threads = new Map<ThreadId, Segment[]>();
  for (const segment of segments) {
    threads.set(segment.thread, [...(threads.get(segment.thread) ?? []), segment]);
  }
  return threads;
}

function absolute(directory: string): string {
  return directory.replace(/^~(?=\/|$)/, () => homedir());
}

/** With ~ for home, as people read it. */
function tilde(path: string): string {
  const home = homedir();
  if (path === home) return '~';
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
