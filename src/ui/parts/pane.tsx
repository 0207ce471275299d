// One session filling its pane: its conversations, the timeline or one of them, the live part,
// the input line, what waits and what is said;
// and where typing goes when the shell changes its state.
import { useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals';
import type { ThreadId } from '../../protocol/ids.ts';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { focusAfter, type Focus, type Shell } from '../model/focus.ts';
import type { SessionModel } from '../model/session-model.ts';
import type { Theme } from '../model/theme.ts';
import { Asked } from './asked.tsx';
import { Attention } from './attention.tsx';
import type { BlockDeeds } from './block.tsx';
import { AwayBanner } from './connection.tsx';
import { ConversationList } from './conversation-list.tsx';
import { Desk } from './desk.tsx';
import { Foot } from './input-line.tsx';
import { Live } from './live.tsx';
import { Notices } from './notices.tsx';
import { paneKey } from './pane-keys.ts';
import type { ThreadFrame } from './thread-frame.ts';
import { ThreadView } from './thread-view.tsx';
import { Ticking } from './ticking.tsx';
import { Timeline } from './timeline.tsx';

export function Pane({
  session,
  theme,
  now,
  copy,
  shareFrom,
  signIn,
}: {
  session: SessionModel;
  theme: Theme;
  now: ReadonlySignal<number>;
  copy: (text: string) => Promise<boolean>;
  shareFrom: ((block: number) => void) | null;
  /** null where this is not the sharer's own page. */
  signIn: ((thread: ThreadId, way: number) => void) | null;
}) {
  const viewport = useRef<HTMLElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const keyboard = useRef<HTMLTextAreaElement>(null);
  const sent = useRef(false);
  const deeds = useDeeds(session, field, copy, shareFrom);
  const frame = useFrame(session, now, deeds, field, signIn);
  const listOpen = useSignal(true);
  useFocusFollows(session, field, keyboard, sent);
  const { conversations } = session;
  const looked = conversations.looked.value;
  useFocusBack(looked === null, viewport);
  const create = (): void => {
    conversations.ask({ about: 'new' });
  };
  return (
    <div
      class="pane-and-list"
      onKeyDown={(event) => {
        if (event.target !== keyboard.current && paneKey(event, frame)) event.preventDefault();
      }}
    >
      <ConversationList
        frame={frame}
        open={listOpen.value}
        toggle={() => {
          listOpen.value = !listOpen.value;
        }}
        create={session.can('prompt') ? create : null}
      />
      <main class="pane">
        <AwayBanner session={session} />
        <div class="views">
          <Timeline
            session={session}
            viewport={viewport}
            deeds={deeds}
            frame={frame}
            hidden={looked !== null}
          >
            <Live
              session={session}
              theme={theme}
              viewport={viewport}
              keyboard={keyboard}
              now={now}
              leave={() => (field.current ?? viewport.current)?.focus({ preventScroll: true })}
            />
          </Timeline>
          {looked !== null && <ThreadView key={looked.id} thread={looked} frame={frame} />}
        </div>
        <div class="pane-end">
          <Notices session={session} />
          <Attention frame={frame} />
          <Foot
            session={session}
            frame={frame}
            create={create}
            field={field}
            toGrid={() => keyboard.current?.focus({ preventScroll: true })}
            sent={() => {
              sent.current = true;
            }}
          />
        </div>
        <Ticking now={now}>{(nowMs) => <Desk session={session} nowMs={nowMs} />}</Ticking>
      </main>
      <Asked frame={frame} />
    </div>
  );
}

/** The same object as long as the session is the same. */
function useFrame(
  session: SessionModel,
  now: ReadonlySignal<number>,
  deeds: BlockDeeds,
  field: RefObject<HTMLTextAreaElement | null>,
  signIn: ((thread: ThreadId, way: number) => void) | null,
): ThreadFrame {
  const current = useRef(deeds);
  current.current = deeds;
  const [frame] = useState<ThreadFrame>(() => ({
    session,
    now,
    copy: (text, what) => current.current.copy(text, what),
    signIn,
    toInput: () => requestAnimationFrame(() => field.current?.focus({ preventScroll: true })),
  }));
  return frame;
}

/** The same object as long as it does the same, so that blocks are not drawn anew for it. */
function useDeeds(
  session: SessionModel,
  field: RefObject<HTMLTextAreaElement | null>,
  copy: (text: string) => Promise<boolean>,
  shareFrom: ((block: number) => void) | null,
): BlockDeeds {
  const known = useRef<{ readonly name: string; readonly deeds: BlockDeeds } | null>(null);
  const share = useRef(shareFrom);
  share.current = shareFrom;
  const mayRun = session.can('run');
  const name = `${shareFrom === null} ${mayRun}`;
  if (known.current?.name === name) return known.current.deeds;
  const copied = async (text: string, what: string): Promise<void> => {
    const done = await copy(text);
    session.say(done ? `${what} copied` : 'The browser did not copy it.', done ? 'said' : 'fault');
  };
  const deeds: BlockDeeds = {
    copy: (text, what) => void copied(text, what),
    shareFrom: shareFrom === null ? null : (block) => share.current?.(block),
    reuse: mayRun
      ? (command) => {
          session.input.set(command);
          field.current?.focus();
        }
      : null,
  };
  known.current = { name, deeds };
  return deeds;
}

/** Where the keyboard was went with a conversation: then it is at what is shown instead. */
function useFocusBack(isTimeline: boolean, viewport: RefObject<HTMLElement | null>): void {
  const before = useRef(isTimeline);
  useEffect(() => {
    const isBack = isTimeline && !before.current;
    before.current = isTimeline;
    if (isBack && document.activeElement === document.body) {
      viewport.current?.focus({ preventScroll: true });
    }
  }, [isTimeline]);
}

function useFocusFollows(
  session: SessionModel,
  field: RefObject<HTMLTextAreaElement | null>,
  keyboard: RefObject<HTMLTextAreaElement | null>,
  sent: RefObject<boolean>,
): void {
  const before = useRef<Shell>(session.shell.peek());
  useSignalEffect(() => {
    const shell = session.shell.value;
    const ours = { mayType: session.can('type'), sent: sent.current };
    const to = focusAfter(before.current, shell, focusOf(field.current, keyboard.current), ours);
    before.current = shell;
    if (shell !== 'running') sent.current = false;
    if (to === 'grid') keyboard.current?.focus({ preventScroll: true });
    if (to === 'input') field.current?.focus({ preventScroll: true });
  });
}

function focusOf(field: Element | null, keyboard: Element | null): Focus {
  const at = document.activeElement;
  if (at !== null && at === field) return 'input';
  return at !== null && at === keyboard ? 'grid' : 'elsewhere';
}
