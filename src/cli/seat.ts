// A terminal viewer's seat in the session, once it is in: the screen, the status line, the menu,
// its keys. Knows the viewer; not how it came in.
import type { Action } from '../protocol/action.ts';
import { concat, utf8 } from '../protocol/bytes.ts';
import { faultWords } from '../protocol/faults.ts';
import { KEYS_BYTES_MAX } from '../protocol/limits.ts';
import type { Clock } from '../protocol/ports.ts';
import { unreachable } from '../protocol/result.ts';
import { may } from '../session/grants.ts';
import type { Viewer } from '../session/viewer-state.ts';
import type { CellSource } from '../terminal/cell-source.ts';
import { openFramedView, type Bar } from './framed-view.ts';
import type { JoinedScreen } from './joined-screen.ts';
import { closedMenu, joinMenu, menuLines, type Menu, type MenuEffect } from './join-menu.ts';
import { keysHint, statusWords, titleWords } from './join-words.ts';
import type { LocalTerminal } from './local-terminal.ts';
import { localModes, shiftedMouse } from './mouse-shift.ts';
import { openPrefix } from './prefix-key.ts';
import { openThreadSeat } from './thread-seat.ts';

/** How long a hint stands in place of the status line, in ms. */
const HINT_MS = 4000;
/** Two Ctrl-C within this leave where keys go nowhere, in ms. */
const TWICE_MS = 2000;
const CTRL_C = 0x03;
/** The window's title is put aside, and comes back. */
const KEEP_TITLE = '\u001b[22;0t';
const GIVE_BACK_TITLE = '\u001b[23;0t';

export interface SeatOptions {
  readonly viewer: Viewer;
  readonly screen: JoinedScreen;
  readonly terminal: LocalTerminal;
  readonly clock: Clock;
  readonly leave: (exit: number) => void;
}

export interface Seat {
  readonly keys: (keys: Uint8Array) => void;
  /** The viewer's state has changed. */
  readonly changed: () => void;
  readonly resized: () => void;
  readonly close: () => void;
}

export function openSeat(options: SeatOptions): Seat {
  const { viewer, screen, terminal, clock } = options;
  let menu: Menu = closedMenu;
  let hint = '';
  let cancelHint = (): void => {};
  let interruptedAt = -Infinity;
  let title = '';
  const view = openFramedView(terminal, clock, cells, bars);
  const threads = openThreadSeat({
    about() {
      const { segments, document, grant, me } = viewer.state();
      const capabilities = grant?.capabilities ?? {};
      return { segments, document, capabilities, me: me.key, owner: me.owner };
    },
    act: viewer.act,
    clock,
    size: terminal.size,
    say,
    changed: view.changed,
  });

  function cells(): CellSource {
    if (threads.isOn()) return threads.cells();
    const now = screen.cells();
    const isTyping = may(viewer.state().grant?.capabilities ?? {}, 'type');
    return { ...now, modes: localModes(now.modes, isTyping) };
  }

  function bars(cols: number): readonly Bar[] {
    const state = viewer.state();
    const lines = menuLines(menu, state, threads.follows()).map((text): Bar => ({
      text,
      tone: 'loud',
    }));
    if (lines.length > 0) return lines;
    if (hint !== '') return [{ text: ` ${hint}`, tone: 'loud' }];
    if (threads.isOn()) return threads.bars(cols);
    const asked = threads.asked();
    return asked === ''
      ? [{ text: statusWords(state, cols), tone: 'quiet' }]
      : [{ text: ` ${asked}`, tone: 'loud' }];
  }

  function say(text: string): void {
    hint = text;
    cancelHint();
    cancelHint = clock.after(HINT_MS, () => {
      hint = '';
      view.changed();
    });
    view.changed();
  }

  function act(action: Action): void {
    void viewer.act(action).then((outcome) => {
      if (!outcome.ok && action.type !== 'keys.type') say(faultWords(outcome.fault).mine);
    });
  }

  function perform(effect: MenuEffect): void {
    switch (effect.do) {
      case 'say':
        return say(effect.text);
      case 'leave':
        return options.leave(0);
      case 'act':
        return act(effect.action);
      case 'threads':
        return threads.toggle();
      case 'follow':
        return threads.follow();
      default:
        return unreachable(effect);
    }
  }

  function choose(key: string): void {
    const [next, effects] = joinMenu(menu, key, viewer.state());
    menu = next;
    for (const effect of effects) perform(effect);
    view.changed();
  }

  function type(keys: Uint8Array): void {
    if (threads.isOn()) return threads.keys(keys);
    const why = keysHint(viewer.state());
    if (why !== '') return say(keys.includes(CTRL_C) ? `${why} Ctrl-C again leaves.` : why);
    const shifted = shiftedMouse(keys, view.window());
    for (let from = 0; from < shifted.length; from += KEYS_BYTES_MAX) {
      act({ type: 'keys.type', keys: shifted.slice(from, from + KEYS_BYTES_MAX) });
    }
  }

  const prefix = openPrefix(type, choose, () => menu.phase !== 'closed');

  /** [CL4] Where Ctrl-C goes to nobody, pressed twice it leaves. */
  function isSecondInterrupt(keys: Uint8Array): boolean {
    if (!keys.includes(CTRL_C) || keysHint(viewer.state()) === '') return false;
    const before = interruptedAt;
    interruptedAt = clock.monotonic();
    return interruptedAt - before < TWICE_MS;
  }

  function showTitle(): void {
    const next = titleWords(viewer.state());
    if (next !== title) terminal.write(`\u001b]2;${next}\u0007`);
    title = next;
  }

  terminal.atEnd(() => concat(view.ending(), utf8(GIVE_BACK_TITLE)));
  terminal.write(KEEP_TITLE);
  view.enter();
  screen.onChanged(view.changed);
  showTitle();

  return {
    keys(keys) {
      if (isSecondInterrupt(keys)) return options.leave(130);
      prefix(keys);
    },
    changed() {
      showTitle();
      threads.look();
      view.changed();
    },
    resized: view.resized,
    close() {
      cancelHint();
      threads.close();
      // The terminal's end puts everything back.
      terminal.close();
    },
  };
}
