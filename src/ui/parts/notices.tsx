// Sentences that stand for a while: what went wrong, and what the sharer should know.
import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { CircleAlert, CircleCheck, X } from 'lucide';
import { faultWords } from '../../protocol/faults.ts';
import type { NoticeList } from '../model/notice-list.ts';
import type { SessionModel } from '../model/session-model.ts';
import { Icon } from './icon.tsx';

export function Notices({ session }: { session: SessionModel }) {
  useDeskNotices(session);
  return <NoticeLog list={session} />;
}

export function NoticeLog({ list }: { list: NoticeList }) {
  return (
    <div class="notices-place">
      <div class="notices" role="log" aria-label="Notices" aria-live="polite">
        {list.notices.value.map((notice) => (
          <div class={`notice ${notice.tone}`} key={notice.id}>
            <Icon node={notice.tone === 'fault' ? CircleAlert : CircleCheck} class="tone" />
            <span class="grow">{notice.text}</span>
            <button
              type="button"
              class="button small icon-only"
              aria-label="Dismiss"
              onClick={() => list.dismiss(notice.id)}
            >
              <Icon node={X} size={14} />
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}

/** The sharer's notices come whole each time: each is said once. */
function useDeskNotices(session: SessionModel): void {
  const saidUpTo = useRef<number | null>(null);
  useSignalEffect(() => {
    const notices = session.desk.value?.notices;
    if (notices === undefined) return;
    const from = saidUpTo.current;
    saidUpTo.current = Math.max(from ?? 0, ...notices.map((notice) => notice.at));
    if (from === null) return; // what was there before this page is old news
    for (const { fault, at } of notices) {
      const words = faultWords(fault).theirs;
      if (at > from && words !== null) session.say(words, 'fault');
    }
  });
}
