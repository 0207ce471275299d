// A line over the input while an agent waits for this person's answer and its card is not in
// sight: what is asked, and the way there.
import { useEffect, useState } from 'preact/hooks';
import { ShieldQuestionMark } from 'lucide';
import type { OpenPermission } from '../model/conversations-model.ts';
import { visibleText } from '../model/words.ts';
import { Icon } from './icon.tsx';
import type { ThreadFrame } from './thread-frame.ts';

export function Attention({ frame }: { frame: ThreadFrame }) {
  const { conversations } = frame.session;
  const [asked] = conversations.open.value;
  const count = conversations.mine.value;
  const looked = conversations.looked.value?.id ?? null;
  const card = asked === undefined ? '' : `${asked.thread.id}/${asked.part.id}`;
  const seen = useSeen(card, looked);
  if (asked === undefined || count === 0) return <p class="unseen" role="status" />;
  return (
    <>
      <p class="unseen" role="status">
        {announced(asked)}
      </p>
      {!seen && (
        <div class="attention">
          <Icon node={ShieldQuestionMark} />
          <span class="grow cut">
            {count > 1 ? `${count} requests wait for an answer` : announced(asked)}
          </span>
          <button
            type="button"
            class="button small"
            onClick={() => {
              if (cardOf(card) === null || looked !== null) conversations.look(asked.thread.id);
              requestAnimationFrame(() => toCard(card));
            }}
          >
            Go to it
          </button>
        </div>
      )}
    </>
  );
}

function announced({ thread, part }: OpenPermission): string {
  const title = part.head.kind === 'permission' ? visibleText(part.head.title) : '';
  return `${thread.agent.name} asks for permission: ${title}`;
}

/** Whether the card is in sight, as far as the browser tells. */
function useSeen(card: string, looked: string | null): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    const element = card === '' ? null : cardOf(card);
    setSeen(card === '' || element !== null);
    if (element === null) return undefined;
    const watching = new IntersectionObserver((entries) => {
      setSeen(entries.at(-1)?.isIntersecting ?? true);
    });
    watching.observe(element);
    return () => watching.disconnect();
  }, [card, looked]);
  return seen;
}

/** The one that can be reached: what lies behind a conversation is inert. */
function cardOf(card: string): HTMLElement | null {
  const all = document.querySelectorAll<HTMLElement>(`[data-permission='${card}']`);
  return [...all].find((one) => one.closest('[inert]') === null) ?? null;
}

function toCard(card: string): void {
  const element = cardOf(card);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: 'center' });
}
