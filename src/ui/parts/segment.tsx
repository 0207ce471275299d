// A piece of a conversation among the blocks of the timeline, where it began; and what every
// view of a thread shares: its turns and the line that says what it is at.
import { ArrowUpRight, CircleStop } from 'lucide';
import type { Segment } from '../../protocol/thread.ts';
import { turnsOf, type Thread } from '../../session/threads.ts';
import { whyNotSteer } from '../model/thread-rights.ts';
import { threadName, threadState, workWords } from '../model/thread-words.ts';
import { shortDirectory, visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';
import { memo } from './memo.ts';
import { ActsAlone, AgentIcon, AgentName, StateChip } from './thread-badges.tsx';
import { actorOf, type ThreadFrame } from './thread-frame.ts';
import { Ticking } from './ticking.tsx';
import { TurnView } from './turn.tsx';

export const SegmentView = memo(function SegmentView({
  segment,
  thread,
  frame,
  current,
}: {
  segment: Segment;
  thread: Thread;
  frame: ThreadFrame;
  /** Whether Tab comes to this segment. */
  current: boolean;
}) {
  const isNewest = thread.segments.at(-1) === segment.number;
  const turns = turnsOf(segment.parts);
  const lastTurn = thread.parts.at(-1)?.turn;
  const name = visibleText(threadName(thread));
  return (
    <article
      class="segment"
      aria-label={`Conversation with ${thread.agent.name}: ${name}`}
      data-block={segment.number}
      tabIndex={current ? 0 : -1}
    >
      <header class="segment-head">
        <AgentIcon agent={thread.agent} />
        <h2 class="cut">{name}</h2>
        <span class="segment-about">
          <AgentName agent={thread.agent} />
          {thread.head.actsAlone && <ActsAlone />}
          <span class="where cut" title={segment.directory}>
            {shortDirectory(segment.directory)}
          </span>
          {segment.index > 0 && <span>continued</span>}
          {isNewest && <StateChip state={threadState(thread)} />}
        </span>
        <button
          type="button"
          class="button small quiet"
          onClick={() => frame.session.conversations.look(thread.id)}
        >
          Open <span class="unseen">conversation {name}</span>
          <Icon node={ArrowUpRight} size={14} />
        </button>
      </header>
      <div class="turns">
        {turns.map((turn) => (
          <TurnView
            key={turn.turn}
            turn={turn}
            thread={thread}
            frame={frame}
            isLast={isNewest && turn.turn === lastTurn}
          />
        ))}
        {isNewest && <WorkRow thread={thread} frame={frame} />}
      </div>
    </article>
  );
});

/** What a thread is at now, with the way to stop it; nothing while it is quiet. */
export function WorkRow({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  const { status, quietSince } = thread.head;
  if (status !== 'running' && status !== 'waiting' && status !== 'starting') return null;
  const last = thread.parts.at(-1)?.head ?? null;
  // The input line that speaks to it has a Stop of its own.
  const spoken = frame.session.conversations.spoken.value?.id === thread.id;
  return (
    <div class={`work ${quietSince === null ? status : 'quiet'}`}>
      <span class="pulse" aria-hidden="true" />
      <span class="grow">
        <Ticking now={frame.now}>
          {(nowMs) => workWords(thread.head, last, thread.agent.name, nowMs)}
        </Ticking>
      </span>
      {status !== 'starting' && !spoken && <StopButton thread={thread} frame={frame} />}
    </div>
  );
}

function StopButton({ thread, frame }: { thread: Thread; frame: ThreadFrame }) {
  const why = whyNotSteer(actorOf(frame.session));
  return (
    <button
      type="button"
      class="button small"
      disabled={why !== null}
      title={why ?? 'Stop (Esc)'}
      onClick={() => void frame.session.act({ type: 'thread.stop', thread: thread.id })}
    >
      <Icon node={CircleStop} size={14} /> Stop
    </button>
  );
}
