// The session as somebody who joined sees it.
import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { DoorOpen, Hand, LogIn, Search, Share2, SunMoon, TriangleAlert, Users } from 'lucide';
import { PRESETS } from '../../protocol/capability.ts';
import { FAULTS } from '../../protocol/faults.ts';
import type { Ports } from '../model/ports.ts';
import type { SessionModel } from '../model/session-model.ts';
import type { ThemeModel } from '../model/theme.ts';
import { BarEnd, Brand } from '../parts/bar.tsx';
import { Icon } from '../parts/icon.tsx';
import { NOTHING_OVER, useOverlay } from '../parts/overlays.tsx';
import { Palette, type Command } from '../parts/palette.tsx';
import { Pane } from '../parts/pane.tsx';
import { People } from '../parts/people.tsx';
import { ShareDialog, type ShareSetting } from '../parts/share-dialog.tsx';
import { threadCommands } from '../parts/thread-commands.ts';
import { Ticking } from '../parts/ticking.tsx';

/** [CP9] A guest who may invite does so the way the share is already reached. */
const GUEST_SETTING: ShareSetting = { reaches: [], addresses: [], signal: null };

export function ViewerPage({
  session,
  ports,
  theme,
  now,
  again,
  forgetful,
}: {
  session: SessionModel;
  ports: Ports;
  theme: ThemeModel;
  now: ReadonlySignal<number>;
  again: () => void;
  forgetful: boolean;
}) {
  const overlay = useOverlay();
  const people = useSignal(false);
  const manages = session.can('manage');
  const title = session.title.value;
  const sharer = session.roster.value.find((one) => one.role === 'sharer');
  const close = (): void => {
    overlay.value = NOTHING_OVER;
  };
  const share = (from: number | null): void => {
    overlay.value = { over: 'share', from };
  };
  const commands: Command[] = [
    { words: 'Participants', icon: Users, do: () => (people.value = !people.value) },
    ...(session.can('run') ? [] : [requestCommand(session)]),
    ...(manages ? [{ words: 'Share this terminal…', icon: Share2, do: () => share(null) }] : []),
    ...threadCommands(session),
    { words: 'Switch between dark and light', icon: SunMoon, do: theme.toggle },
    {
      words: 'Find a command…',
      icon: Search,
      keys: 'Ctrl K',
      do: () => (overlay.value = { over: 'palette' }),
    },
    { words: 'Leave, and join another session…', icon: DoorOpen, do: again },
  ];
  const waiting = session.conversations.mine.value;
  useEffect(() => {
    const name = sharer === undefined ? '' : `${sharer.name} · `;
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${name}meshell`;
  }, [sharer?.name, waiting]);
  return (
    <div class="page">
      <header class="bar">
        <Brand heading={false} />
        <h1 class="grow cut viewer-title">
          {title || 'Terminal'}
          {sharer !== undefined && <span class="muted"> · shared by {sharer.name}</span>}
        </h1>
        <BarEnd
          session={session}
          people={() => {
            people.value = !people.value;
          }}
          peopleOpen={people.value}
          share={manages ? () => share(null) : null}
          menu={commands}
        />
      </header>
      <div class="pane-and-side">
        <div class="viewer-column">
          <Ended session={session} again={again} />
          {forgetful && (
            <p class="banner">
              <Icon node={TriangleAlert} /> This browser keeps nothing for this page: a reload would
              lose your place.
            </p>
          )}
          <Pane
            session={session}
            theme={theme.theme.value}
            now={now}
            copy={ports.copy}
            shareFrom={manages ? share : null}
            signIn={null}
          />
        </div>
        {people.value && (
          <Ticking now={now}>
            {(nowMs) => (
              <People
                session={session}
                nowMs={nowMs}
                close={() => (people.value = false)}
                invite={manages ? () => share(null) : null}
              />
            )}
          </Ticking>
        )}
      </div>
      {overlay.value.over === 'palette' && <Palette commands={commands} close={close} />}
      {overlay.value.over === 'share' && (
        <GuestShare
          session={session}
          from={overlay.value.from}
          now={now}
          ports={ports}
          close={close}
        />
      )}
    </div>
  );
}

function GuestShare({
  session,
  from,
  now,
  ports,
  close,
}: {
  session: SessionModel;
  from: number | null;
  now: ReadonlySignal<number>;
  ports: Ports;
  close: () => void;
}) {
  return (
    <Ticking now={now}>
      {(nowMs) => (
        <ShareDialog
          session={session}
          setting={GUEST_SETTING}
          from={from}
          nowMs={nowMs}
          copy={ports.copy}
          close={close}
        />
      )}
    </Ticking>
  );
}

function requestCommand(session: SessionModel): Command {
  return {
    words: 'Request edit access',
    icon: Hand,
    do: () => void session.act({ type: 'access.request', capabilities: [...PRESETS.editor] }),
  };
}

function Ended({ session, again }: { session: SessionModel; again: () => void }) {
  const connection = session.connection.value;
  if (connection.phase !== 'over') return null;
  return (
    <div class="banner over" role="alert">
      <Icon node={TriangleAlert} />
      <span class="grow">{FAULTS[connection.fault].mine} What you see is as it was then.</span>
      <button type="button" class="button small" onClick={again}>
        <Icon node={LogIn} size={14} /> Join another
      </button>
    </div>
  );
}
