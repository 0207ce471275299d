// A plan: the steps an agent set itself, how far it is, and each step's state in words too.
import { Check, ChevronDown, ChevronRight, Circle, CircleDot, ListTodo } from 'lucide';
import type { PlanEntry } from '../../protocol/thread.ts';
import { planCount } from '../model/thread-words.ts';
import { visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';

const MARKS = {
  completed: { icon: Check, words: 'done' },
  in_progress: { icon: CircleDot, words: 'in progress' },
  pending: { icon: Circle, words: 'to do' },
} as const;

function Steps({ entries }: { entries: readonly PlanEntry[] }) {
  return (
    <ol class="steps-list">
      {entries.map((entry, at) => (
        <li key={at} class={entry.status}>
          <Icon node={MARKS[entry.status].icon} size={14} />
          <span class="unseen">{MARKS[entry.status].words}: </span>
          <span>{visibleText(entry.content)}</span>
          {entry.priority === 'high' && entry.status !== 'completed' && (
            <span class="chip">high</span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Where it stands among a turn's parts. */
export function PlanFold({ entries }: { entries: readonly PlanEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <details class="thought plan-fold">
      <summary>Plan {planCount(entries)}</summary>
      <Steps entries={entries} />
    </details>
  );
}

/** Above the input line, of the thread that it speaks to. */
export function PinnedPlan({
  entries,
  open,
  toggle,
}: {
  entries: readonly PlanEntry[];
  open: boolean;
  toggle: () => void;
}) {
  const now = entries.find((entry) => entry.status === 'in_progress');
  const done = entries.every((entry) => entry.status === 'completed');
  return (
    <section class="pinned" aria-label="Plan">
      <button type="button" class="pinned-head" aria-expanded={open} onClick={toggle}>
        <Icon node={ListTodo} />
        <strong>Plan</strong>
        <span class="muted">{planCount(entries)}</span>
        <span class="grow cut muted">
          {open ? '' : done ? 'All done' : visibleText(now?.content ?? '')}
        </span>
        <Icon node={open ? ChevronDown : ChevronRight} size={14} />
      </button>
      {open && <Steps entries={entries} />}
    </section>
  );
}
