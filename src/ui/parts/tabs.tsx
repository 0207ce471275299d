// The sharer's terminals as tabs: arrow keys move between them, a number says who waits.
import { Eye, Plus } from 'lucide';
import type { SessionCard } from '../../protocol/app.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { Icon } from './icon.tsx';

export function Tabs({
  tabs,
  active,
  look,
  step,
  create,
}: {
  tabs: readonly SessionCard[];
  active: SessionId | null;
  look: (session: SessionId) => void;
  step: (by: 1 | -1) => void;
  create: () => void;
}) {
  return (
    <div class="tabs">
      <div
        class="tab-list"
        role="tablist"
        aria-label="Terminals"
        onKeyDown={(event) => {
          if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
          event.preventDefault();
          const list = event.currentTarget;
          step(event.key === 'ArrowRight' ? 1 : -1);
          queueMicrotask(() => {
            const next = list.querySelector<HTMLElement>('[aria-selected=true]');
            next?.focus();
          });
        }}
      >
        {tabs.map((card) => (
          <button
            type="button"
            key={card.id}
            class="tab"
            role="tab"
            aria-selected={card.id === active}
            aria-label={tabName(card)}
            tabIndex={card.id === active ? 0 : -1}
            onClick={() => look(card.id)}
          >
            <span class="cut grow">{card.title || 'Terminal'}</span>
            {card.viewers > 0 && (
              <span class="watchers">
                <Icon node={Eye} size={14} /> {card.viewers}
              </span>
            )}
            {card.waiting > 0 && <span class="badge">{card.waiting}</span>}
          </button>
        ))}
      </div>
      <button
        type="button"
        class="button icon-only"
        aria-label="New terminal"
        title="New terminal"
        onClick={create}
      >
        <Icon node={Plus} />
      </button>
    </div>
  );
}

function tabName(card: SessionCard): string {
  const viewers = card.viewers === 0 ? '' : `, ${card.viewers} watching`;
  const waiting = card.waiting === 0 ? '' : `, ${card.waiting} waiting for an answer`;
  return `${card.title || 'Terminal'}${viewers}${waiting}`;
}
