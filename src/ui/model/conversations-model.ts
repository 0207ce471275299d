// The agent threads of one session as a page shows them: which there are, which one is looked at,
// where the input line's text goes, and what waits for an answer. Knows no DOM and no network.
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals-core';
import type { Action } from '../../protocol/action.ts';
import type { PublicKey, ThreadId } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/message.ts';
import type { AgentChoice, Part, Segment } from '../../protocol/thread.ts';
import { isOpen, threadsOf, type Thread } from '../../session/threads.ts';
import { following, type Following, type FollowingPorts } from './following.ts';
import { EMPTY_HISTORY, remembered, stepped, type InputHistory } from './input-history.ts';
import { whyNotAnswer, type Actor } from './thread-rights.ts';

/** Where the input line's text goes. */
export type Target =
  | { readonly to: 'shell' }
  | { readonly to: 'thread'; readonly thread: ThreadId }
  | { readonly to: 'new'; readonly agent: string };

/** What a person is asked about conversations, one question at a time. */
export type Asking =
  | { readonly about: 'nothing' }
  | { readonly about: 'new' }
  | { readonly about: 'rename' | 'usage' | 'close'; readonly thread: Thread };

export interface OpenPermission {
  readonly thread: Thread;
  readonly part: Part;
}

export interface Conversations {
  /** In the order in which they began. */
  readonly threads: ReadonlySignal<readonly Thread[]>;
  /** Whom one may start a conversation with. */
  readonly agents: ReadonlySignal<readonly AgentChoice[]>;
  readonly thread: (id: ThreadId) => Thread | null;
  /** The thread shown on its own; null where the timeline is. */
  readonly looked: ReadonlySignal<Thread | null>;
  /** By hand: whoever followed the sharer does so no longer. */
  readonly look: (thread: ThreadId | null) => void;
  readonly following: Pick<Following, 'follow' | 'toggle'>;
  readonly target: ReadonlySignal<Target>;
  readonly aim: (target: Target) => void;
  /** The thread that the input line speaks to. */
  readonly spoken: ReadonlySignal<Thread | null>;
  /** Between the shell and the thread spoken to last, or a new one. */
  readonly toggle: () => void;
  readonly open: ReadonlySignal<readonly OpenPermission[]>;
  /** Those of `open` that this viewer may answer. */
  readonly mine: ReadonlySignal<number>;
  readonly asking: ReadonlySignal<Asking>;
  readonly ask: (asking: Asking) => void;
  /** Prompts the target, which is not the shell. */
  readonly send: (text: string) => Promise<void>;
  readonly recall: (direction: 'older' | 'newer') => boolean;
  /** The person typed: what Up brought is theirs now. */
  readonly typed: () => void;
  readonly close: () => void;
}

export interface ConversationsPorts {
  readonly segments: ReadonlySignal<readonly Segment[]>;
  readonly agents: ReadonlySignal<readonly AgentChoice[]>;
  readonly me: ReadonlySignal<{ readonly key: PublicKey; readonly owner: boolean }>;
  readonly can: Actor['can'];
  readonly text: { value: string };
  readonly act: (action: Action) => Promise<Outcome>;
  readonly follow: Omit<FollowingPorts, 'has' | 'lead'>;
}

const SHELL: Target = { to: 'shell' };

export function conversationsModel(ports: ConversationsPorts): Conversations {
  const { agents } = ports;
  let known: readonly Thread[] = [];
  const threads = computed(() => {
    const next = threadsOf(ports.segments.value);
    const same = next.length === known.length && next.every((one, at) => one === known[at]);
    known = same ? known : next;
    return known;
  });
  const lookedAt = signal<ThreadId | null>(null);
  const aimed = signal<Target>(SHELL);
  const asking = signal<Asking>({ about: 'nothing' });
  let spokenLast: ThreadId | null = null;
  let history: InputHistory = EMPTY_HISTORY;
  let knownPrompts = 0;

  const find = (id: ThreadId | null): Thread | null =>
    threads.value.find((thread) => thread.id === id) ?? null;
  const target = computed(() => {
    const at = aimed.value;
    return at.to === 'thread' && find(at.thread) === null ? SHELL : at;
  });
  const open = computed(() =>
    threads.value.flatMap((thread) =>
      thread.head.status === 'waiting'
        ? thread.parts.filter(isOpen).map((part) => ({ thread, part }))
        : [],
    ),
  );

  const aim = (next: Target): void => {
    aimed.value = next;
    if (next.to === 'thread') spokenLast = next.thread;
  };
  const go = (id: ThreadId | null): void => {
    batch(() => {
      lookedAt.value = id;
      aim(id === null ? SHELL : { to: 'thread', thread: id });
    });
  };
  const follows = following({
    ...ports.follow,
    has: (id) => find(id) !== null,
    lead(id) {
      // [TR17] What is being written, or is about to be begun, goes where its author meant it to.
      if (ports.text.value === '' && aimed.value.to !== 'new') go(id);
      else lookedAt.value = id;
    },
  });
  const look = (id: ThreadId | null): void => {
    follows.leave();
    go(id);
  };

  const ownPrompts = (): void => {
    const me = ports.me.peek().key;
    const own = threads.value
      .flatMap((thread) => thread.parts)
      .filter((part) => part.head.kind === 'prompt' && part.head.author === me);
    const fresh = own.length < knownPrompts ? own : own.slice(knownPrompts);
    knownPrompts = own.length;
    for (const part of fresh) history = remembered(history, part.text);
  };

  const start = async (agent: string, prompt: string): Promise<Outcome> => {
    const outcome = await ports.act({ type: 'thread.start', agent, prompt });
    const still = aimed.peek();
    const stayed = still.to === 'new' && still.agent === agent;
    if (outcome.ok && outcome.thread !== undefined && stayed) lookAtNew(outcome.thread, agent);
    return outcome;
  };
  /** The conversation comes as a document, after or before the outcome. */
  const lookAtNew = (id: ThreadId, agent: string): void => {
    const seek = (): boolean => {
      const still = aimed.peek();
      if (still.to !== 'new' || still.agent !== agent) return true; // the person went elsewhere
      const come = find(id) !== null;
      if (come) look(id);
      return come;
    };
    if (seek()) return;
    const stop = threads.subscribe(() => {
      if (seek()) queueMicrotask(() => stop());
    });
  };

  return {
    threads,
    agents,
    thread: find,
    looked: computed(() => find(lookedAt.value)),
    look,
    following: follows,
    target,
    aim,
    spoken: computed(() => {
      const at = target.value;
      return at.to === 'thread' ? find(at.thread) : null;
    }),
    toggle() {
      if (target.peek().to !== 'shell') return lookedAt.peek() === null ? aim(SHELL) : look(null);
      const last = find(lookedAt.peek()) ?? find(spokenLast) ?? threads.peek().at(-1) ?? null;
      const agent = agents.peek().find((one) => one.state === 'found');
      if (last !== null && last.head.status !== 'closed') aim({ to: 'thread', thread: last.id });
      else if (agent !== undefined) aim({ to: 'new', agent: agent.card.id });
    },
    open,
    mine: computed(() => {
      const { key, owner } = ports.me.value;
      const actor: Actor = { key, owner, can: ports.can };
      return open.value.filter(
        ({ part }) =>
          part.head.kind === 'permission' &&
          part.head.options.some((option) => whyNotAnswer(actor, option) === null),
      ).length;
    }),
    asking,
    ask(next) {
      asking.value = next;
    },
    async send(text) {
      const at = target.peek();
      if (at.to === 'shell') return;
      history = remembered(history, text);
      ports.text.value = '';
      const outcome =
        at.to === 'thread'
          ? await ports.act({ type: 'thread.prompt', thread: at.thread, text })
          : await start(at.agent, text);
      if (!outcome.ok && ports.text.value === '') ports.text.value = text; // nothing typed is lost
    },
    recall(direction) {
      if (history.browsing === null) ownPrompts();
      const step = stepped(history, ports.text.value, direction);
      if (step === null) return false;
      [history, ports.text.value] = step;
      return true;
    },
    typed() {
      history = { entries: history.entries, browsing: null };
    },
    close: follows.close,
  };
}
