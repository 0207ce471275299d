// The sharer's page: its terminals in tabs, sharing, and who is in.
import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { CircleStop, LogIn, Plus, Search, Share2, SunMoon, Trash2, Users, WifiOff } from 'lucide';
import { FAULTS } from '../../protocol/faults.ts';
import { unreachable } from '../../protocol/result.ts';
import { appModel, type AppModel } from '../model/app-model.ts';
import type { Ports } from '../model/ports.ts';
import type { SessionModel } from '../model/session-model.ts';
import type { ThemeModel } from '../model/theme.ts';
import { BarEnd, Brand } from '../parts/bar.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Icon } from '../parts/icon.tsx';
import { JoinDialog } from '../parts/join-dialog.tsx';
import { NoticeLog } from '../parts/notices.tsx';
import { NOTHING_OVER, useOverlay, type Overlay } from '../parts/overlays.tsx';
import { Palette, type Command } from '../parts/palette.tsx';
import { Pane } from '../parts/pane.tsx';
import { People } from '../parts/people.tsx';
import { ShareDialog } from '../parts/share-dialog.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { threadCommands } from '../parts/thread-commands.ts';
import { Ticking } from '../parts/ticking.tsx';
import { Door } from './door.tsx';

export function AppPage({
  token,
  ports,
  theme,
  now,
}: {
  token: string;
  ports: Ports;
  theme: ThemeModel;
  now: ReadonlySignal<number>;
}) {
  const [app] = useState(() => appModel(ports, token));
  useEffect(() => app.close, [app]);
  const overlay = useOverlay();
  const people = useSignal(false);
  const state = app.state.value;
  const session = app.session.value;
  useTitle(app);
  if (state.phase === 'refused') {
    return (
      <Door title="This page cannot open meshell">
        <p class="muted">{FAULTS[state.fault].mine}</p>
      </Door>
    );
  }
  if (state.phase === 'entering') return <Door title="Opening meshell…" busy />;
  if (state.phase === 'away' && session === null) {
    return (
      <Door title="Looking for meshell…">
        <p class="muted">{FAULTS['app.silent'].mine}</p>
        <button type="button" class="button large" onClick={app.retry}>
          Try now
        </button>
      </Door>
    );
  }
  const share = (from: number | null): void => {
    overlay.value = { over: 'share', from };
  };
  const commands = commandsOf(app, session, theme, overlay, people);
  return (
    <div class="page">
      <header class="bar">
        <Brand heading={session !== null} />
        <Tabs
          tabs={app.tabs.value}
          active={app.active.value}
          look={app.look}
          step={app.step}
          create={app.newSession}
        />
        <BarEnd
          session={session}
          people={() => {
            people.value = !people.value;
          }}
          peopleOpen={people.value}
          share={() => share(null)}
          menu={commands}
        />
      </header>
      {state.phase === 'away' && <ProcessAway retry={app.retry} />}
      {session === null ? (
        <Start app={app} join={() => (overlay.value = { over: 'join' })} />
      ) : (
        <div class="pane-and-side">
          <Pane
            key={app.active.value}
            session={session}
            theme={theme.theme.value}
            now={now}
            copy={ports.copy}
            shareFrom={share}
            signIn={app.signIn}
          />
          {people.value && (
            <Ticking now={now}>
              {(nowMs) => (
                <People
                  session={session}
                  nowMs={nowMs}
                  close={() => (people.value = false)}
                  invite={() => share(null)}
                />
              )}
            </Ticking>
          )}
        </div>
      )}
      <Over
        app={app}
        session={session}
        overlay={overlay}
        ports={ports}
        commands={commands}
        now={now}
      />
    </div>
  );
}

function ProcessAway({ retry }: { retry: () => void }) {
  return (
    <div class="banner" role="status">
      <Icon node={WifiOff} />
      <span class="grow">{FAULTS['app.silent'].mine}</span>
      <button type="button" class="button small" onClick={retry}>
        Try now
      </button>
    </div>
  );
}

function Over({
  app,
  session,
  overlay,
  ports,
  commands,
  now,
}: {
  app: AppModel;
  session: SessionModel | null;
  overlay: Signal<Overlay>;
  ports: Ports;
  commands: readonly Command[];
  now: ReadonlySignal<number>;
}) {
  const close = (): void => {
    overlay.value = NOTHING_OVER;
  };
  const over = overlay.value;
  const state = app.state.value;
  const setting =
    state.phase === 'entered'
      ? state
      : { reaches: ['local' as const], addresses: [], signal: null };
  switch (over.over) {
    case 'nothing':
      return null;
    case 'palette':
      return <Palette commands={commands} close={close} />;
    case 'join':
      return (
        <JoinDialog
          origin={location.origin}
          signal={setting.signal}
          go={(url) => ports.go(url, 'newTab')}
          close={close}
        />
      );
    case 'question':
      return <Confirm question={over.question} close={close} />;
    case 'share':
      return session === null ? null : (
        <Ticking now={now}>
          {(nowMs) => (
            <ShareDialog
              session={session}
              setting={setting}
              from={over.from}
              nowMs={nowMs}
              copy={ports.copy}
              close={close}
            />
          )}
        </Ticking>
      );
    default:
      return unreachable(over);
  }
}

function commandsOf(
  app: AppModel,
  session: SessionModel | null,
  theme: ThemeModel,
  overlay: Signal<Overlay>,
  people: Signal<boolean>,
): readonly Command[] {
  const always: Command[] = [
    { words: 'New terminal', icon: Plus, do: app.newSession },
    { words: 'Join a session…', icon: LogIn, do: () => (overlay.value = { over: 'join' }) },
    { words: 'Switch between dark and light', icon: SunMoon, do: theme.toggle },
    {
      words: 'Find a command…',
      icon: Search,
      keys: 'Ctrl K',
      do: () => (overlay.value = { over: 'palette' }),
    },
  ];
  if (session === null) return always;
  const ask = (question: Extract<Overlay, { over: 'question' }>['question']): void => {
    overlay.value = { over: 'question', question };
  };
  return [
    {
      words: 'Share this terminal…',
      icon: Share2,
      do: () => (overlay.value = { over: 'share', from: null }),
    },
    ...threadCommands(session),
    { words: 'Participants', icon: Users, do: () => (people.value = !people.value) },
    ...always,
    {
      words: 'End the share',
      icon: CircleStop,
      do: () =>
        ask({
          title: 'End the share?',
          says: 'Everyone who joined is disconnected and open invites close. The terminal goes on for you.',
          yes: 'End the share',
          do: () => void session.act({ type: 'share.end' }),
        }),
    },
    {
      words: 'Close this terminal',
      icon: Trash2,
      do: () =>
        ask({
          title: 'Close this terminal?',
          says: 'Its shell and whatever runs in it end, for you and for everyone who joined.',
          yes: 'Close the terminal',
          do: () => void session.act({ type: 'session.close' }),
        }),
    },
  ];
}

function Start({ app, join }: { app: AppModel; join: () => void }) {
  return (
    <main class="start">
      <div class="start-card">
        <h1>No terminal is open</h1>
        <p class="muted">Open one here, or join somebody else’s with the code they read to you.</p>
        <div class="card-actions">
          <button type="button" class="button primary large" onClick={app.newSession}>
            <Icon node={Plus} /> New terminal
          </button>
          <button type="button" class="button large" onClick={join}>
            <Icon node={LogIn} /> Join a session…
          </button>
        </div>
      </div>
      <NoticeLog list={app.said} />
    </main>
  );
}

function useTitle(app: AppModel): void {
  const waiting = app.waiting.value;
  const title = app.session.value?.title.value ?? '';
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ''}${title === '' ? '' : `${title} · `}meshell`;
  }, [waiting, title]);
}
