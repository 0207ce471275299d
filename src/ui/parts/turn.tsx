// One turn of a conversation: who asked what, how the agent went about it, what it answered, and
// how it ended.
import { Copy, CircleAlert, Info, KeyRound, Play, RotateCcw, TriangleAlert } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Part, PartHead } from '../../protocol/thread.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Thread, Turn } from '../../session/threads.ts';
import { signInWays } from '../model/sign-in.ts';
import { answerMarkdown } from '../model/thread-markdown.ts';
import { whyNotPrompt } from '../model/thread-rights.ts';
import { endReason, endWords, thoughtWords } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Avatar } from './avatar.tsx';
import { Icon } from './icon.tsx';
import { Markdown } from './markdown.tsx';
import { memo } from './memo.ts';
import { PermissionCard } from './permission-card.tsx';
import { PlanFold } from './plan.tsx';
import { actorOf, nameOf, timeOf, type ThreadFrame } from './thread-frame.ts';
import { Ticking } from './ticking.tsx';
import { ToolCard } from './tool-card.tsx';

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
          <LeftOut part={part} />
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
          shownAbove={of !== null && of.contents.some((content) => content.type === 'diff')}
        />
      );
    case 'notice':
      return <Notice part={part} head={head} frame={frame} />;
    case 'end':
      return null;
    default:
      return unreachable(head);
  }
});

function LeftOut({ part }: { part: Part }) {
  if (part.omitted === 0) return null;
  return <p class="rows-fold">{part.omitted.toLocaleString('en')} more characters were not kept</p>;
}

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
        <span class="time">{timeOf(head.at)}</span>
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
        <LeftOut part={part} />
      </div>
    </details>
  );
}

const NOTICE_ICONS = { info: Info, warning: TriangleAlert, error: CircleAlert } as const;
const NOTICE_WORDS = { info: 'Note', warning: 'Warning', error: 'Error' } as const;

function Notice({
  part,
  head,
  frame,
}: {
  part: Part;
  head: Extract<PartHead, { kind: 'notice' }>;
  frame: ThreadFrame;
}) {
  return (
    <div class={`thread-notice ${head.level}`}>
      <Icon node={NOTICE_ICONS[head.level]} />
      <div class="grow">
        <span class="unseen">{NOTICE_WORDS[head.level]}: </span>
        {visibleText(part.text)}
        <SignIn part={part} frame={frame} />
      </div>
    </div>
  );
}

/** The sharer alone signs in, in a terminal that nobody else sees. */
function SignIn({ part, frame }: { part: Part; frame: ThreadFrame }) {
  const { runAlone } = frame;
  const ways = signInWays(part);
  if (runAlone === null || ways.length === 0) return null;
  return (
    <ul class="sign-in">
      {ways.map(({ name, description, command }, at) => (
        <li key={at}>
          {command === null ? (
            <strong>{visibleText(name)}</strong>
          ) : (
            <button
              type="button"
              class="button small"
              title={visibleText(command)}
              onClick={() => runAlone(command)}
            >
              <Icon node={KeyRound} size={14} /> {visibleText(name)}, in a new terminal
            </button>
          )}
          {description !== '' && <small>{visibleText(description)}</small>}
        </li>
      ))}
    </ul>
  );
}

function EndRow({
  turn,
  head,
  thread,
  frame,
  isLast,
}: {
  turn: Turn;
  head: Extract<PartHead, { kind: 'end' }>;
  thread: Thread;
  frame: ThreadFrame;
  isLast: boolean;
}) {
  const reason = endReason(head, (key) => nameOf(frame.session, key));
  const answer = answerMarkdown(turn);
  return (
    <div class="turn-end">
      {reason !== null && <span class={`turn-reason ${reason.tone}`}>{reason.words}</span>}
      <span class="turn-usage">{endWords(head)}</span>
      {answer !== '' && (
        <button
          type="button"
          class="button small icon-only"
          aria-label="Copy response"
          title="Copy response"
          onClick={() => frame.copy(answer, 'Response')}
        >
          <Icon node={Copy} size={14} />
        </button>
      )}
      {isLast && <Again head={head} thread={thread} frame={frame} />}
    </div>
  );
}

/** What may be done about a turn that did not come to its own end. */
function Again({
  head,
  thread,
  frame,
}: {
  head: Extract<PartHead, { kind: 'end' }>;
  thread: Thread;
  frame: ThreadFrame;
}) {
  const { status, actsAlone } = thread.head;
  if (status !== 'idle' && status !== 'stopped') return null;
  const why = whyNotPrompt(actorOf(frame.session), actsAlone);
  const button = (
    icon: typeof Play,
    words: string,
    action: Parameters<typeof frame.session.act>[0],
  ) => (
    <button
      type="button"
      class="button small"
      disabled={why !== null}
      title={why ?? undefined}
      onClick={() => void frame.session.act(action)}
    >
      <Icon node={icon} size={14} /> {words}
    </button>
  );
  switch (head.reason) {
    case 'end_turn':
      return null;
    case 'max_tokens':
    case 'max_turn_requests':
      return button(Play, 'Continue', {
        type: 'thread.prompt',
        thread: thread.id,
        text: 'Continue',
      });
    case 'refusal':
    case 'cancelled':
    case 'failed':
    case 'exited':
    case 'interrupted':
      return button(RotateCcw, 'Retry', { type: 'thread.retry', thread: thread.id });
    default:
      return unreachable(head.reason);
  }
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
