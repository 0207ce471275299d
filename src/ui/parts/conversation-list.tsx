// The session's conversations beside its terminal: what each is at, when it last moved, and the
// way to look at one, or at the terminal again. Folds to a rail of marks.
import {
  Footprints,
  MessageSquarePlus,
  PanelLeftClose,
  PanelLeftOpen,
  SquareTerminal,
} from 'lucide';
import type { ThreadId } from '../../protocol/ids.ts';
import type { Thread } from '../../session/threads.ts';
import type { Follow } from '../model/following.ts';
import { agentBadge, threadName, threadState } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';
import { AgentIcon } from './thread-badges.tsx';
import { timeOf, type ThreadFrame } from './thread-frame.ts';

export function ConversationList({
  frame,
  open,
  toggle,
  create,
}: {
  frame: ThreadFrame;
  open: boolean;
  toggle: () => void;
  /** null where this viewer may not start one. */
  create: (() => void) | null;
}) {
  const { conversations } = frame.session;
  const threads = conversations.threads.value;
  const looked = conversations.looked.value?.id ?? null;
  const { follow, toggle: toggleFollow } = conversations.following;
  if (threads.length === 0) return null;
  return (
    <nav class={`conversations ${open ? '' : 'rail'}`} aria-label="Conversations">
      <div class="conversations-head">
        <strong class="grow wide-only">Conversations</strong>
        {create !== null && (
          <button
            type="button"
            class="button small icon-only wide-only"
            aria-label="New conversation"
            title="New conversation"
            onClick={create}
          >
            <Icon node={MessageSquarePlus} />
          </button>
        )}
        <button
          type="button"
          class="button small icon-only fold-button"
          aria-label={open ? 'Fold the list of conversations' : 'Unfold the list of conversations'}
          aria-expanded={open}
          title={open ? 'Fold' : 'Conversations'}
          onClick={toggle}
        >
          <Icon node={open ? PanelLeftClose : PanelLeftOpen} />
        </button>
      </div>
      {follow.value?.isOn === true && (
        // Said as it changes: nothing that the listener did has changed it.
        <p class="unseen" role="status">
          Now shown: {shownName(conversations.looked.value)}
        </p>
      )}
      <ul>
        {follow.value !== null && (
          <li>
            <FollowButton follow={follow.value} toggle={toggleFollow} />
          </li>
        )}
        <li>
          <button
            type="button"
            class="conversation"
            aria-label="Terminal, with everything in order"
            aria-current={looked === null ? 'true' : undefined}
            title="Terminal"
            onClick={() => conversations.look(null)}
          >
            <Icon node={SquareTerminal} />
            <span class="conversation-words">
              <span class="conversation-name">Terminal</span>
              <span class="conversation-about">everything in order</span>
            </span>
          </button>
        </li>
        {threads.toReversed().map((thread) => (
          <li key={thread.id}>
            <Entry
              frame={frame}
              thread={thread}
              current={looked === thread.id}
              look={conversations.look}
            />
          </li>
        ))}
        {create !== null && (
          <li class="narrow-only">
            <button
              type="button"
              class="conversation"
              aria-label="New conversation"
              onClick={create}
            >
              <Icon node={MessageSquarePlus} />
            </button>
          </li>
        )}
      </ul>
    </nav>
  );
}

function shownName(looked: Thread | null): string {
  return looked === null ? 'Terminal' : visibleText(threadName(looked));
}

function FollowButton({ follow, toggle }: { follow: Follow; toggle: () => void }) {
  const { whom, isOn } = follow;
  return (
    <button
      type="button"
      class="conversation"
      aria-label={`Follow ${whom}`}
      aria-pressed={isOn}
      title={`Follow ${whom} from the terminal to a conversation and back`}
      onClick={toggle}
    >
      <Icon node={Footprints} />
      <span class="conversation-words">
        <span class="conversation-top">
          <span class="conversation-name">Follow {whom}</span>
          {isOn && <span class="chip state busy">on</span>}
        </span>
      </span>
    </button>
  );
}

function Entry({
  frame,
  thread,
  current,
  look,
}: {
  frame: ThreadFrame;
  thread: Thread;
  current: boolean;
  look: (thread: ThreadId) => void;
}) {
  const state = threadState(thread);
  const name = visibleText(threadName(thread));
  const agent = agentBadge(thread.agent) ?? thread.agent.name;
  return (
    <button
      type="button"
      class="conversation"
      aria-label={`${name}, ${agent}, ${state.words}`}
      aria-current={current ? 'true' : undefined}
      title={`${name} · ${agent} · ${state.words}`}
      onClick={() => look(thread.id)}
    >
      <span class="conversation-mark">
        <AgentIcon agent={thread.agent} />
        <span class={`dot tone-${state.tone}`} />
      </span>
      <span class="conversation-words">
        <span class="conversation-top">
          <span class="conversation-name">{name}</span>
          {thread.agent.kind === 'demo' && <span class="chip">no model</span>}
        </span>
        <span class="conversation-about">
          <span class={`tone-words ${state.tone}`}>{state.words}</span>
          <span class="cut">{agent}</span>
          <span class="time">{timeOf(frame, thread.lastAt)}</span>
        </span>
      </span>
    </button>
  );
}
