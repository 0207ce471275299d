// One turn of a conversation: who asked what, how the agent went about it, what it answered, and
// how it ended.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Part, PartHead } from '../../protocol/thread.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Thread, Turn } from '../../session/threads.ts';
import { thoughtWords } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Markdown } from './markdown.tsx';
import { memo } from './memo.ts';
import { PermissionCard } from './permission-card.tsx';
import { PlanFold } from './plan.tsx';
import { nameOf, timeOf, type ThreadFrame } from './thread-frame.ts';
import { ThreadNotice } from './thread-notice.tsx';
import { Ticking } from './ticking.tsx';
import { ToolCard } from './tool-card.tsx';
import { LeftOut } from './whole.tsx';
import { EndRow } from './turn-end.tsx';

/** Longer prompts are folded. In lines. */
const PROMPT_LINES_SHOWN = 12;

export function TurnView({
  turn,
  thread,
  frame,
  isLast,
}: {
  turn: Turn;
  thread: Thread;
  frame: ThreadFrame;
  /** Nothing comes after it: it may be tried again. */
  isLast: boolean;
}) {
  const runs = thread.head.turn === turn.turn && turn.turn !== 0;
  const last = turn.parts.at(-1);
  const prompt = turn.parts.find((part) => part.head.kind === 'prompt');
  return (
    <section
      class="turn"
      aria-label={prompt === undefined ? 'Agent' : `Prompt: ${firstLine(prompt.text)}`}
    >
      {turn.parts.map((part) => (
        <PartView
          key={part.id}
          part={part}
          of={part.head.kind === 'permission' ? toolOf(part.head, turn) : null}
          live={runs && part === last}
          thread={thread.id}
          agent={thread.agent.name}
          frame={frame}
        />
      ))}
      {last?.head.kind === 'end' && (
        <EndRow turn={turn} head={last.head} thread={thread} frame={frame} isLast={isLast} />
      )}
    </section>
  );
}

/** The card of the call that leave is asked for. */
function toolOf(head: Extract<PartHead, { kind: 'permission' }>, turn: Turn): Part | null {
  if (head.call === null) return null;
  const isIt = (part: Part): boolean => part.head.kind === 'tool' && part.head.call === head.call;
  return turn.parts.find(isIt) ?? null;
}

const PartView = memo(function PartView({
  part,
  of,
  live,
  thread,
  agent,
  frame,
}: {
  part: Part;
  of: Part | null;
  live: boolean;
  thread: Thread['id'];
  agent: string;
  frame: ThreadFrame;
}): ComponentChildren {
  const { head } = part;
  switch (head.kind) {
    case 'prompt':
      return <Prompt part={part} head={head} frame={frame} />;
    case 'answer':
      return part.text.trim() === '' ? null : (
        <div class="answer">
          <Markdown text={part.text} live={live} copy={frame.copy} />
          <LeftOut part={part} frame={frame} />
        </div>
      );
    case 'thought':
      return <Thought part={part} head={head} frame={frame} />;
    case 'tool':
      return <ToolCard part={part} head={head} frame={frame} />;
    case 'plan':
      return <PlanFold entries={head.entries} />;
    case 'permission':
      return (
        <PermissionCard
          part={part}
          head={head}
          thread={thread}
          agent={agent}
          frame={frame}
          of={of}
        />
      );
    case 'notice':
      return <ThreadNotice part={part} head={head} thread={thread} frame={frame} />;
    case 'end':
      return null;
    default:
      return unreachable(head);
  }
});

function Prompt({
  part,
  head,
  frame,
}: {
  part: Part;
  head: Extract<PartHead, { kind: 'prompt' }>;
  frame: ThreadFrame;
}) {
  const [all, setAll] = useState(false);
  const author = head.author === null ? undefined : frame.session.participant(head.author);
  const name =
    head.author === null ? 'From the agent’s history' : nameOf(frame.session, head.author);
  const lines = part.text.trim().split('\n');
  const folds = lines.length > PROMPT_LINES_SHOWN && !all;
  const text = folds ? lines.slice(0, PROMPT_LINES_SHOWN).join('\n') : lines.join('\n');
  return (
    <div class="prompt" data-prompt={part.id} tabIndex={-1}>
      <h3 class="prompt-head">
        {author !== undefined && <Avatar name={author.name} hue={author.hue} />}
        <span class="prompt-name">{name}</span>
        <span class="time">{timeOf(frame, head.at)}</span>
      </h3>
      <p class="prompt-text">{visibleText(text)}</p>
      {folds && (
        <button type="button" class="button quiet small" onClick={() => setAll(true)}>
          Show all {lines.length} lines
        </button>
      )}
    </div>
  );
}

function Thought({
  part,
  head,
  frame,
}: {
  part: Part;
  head: Extract<PartHead, { kind: 'thought' }>;
  frame: ThreadFrame;
}) {
  const live = head.endedAt === null;
  const words = live ? (
    <Ticking now={frame.now}>{(nowMs) => thoughtWords(head, nowMs)}</Ticking>
  ) : (
    thoughtWords(head, 0)
  );
  if (part.text.trim() === '') return <p class={`thought-line ${live ? 'live' : ''}`}>{words}</p>;
  return (
    <details class={`thought ${live ? 'live' : ''}`}>
      <summary>{words}</summary>
      <div class="thought-text">
        <Markdown text={part.text} live={live} copy={frame.copy} />
        <LeftOut part={part} frame={frame} />
      </div>
    </details>
  );
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
