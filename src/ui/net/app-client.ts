// The sharer's page and its process: the socket /app, and a link of its own for each session.
import * as v from 'valibot';
import { newIdentity } from '../../crypto/identity.ts';
import { reach } from '../../peer/reach.ts';
import { openTextSocket } from '../../peer/socket-browser.ts';
import type { TextSocket } from '../../peer/socket.ts';
import { FromApp, type ToApp } from '../../protocol/app.ts';
import { fromText } from '../../protocol/bytes.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { unreachable } from '../../protocol/result.ts';
import { openViewer } from '../../session/viewer.ts';
import type { Viewer } from '../../session/viewer-state.ts';
import type { BrowserPorts } from '../browser.ts';
import { KEPT } from '../model/entry.ts';
import type { AppClient, AppState } from '../model/ports.ts';
import { browserEntropy, pageSocket, reachPorts, viewerPorts } from './page-ports.ts';

/** Between tries to reach the process again, in ms: it is on this computer. */
const RETRY_MS = 1000;

export function openAppClient(opening: string, ports: BrowserPorts): AppClient {
  let state: AppState = { phase: 'entering' };
  let token = opening;
  let socket: TextSocket | 'none' = 'none';
  let cancelRetry = (): void => undefined;
  const watchers = new Set<(state: AppState) => void>();
  const failures = new Set<(fault: string) => void>();
  const viewers = new Map<SessionId, Viewer>();
  /** Signs for this page; the session's own key never leaves the process. */
  const identity = newIdentity(browserEntropy);

  function show(next: AppState): void {
    state = next;
    for (const changed of watchers) changed(state);
  }

  function say(message: ToApp): void {
    if (socket !== 'none') socket.send(JSON.stringify(message));
  }

  async function connect(attempt: number): Promise<void> {
    const opened = await openTextSocket(`${pageSocket()}/app`);
    if (!opened.ok) return away(attempt);
    socket = opened.value;
    socket.onText((text) => heard(parse(text)));
    socket.onClosed(() => {
      socket = 'none';
      if (state.phase !== 'refused') away(0);
    });
    say({ type: 'enter', token });
  }

  function away(attempt: number): void {
    show({ phase: 'away', attempt: attempt + 1 });
    cancelRetry();
    cancelRetry = ports.clock.after(RETRY_MS, () => void connect(attempt + 1));
  }

  function heard(message: FromApp | null): void {
    if (message === null) return;
    switch (message.type) {
      case 'entered': {
        const { type: _, token: kept, name, hue, ...rest } = message;
        token = kept;
        ports.tab.set(KEPT.token, kept);
        return show({ phase: 'entered', me: { name, hue }, ...rest, sessions: [] });
      }
      case 'sessions':
        if (state.phase === 'entered') show({ ...state, sessions: message.sessions });
        return;
      case 'refused':
        if (message.fault === 'app.token') ports.tab.remove(KEPT.token);
        return show({ phase: 'refused', fault: message.fault });
      case 'failed':
        for (const hear of failures) hear(message.fault);
        return;
      default:
        unreachable(message);
    }
  }

  function viewerOf(session: SessionId): Viewer {
    const url = `${pageSocket()}/app/session/`;
    const reaching = { ...reachPorts(identity, ports.clock), rtc: null };
    const secret = fromText(token);
    return openViewer(
      {
        by: 'app',
        door: { door: 'app', token: secret.ok ? secret.value : new Uint8Array(32), session },
      },
      {
        ...viewerPorts(identity, ports.clock),
        reach: (entrance, step) =>
          reach(entrance, [{ by: 'socket', url, signal: null }], reaching, step),
        remember: () => undefined,
      },
    );
  }

  void connect(0);
  return {
    state: () => state,
    watch(changed) {
      watchers.add(changed);
      return () => void watchers.delete(changed);
    },
    onFailed(hear) {
      failures.add(hear);
      return () => void failures.delete(hear);
    },
    newSession: () => say({ type: 'newSession' }),
    signIn: (session, thread, way) => say({ type: 'signIn', session, thread, way }),
    viewer(session) {
      const known = viewers.get(session);
      if (known !== undefined) return known;
      const made = viewerOf(session);
      viewers.set(session, made);
      return made;
    },
    retry() {
      cancelRetry();
      void connect(0);
    },
  };
}

function parse(text: string): FromApp | null {
  try {
    const parsed = v.safeParse(FromApp, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
