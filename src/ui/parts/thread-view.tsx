// A conversation on its own: what it is, its turns from the first to the one that runs, and the
// ways through them.
import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ArrowDown, ArrowUp, ClipboardCopy, Ellipsis, Gauge, Pencil, RotateCcw, X } from 'lucide';
import { turnsOf, type Thread } from '../../session/threads.ts';
import { threadMarkdown } from '../model/thread-markdown.ts';
import { whyNotPrompt, whyNotSteer } from '../model/thread-rights.ts';
import { sumWords, threadName, threadState } from '../model/thread-words.ts';
import { shortDirectory, visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';
import { Menu, type MenuEntry, type MenuPoint } from './menu.tsx';
import { WorkRow } from './segment.tsx';
import { toEnd, useStickToEnd } from './stick-to-end.ts';
import { ActsAlone, AgentIcon, AgentName, ContextBar, StateChip } from './thread-badges.tsx';
import { actorOf, wordingOf, type ThreadFrame } from './thread-frame.ts';
import { TurnView } from './turn.tsx';

export function ThreadView({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  const viewport = useRef<HTMLElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const away = useSignal(false);
  useStickToEnd(viewport, inner, away, nothing);
  useEffect(() => {
    // Where the keyboard was may lie behind this view now; the input line keeps it.
    const frame = requestAnimationFrame(() => {
      const at = document.activeElement;
      const lost = at === null || at === document.body || at.closest('[inert]') !== null;
      if (lost) viewport.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  const turns = turnsOf(thread.parts);
  const jump = (step: 1 | -1): void => toPrompt(viewport.current, step);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
      event.preventDefault();
      jump(event.key === 'ArrowUp' ? -1 : 1);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  return (
    <div class="thread-view">
      <ThreadHead thread={thread} frame={frame} jump={jump} />
      <section
        ref={viewport}
        class="thread-scroll"
        aria-label={`Conversation ${visibleText(threadName(thread))}`}
        tabIndex={0}
      >
        <div ref={inner} class="thread-inner">
          <div class="turns">
            {turns.map((turn, at) => (
              <TurnView
                key={turn.turn}
                turn={turn}
                thread={thread}
                frame={frame}
                isLast={at === turns.length - 1}
              />
            ))}
            {turns.length === 0 && thread.head.status !== 'starting' && (
              <p class="muted">Nothing has been asked yet.</p>
            )}
            <WorkRow thread={thread} frame={frame} />
            <Stopped thread={thread} frame={frame} />
          </div>
        </div>
        {away.value && (
          <button
            type="button"
            class="button jump"
            onClick={() => {
              away.value = false;
              toEnd(viewport.current);
            }}
          >
            <Icon node={ArrowDown} /> Jump to latest
          </button>
        )}
      </section>
    </div>
  );
}

function nothing(): void {
  // all of a thread that may be seen is here
}

function ThreadHead({
  thread,
  frame,
  jump,
}: {
  thread: Thread;
  frame: ThreadFrame;
  jump: (step: 1 | -1) => void;
}) {
  const [menu, setMenu] = useState<MenuPoint | null>(null);
  return (
    <header class="thread-head">
      <div class="thread-title">
        <AgentIcon agent={thread.agent} size={18} />
        <h2 class="cut">{visibleText(threadName(thread))}</h2>
        <StateChip state={threadState(thread)} />
        <span class="grow" />
        <button
          type="button"
          class="button small icon-only"
          aria-label="Previous prompt"
          title="Previous prompt (Alt ↑)"
          onClick={() => jump(-1)}
        >
          <Icon node={ArrowUp} size={14} />
        </button>
        <button
          type="button"
          class="button small icon-only"
          aria-label="Next prompt"
          title="Next prompt (Alt ↓)"
          onClick={() => jump(1)}
        >
          <Icon node={ArrowDown} size={14} />
        </button>
        <button
          type="button"
          class="button small icon-only"
          aria-label="More about this conversation"
          aria-haspopup="menu"
          title="More"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setMenu({ x: box.right - 232, y: box.bottom + 4 });
          }}
        >
          <Icon node={Ellipsis} size={14} />
        </button>
      </div>
      <div class="thread-about">
        <AgentName agent={thread.agent} />
        {thread.head.actsAlone && <ActsAlone />}
        <span class="where cut" title={thread.directory}>
          {shortDirectory(thread.directory)}
        </span>
        {thread.usage.turns > 0 && <span class="thread-sum">{sumWords(thread.usage)}</span>}
        {thread.head.context !== null && <ContextBar context={thread.head.context} />}
      </div>
      {menu !== null && (
        <Menu
          name="Conversation"
          at={menu}
          entries={entriesOf(thread, frame)}
          close={() => setMenu(null)}
        />
      )}
    </header>
  );
}

function entriesOf(thread: Thread, frame: ThreadFrame): readonly MenuEntry[] {
  const { ask } = frame.session.conversations;
  const entries: MenuEntry[] = [
    {
      icon: ClipboardCopy,
      words: 'Copy as Markdown',
      do: () => frame.copy(threadMarkdown(thread, wordingOf(frame)), 'Conversation'),
    },
    { icon: Gauge, words: 'Usage', do: () => ask({ about: 'usage', thread }) },
  ];
  const actor = actorOf(frame.session);
  if (whyNotSteer(actor) !== null) return entries;
  entries.push({
    icon: Pencil,
    words: 'Rename…',
    apart: true,
    do: () => ask({ about: 'rename', thread }),
  });
  if (thread.head.status === 'closed') return entries;
  if (whyNotPrompt(actor, thread.head.actsAlone) === null) {
    entries.push({
      icon: RotateCcw,
      words: 'Restart the agent',
      do: () => void frame.session.act({ type: 'thread.restart', thread: thread.id }),
    });
  }
  entries.push({
    icon: X,
    words: 'Close conversation…',
    do: () => ask({ about: 'close', thread }),
  });
  return entries;
}

/** Its agent is not running: said, with the way to start it again. */
function Stopped({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  if (thread.head.status === 'closed') {
    return <p class="turn-end">This conversation is closed. What was said stays.</p>;
  }
  if (thread.head.status !== 'stopped') return null;
  const why = whyNotPrompt(actorOf(frame.session), thread.head.actsAlone);
  return (
    <div class="turn-end">
      <span class="turn-reason off">{thread.agent.name} is not running.</span>
      <span class="turn-usage">A prompt starts it again.</span>
      <button
        type="button"
        class="button small"
        disabled={why !== null}
        title={why ?? undefined}
        onClick={() => void frame.session.act({ type: 'thread.restart', thread: thread.id })}
      >
        <Icon node={RotateCcw} size={14} /> Restart
      </button>
    </div>
  );
}

/** The prompt before or after what stands at the top. */
function toPrompt(viewport: HTMLElement | null, step: 1 | -1): void {
  if (viewport === null) return;
  const top = viewport.getBoundingClientRect().top;
  const prompts = [...viewport.querySelectorAll<HTMLElement>('[data-prompt]')];
  const offset = (one: HTMLElement): number => one.getBoundingClientRect().top - top;
  const next =
    step === 1
      ? prompts.find((one) => offset(one) > 24)
      : prompts.findLast((one) => offset(one) < -1);
  if (next === undefined) {
    if (step === 1) toEnd(viewport);
    return;
  }
  viewport.scrollTop += offset(next) - 16;
  next.focus({ preventScroll: true });
}
