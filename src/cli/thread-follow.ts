// Following the sharer in a terminal, from the terminal to a conversation and back: where a view of
// threads is, and what brings it along. Knows no keys.
import type { ThreadId } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import type { Thread } from '../session/threads.ts';
import type { ThreadInput, ThreadView } from './thread-view.ts';

/** What is looked at: the terminal, a conversation, or what one chooses from. */
export function placeOf(view: ThreadView): ThreadId | 'terminal' | 'choice' {
  switch (view.phase) {
    case 'off':
      return 'terminal';
    case 'list':
    case 'agents':
      return 'choice';
    case 'thread':
      return view.thread;
    case 'writing':
      return 'thread' in view.to ? view.to.thread : 'choice';
    default:
      return unreachable(view);
  }
}

/** [TV9] To what is here, else to the terminal; nobody is led away from what is being written. */
export function ledTo(
  view: ThreadView,
  to: ThreadId | null,
  threads: readonly Thread[],
): ThreadInput | 'stays' {
  const goal = threads.find((one) => one.id === to);
  if (view.phase === 'writing' || placeOf(view) === (goal?.id ?? 'terminal')) return 'stays';
  return goal === undefined ? { on: 'close' } : { on: 'openAt', thread: goal.id };
}
