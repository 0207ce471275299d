// The viewer's menu of two lines, opened by the prefix key, as a machine: keys in, what to draw
// and what to ask of the sharer out. Knows neither terminal nor link.
import type { Action } from '../protocol/action.ts';
import { PRESETS } from '../protocol/capability.ts';
import { COMMAND_BYTES_MAX } from '../protocol/limits.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import { may } from '../session/grants.ts';
import type { ViewerState } from '../session/viewer-state.ts';
import { peopleWords } from './join-words.ts';
import { PREFIX_KEY } from './prefix-key.ts';
import { printable } from './printable.ts';

export type Menu =
  | { readonly phase: 'closed' }
  | { readonly phase: 'open' }
  | { readonly phase: 'people' }
  | { readonly phase: 'command'; readonly text: string };

export type MenuEffect =
  | { readonly do: 'act'; readonly action: Action }
  | { readonly do: 'leave' }
  | { readonly do: 'threads' }
  | { readonly do: 'follow' }
  | { readonly do: 'say'; readonly text: string };

/** A command line is read on one line here; a longer one belongs into the terminal itself. */
const COMMAND_CHARS_MAX = COMMAND_BYTES_MAX / 4;

export const closedMenu: Menu = { phase: 'closed' };

export function joinMenu(menu: Menu, key: string, viewer: ViewerState): Step<Menu, MenuEffect> {
  if (key === PREFIX_KEY) {
    return [menu.phase === 'closed' ? { phase: 'open' } : closedMenu, []];
  }
  switch (menu.phase) {
    case 'closed':
      return [menu, []];
    case 'open':
      return chosen(key, viewer);
    case 'people':
      return [closedMenu, []];
    case 'command':
      return command(menu.text, key);
    default:
      return unreachable(menu);
  }
}

function chosen(key: string, viewer: ViewerState): Step<Menu, MenuEffect> {
  switch (key) {
    case 'r':
      return viewer.request === 'open'
        ? [closedMenu, [{ do: 'act', action: { type: 'access.withdraw' } }]]
        : [closedMenu, asking(viewer)];
    case 'c':
      return may(viewer.grant?.capabilities ?? {}, 'run')
        ? [{ phase: 'command', text: '' }, []]
        : [
            closedMenu,
            [{ do: 'say', text: 'You may not run commands. Ctrl-] r asks for edit access.' }],
          ];
    case 'p':
      return [{ phase: 'people' }, []];
    case 'a':
      return [closedMenu, [{ do: 'threads' }]];
    case 'f':
      return [closedMenu, [{ do: 'follow' }]];
    case 'l':
      return [closedMenu, [{ do: 'leave' }]];
    default:
      return [closedMenu, []];
  }
}

function asking(viewer: ViewerState): readonly MenuEffect[] {
  const held = viewer.grant?.capabilities ?? {};
  if (PRESETS.editor.every((name) => may(held, name))) {
    return [{ do: 'say', text: 'You have edit access.' }];
  }
  return [
    { do: 'act', action: { type: 'access.request', capabilities: [...PRESETS.editor] } },
    { do: 'say', text: 'Asked for edit access. Ctrl-] r takes it back.' },
  ];
}

function command(text: string, key: string): Step<Menu, MenuEffect> {
  switch (key) {
    case 'escape':
    case '\u0003':
      return [closedMenu, []];
    case '\r':
    case '\n':
      return text.trim() === ''
        ? [closedMenu, []]
        : [closedMenu, [{ do: 'act', action: { type: 'command.run', text } }]];
    case '\u007f':
    case '\b':
      return [{ phase: 'command', text: Array.from(text).slice(0, -1).join('') }, []];
    case '\u0015':
      return [{ phase: 'command', text: '' }, []];
    default: {
      const longer = text + printable(key);
      return longer.length > COMMAND_CHARS_MAX
        ? [{ phase: 'command', text }, []]
        : [{ phase: 'command', text: longer }, []];
    }
  }
}

/** The two lines, or none. */
export function menuLines(menu: Menu, viewer: ViewerState, follows: boolean): readonly string[] {
  switch (menu.phase) {
    case 'closed':
      return [];
    case 'open': {
      const request =
        viewer.request === 'open' ? 'r take back the request' : 'r ask for edit access';
      const follow = follows ? 'f stop following' : 'f follow the sharer';
      return [
        ` ${request} · c run a command · a agents · p people · l leave`,
        ` ${follow} · Ctrl-] again sends Ctrl-] · any other key goes back`,
      ];
    }
    case 'people':
      return [` ${peopleWords(viewer)}`, ' Any key goes back.'];
    case 'command':
      return [` Run: ${tail(menu.text)}▏`, ' Enter runs it · Escape goes back'];
    default:
      return unreachable(menu);
  }
}

/** Of a long line its end is what one is typing. */
function tail(text: string): string {
  const characters = Array.from(text);
  return characters.length > 60 ? `…${characters.slice(-59).join('')}` : text;
}
