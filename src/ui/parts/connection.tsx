// How one is connected, in words: a dot in the bar, and a banner while the link is away.
import { WifiOff } from 'lucide';
import { FAULTS } from '../../protocol/faults.ts';
import { unreachable } from '../../protocol/result.ts';
import type { Connection, Path } from '../../session/viewer-state.ts';
import type { SessionModel } from '../model/session-model.ts';
import { Icon } from './icon.tsx';

const PATH_WORDS = {
  webrtc: 'Direct',
  websocket: 'Direct socket',
  loopback: 'This computer',
} as const satisfies Record<Path, string>;

export function connectionWords(connection: Connection): string {
  switch (connection.phase) {
    case 'reaching':
      return 'Reaching the sharer…';
    case 'proving':
      return 'Proving…';
    case 'connecting':
      return 'Connecting…';
    case 'knocking':
      return 'Waiting to be let in';
    case 'live':
      return connection.rttMs === null
        ? PATH_WORDS[connection.path]
        : `${PATH_WORDS[connection.path]} · ${Math.max(1, Math.round(connection.rttMs))} ms`;
    case 'away':
      return 'Connection lost';
    case 'over':
      return 'Ended';
    default:
      return unreachable(connection);
  }
}

const TONES = {
  reaching: 'wait',
  proving: 'wait',
  connecting: 'wait',
  knocking: 'wait',
  live: '',
  away: 'wait',
  over: 'off',
} as const satisfies Record<Connection['phase'], string>;

/** On the sharer's own page the question is not how one is connected, but who watches. */
function sharedWords(session: SessionModel): string {
  const count = watching(session);
  if (count > 0) return `Shared · ${count} watching`;
  const open =
    session.desk.value?.invites.some(
      (invite) => invite.state === 'open' || invite.state === 'held',
    ) === true;
  return open ? 'Invite open' : 'Not shared';
}

function watching(session: SessionModel): number {
  return session.roster.value.filter((one) => one.role === 'viewer' && one.present).length;
}

export function LinkState({ session }: { session: SessionModel }) {
  const connection = session.connection.value;
  const shared = session.me.value.owner && connection.phase === 'live';
  const words = shared ? sharedWords(session) : connectionWords(connection);
  const tone = shared && watching(session) === 0 ? 'none' : TONES[connection.phase];
  return (
    <span class="link-state" title={words}>
      <span class={`dot ${tone}`} aria-hidden="true" />
      <span class="words">{words}</span>
    </span>
  );
}

export function AwayBanner({ session }: { session: SessionModel }) {
  const connection = session.connection.value;
  if (connection.phase === 'live' || connection.phase === 'over') return null;
  if (connection.phase === 'knocking') return null;
  const words =
    connection.phase === 'away'
      ? `${FAULTS[connection.fault].mine} Trying again…`
      : 'Coming back to the session…';
  return (
    <div class="banner" role="status">
      <Icon node={WifiOff} />
      <span class="grow">
        {words} What you see stays as it was
        {connection.phase === 'away' && connection.attempt > 1
          ? ` (try ${connection.attempt})`
          : ''}
        .
      </span>
      <button type="button" class="button small" onClick={() => session.viewer.retry()}>
        Try now
      </button>
    </div>
  );
}
