// How a turn ended, what it used, and what may be done about one that did not come to its own end.
import { Copy, Play, RotateCcw } from 'lucide';
import { unreachable } from '../../protocol/result.ts';
import type { PartHead } from '../../protocol/thread.ts';
import type { Thread, Turn } from '../../session/threads.ts';
import { answerMarkdown } from '../model/thread-markdown.ts';
import { whyNotPrompt } from '../model/thread-rights.ts';
import { endReason, endWords } from '../model/thread-words.ts';
import { Icon } from './icon.tsx';
import { actorOf, nameOf, type ThreadFrame } from './thread-frame.ts';

export function EndRow({
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
