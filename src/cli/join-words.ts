// What the terminal viewer says: each step of joining, the status line, who is here. Functions
// of the viewer's state; names have been through `printable`.
import { PRESETS, type Capabilities, type Preset } from '../protocol/capability.ts';
import { FAULTS } from '../protocol/faults.ts';
import { unreachable } from '../protocol/result.ts';
import { may } from '../session/grants.ts';
import type { Connection, ViewerState } from '../session/viewer-state.ts';
import { printable, spread } from './printable.ts';

const MENU_HINT = 'Ctrl-] menu';
const PRESET_WORDS: { readonly [P in Preset]: string } = {
  viewer: 'Viewer',
  collaborator: 'Collaborator',
  editor: 'Editor',
  cohost: 'Co-host',
};

/** One line for a step on the way in; '' where the screen says it. */
export function stepWords(connection: Connection, place: string): string {
  switch (connection.phase) {
    case 'reaching':
      return connection.attempt === 1
        ? `Looking for the share at ${place}…`
        : `No answer from ${place} yet. Trying again (${connection.attempt})…`;
    case 'proving':
      return 'Found. Proving to each other that this is the right invite…';
    case 'connecting':
      return 'Proven. Connecting…';
    case 'knocking':
      return `Waiting for ${printable(connection.sharer)} to let you in… Check words: ${connection.words}`;
    case 'live':
    case 'away':
    case 'over':
      return '';
    default:
      return unreachable(connection);
  }
}

/** The line under the screen: who shares, one's own role, the connection, how many are here. */
export function statusWords(state: ViewerState, cols: number): string {
  const parts = [
    state.document === null ? 'Joined' : `${sharerName(state)} shares`,
    state.grant === null ? '' : roleWords(state.grant.capabilities),
    connectionWords(state.connection),
    hereWords(state),
  ];
  return spread(` ${parts.filter((part) => part !== '').join(' · ')}`, ` ${MENU_HINT} `, cols);
}

export function connectionWords(connection: Connection): string {
  switch (connection.phase) {
    case 'live': {
      const way = connection.path === 'websocket' ? 'direct by socket' : 'direct';
      return connection.rttMs === null
        ? way
        : `${way} ${Math.max(1, Math.round(connection.rttMs))} ms`;
    }
    case 'away':
      return awayWords(FAULTS[connection.fault].mine, connection.attempt);
    case 'over':
      return FAULTS[connection.fault].mine;
    case 'reaching':
    case 'proving':
    case 'connecting':
    case 'knocking':
      return 'reconnecting…';
    default:
      return unreachable(connection);
  }
}

function awayWords(why: string, attempt: number): string {
  const again = `${why} Trying again…`;
  return attempt > 1 ? `${again} (${attempt})` : again;
}

function sharerName(state: ViewerState): string {
  const sharer = state.document?.roster.find((one) => one.role === 'sharer');
  return sharer === undefined ? 'The sharer' : printable(sharer.name);
}

/** The largest set of those people are offered that is whole in it. */
function roleWords(capabilities: Capabilities): string {
  const held = Object.keys(capabilities).length;
  const whole = (['cohost', 'editor', 'collaborator', 'viewer'] as const).find((preset) =>
    PRESETS[preset].every((name) => may(capabilities, name)),
  );
  if (whole !== undefined && PRESETS[whole].length === held) return PRESET_WORDS[whole];
  if (may(capabilities, 'type')) return 'you may type';
  if (may(capabilities, 'run')) return 'you may run commands';
  return PRESET_WORDS.viewer;
}

function hereWords(state: ViewerState): string {
  const here = state.document?.roster.filter((one) => one.present).length ?? 0;
  return here === 0 ? '' : `${here} here`;
}

/** Everyone by name, those who are here first. */
export function peopleWords(state: ViewerState): string {
  const roster = state.document?.roster ?? [];
  const name = (one: (typeof roster)[number]): string => {
    const role = one.role === 'sharer' ? ' (shares)' : one.key === state.me.key ? ' (you)' : '';
    return `${printable(one.name)}${role}`;
  };
  const here = roster.filter((one) => one.present).map(name);
  const away = roster.filter((one) => !one.present).map(name);
  const gone = away.length === 0 ? '' : ` · Not here: ${away.join(', ')}`;
  return `Here: ${here.join(', ')}${gone}`;
}

const WATCHING: { readonly [R in ViewerState['request']]: string } = {
  none: 'Ctrl-] r asks for edit access.',
  open: 'You have asked for edit access.',
  denied: 'The sharer did not give you edit access.',
};

/** Why keys go nowhere now; '' where they go to the program. */
export function keysHint(state: ViewerState): string {
  if (state.connection.phase !== 'live') return 'Not connected: keys are not sent.';
  const capabilities = state.grant?.capabilities ?? {};
  if (!may(capabilities, 'type')) {
    return `You are watching. ${WATCHING[state.request]}`;
  }
  const isRunning = state.place?.shell === 'running';
  return isRunning || may(capabilities, 'run')
    ? ''
    : 'You may type into programs, not at the prompt.';
}

/** For the window's title bar. */
export function titleWords(state: ViewerState): string {
  const title = printable(state.place?.title ?? '');
  return title === '' ? `${sharerName(state)} shares` : `${sharerName(state)}: ${title}`;
}
