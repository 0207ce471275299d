// Sentences that stand for a while: what went wrong, what was done. Knows nobody who says them.
import { signal, type ReadonlySignal } from '@preact/signals-core';

/** `id` counts up. */
export interface Notice {
  readonly id: number;
  readonly tone: 'fault' | 'said';
  readonly text: string;
}

export interface NoticeList {
  readonly notices: ReadonlySignal<readonly Notice[]>;
  readonly dismiss: (id: number) => void;
  readonly say: (text: string, tone?: Notice['tone']) => void;
}

/** More at once nobody reads. */
const NOTICES_MAX = 4;
const NOTICE_MS = 8000;

export function noticeList(later: (afterMs: number, wake: () => void) => unknown): NoticeList {
  const notices = signal<readonly Notice[]>([]);
  let count = 0;
  const dismiss = (id: number): void => {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  };
  return {
    notices,
    dismiss,
    say(text, tone = 'said') {
      const id = ++count;
      const others = notices.value.filter((notice) => notice.text !== text);
      notices.value = [...others, { id, tone, text }].slice(-NOTICES_MAX);
      later(NOTICE_MS, () => dismiss(id));
    },
  };
}
