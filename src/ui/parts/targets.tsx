// Where the input line's text goes, always in sight: the shell, the conversation spoken to, or
// a new one; and, for an agent, what it lets one choose.
import { useState } from 'preact/hooks';
import { ChevronDown, ChevronsUpDown, MessageSquarePlus, SquareTerminal } from 'lucide';
import type { AgentOption } from '../../protocol/thread.ts';
import type { Thread } from '../../session/threads.ts';
import type { Target } from '../model/conversations-model.ts';
import { whyNotConfigure } from '../model/thread-rights.ts';
import { threadName, threadState } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';
import { Menu, type MenuEntry, type MenuPoint } from './menu.tsx';
import { AgentIcon, ContextBar } from './thread-badges.tsx';
import { actorOf, type ThreadFrame } from './thread-frame.ts';

/** Threads offered in the menu; all of them stand in the list of conversations. */
const OFFERED_MAX = 8;

export function Targets({ frame, create }: { frame: ThreadFrame; create: () => void }) {
  const { conversations } = frame.session;
  const [menu, setMenu] = useState<MenuPoint | null>(null);
  const target = conversations.target.value;
  const threads = conversations.threads.value;
  const agents = conversations.agents.value;
  if (threads.length === 0 && agents.length === 0) return null;
  const aim = (next: Target): void => {
    conversations.aim(next);
    frame.toInput();
  };
  const spoken = conversations.spoken.value;
  const entries: MenuEntry[] = [
    ...threads
      .filter((thread) => thread.head.status !== 'closed')
      .slice(-OFFERED_MAX)
      .toReversed()
      .map((thread) => ({
        icon: SquareTerminal,
        mark: <AgentIcon agent={thread.agent} />,
        words: visibleText(threadName(thread)),
        keys: threadState(thread).words,
        do: () => aim({ to: 'thread', thread: thread.id }),
      })),
    { icon: MessageSquarePlus, words: 'New conversation…', apart: threads.length > 0, do: create },
  ];
  return (
    <div class="targets">
      <div class="target-group" role="group" aria-label="Send to">
        <button
          type="button"
          class="target"
          aria-pressed={target.to === 'shell'}
          title="Shell (Ctrl I)"
          onClick={() => {
            if (conversations.looked.peek() !== null) conversations.look(null);
            aim({ to: 'shell' });
          }}
        >
          <Icon node={SquareTerminal} size={14} /> Shell
        </button>
        {spoken !== null && (
          <button type="button" class="target" aria-pressed={true} title="Agent (Ctrl I)">
            <AgentIcon agent={spoken.agent} size={14} />
            <span class="cut">{visibleText(threadName(spoken))}</span>
          </button>
        )}
        {target.to === 'new' && <NewTarget agent={target.agent} frame={frame} />}
        <button
          type="button"
          class="target"
          aria-haspopup="menu"
          title={spoken === null ? 'Ask an agent (Ctrl I)' : 'Another conversation'}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setMenu({ x: box.left, y: box.top - 44 - entries.length * 34 });
          }}
        >
          {target.to === 'shell' ? (
            <>
              <Icon node={MessageSquarePlus} size={14} /> Agent
            </>
          ) : (
            <span class="unseen">Another conversation</span>
          )}
          <Icon node={ChevronDown} size={14} />
        </button>
      </div>
      {spoken !== null && <OptionChips thread={spoken} frame={frame} />}
      {menu !== null && (
        <Menu name="Conversation" at={menu} entries={entries} close={() => setMenu(null)} />
      )}
    </div>
  );
}

function NewTarget({ agent, frame }: { agent: string; frame: ThreadFrame }) {
  const choice = frame.session.conversations.agents.value.find((one) => one.card.id === agent);
  return (
    <button type="button" class="target" aria-pressed={true}>
      {choice !== undefined && <AgentIcon agent={choice.card} size={14} />}
      <span class="cut">New: {choice?.card.name ?? agent}</span>
    </button>
  );
}

function OptionChips({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  const { options } = thread.menu;
  // A conversation looked at on its own says it in its head.
  const own = frame.session.conversations.looked.value?.id === thread.id;
  const context = own ? null : thread.head.context;
  if (options.length === 0 && context === null) return null;
  return (
    <div class="option-chips" role="group" aria-label="Agent’s options">
      {context !== null && <ContextBar context={context} />}
      {options
        .filter((option) => option.choices.length > 0)
        .map((option) => (
          <OptionChip key={option.id} option={option} thread={thread} frame={frame} />
        ))}
    </div>
  );
}

function OptionChip({
  option,
  thread,
  frame,
}: {
  option: AgentOption;
  thread: Thread;
  frame: ThreadFrame;
}) {
  const [menu, setMenu] = useState<MenuPoint | null>(null);
  const why = whyNotConfigure(actorOf(frame.session));
  const now = option.choices.find((choice) => choice.value === option.value);
  const words = visibleText(now?.name ?? option.value);
  const entries: MenuEntry[] = option.choices.map((choice) => ({
    icon: SquareTerminal,
    mark: <span class={`radio-mark ${choice.value === option.value ? 'on' : ''}`} />,
    words: visibleText(choice.name),
    says: visibleText(choice.description),
    checked: choice.value === option.value,
    do: () =>
      void frame.session.act({
        type: 'thread.configure',
        thread: thread.id,
        option: option.id,
        value: choice.value,
      }),
  }));
  return (
    <>
      <button
        type="button"
        class="option-chip"
        aria-haspopup="menu"
        aria-label={`${option.name}: ${words}`}
        disabled={why !== null}
        title={why ?? option.name}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setMenu({ x: box.left, y: box.top - 44 - entries.length * 40 });
        }}
      >
        <span class="cut">{words}</span> <Icon node={ChevronsUpDown} size={12} />
      </button>
      {menu !== null && (
        <Menu name={option.name} at={menu} entries={entries} close={() => setMenu(null)} />
      )}
    </>
  );
}
