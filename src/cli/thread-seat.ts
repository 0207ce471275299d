// The view of agent threads in a running terminal viewer: feeds its machine, sends what it asks
// for, draws each second while a turn runs. Knows the viewer and a clock; not the terminal.
import { faultWords } from '../protocol/faults.ts';
import type { Clock } from '../protocol/ports.ts';
import { drive } from '../protocol/step.ts';
import { threadsOf } from '../session/threads.ts';
import type { Viewer } from '../session/viewer-state.ts';
import type { CellSource } from '../terminal/cell-source.ts';
import type { Bar } from './framed-view.ts';
import { printable } from './printable.ts';
import { threadBars, threadScreen, type ThreadDrawing } from './thread-screen.ts';
import {
  closedThreads,
  threadView,
  type ThreadEffect,
  type ThreadInput,
  type ThreadScene,
} from './thread-view.ts';
import { questionsOf } from './thread-words.ts';
import { openViewKeys } from './view-keys.ts';

/** Times in the view are in seconds. */
const TICK_MS = 1000;

export interface ThreadSeatOptions {
  readonly viewer: Pick<Viewer, 'state' | 'act'>;
  readonly clock: Clock;
  readonly size: () => { readonly cols: number; readonly rows: number };
  readonly say: (text: string) => void;
  readonly changed: () => void;
}

export interface ThreadSeat {
  readonly isOn: () => boolean;
  readonly toggle: () => void;
  readonly keys: (bytes: Uint8Array) => void;
  /** What the viewer knows has changed. */
  readonly look: () => void;
  readonly cells: () => CellSource;
  readonly bars: (cols: number) => readonly Bar[];
  /** [TV6] Who waits for an answer, for the line under the terminal; '' where nobody does. */
  readonly asked: () => string;
  readonly close: () => void;
}

export function openThreadSeat(options: ThreadSeatOptions): ThreadSeat {
  const { viewer, clock } = options;
  let cancelTick: (() => void) | 'none' = 'none';

  function scene(): ThreadScene {
    const { segments, document, grant, me } = viewer.state();
    const bars = machine.state().phase === 'thread' ? 2 : 1;
    return {
      threads: threadsOf(segments),
      agents: document?.agents ?? [],
      capabilities: grant?.capabilities ?? {},
      owner: me.owner,
      rows: Math.max(1, options.size().rows - bars),
      at: clock.monotonic(),
    };
  }

  const machine = drive(
    closedThreads,
    (view, input: ThreadInput) => threadView(view, input, scene()),
    perform,
    () => {
      tick();
      options.changed();
    },
  );

  function perform(effect: ThreadEffect): void {
    if (effect.do === 'say') return options.say(effect.text);
    void viewer.act(effect.action).then((outcome) => {
      if (!outcome.ok) options.say(faultWords(outcome.fault).mine);
      else if (outcome.thread !== undefined)
        machine.feed({ on: 'started', thread: outcome.thread });
    });
  }

  function drawing(): ThreadDrawing {
    const { document, me } = viewer.state();
    const view = machine.state();
    const { cols } = options.size();
    return { view, scene: scene(), company: { document, me: me.key }, cols, now: clock.now() };
  }

  /** Times go on while something runs. */
  function tick(): void {
    if (cancelTick !== 'none' || machine.state().phase === 'off') return;
    cancelTick = clock.after(TICK_MS, () => {
      cancelTick = 'none';
      options.changed();
      tick();
    });
  }

  const isOn = (): boolean => machine.state().phase !== 'off';

  return {
    isOn,
    toggle() {
      if (isOn()) machine.feed({ on: 'key', key: { is: 'escape' } });
      else machine.feed({ on: 'open' });
    },
    keys: openViewKeys((key) => machine.feed({ on: 'key', key })),
    look: () => machine.feed({ on: 'look' }),
    cells: () => threadScreen(drawing()),
    bars: (cols) =>
      threadBars({ ...drawing(), cols }).map((text, i): Bar => {
        const isAsking = i === 0 && machine.state().phase === 'thread' && asksHere();
        return { text, tone: isAsking ? 'loud' : 'quiet' };
      }),
    asked() {
      const [question] = questionsOf(threadsOf(viewer.state().segments));
      return question === undefined
        ? ''
        : `${printable(question.thread.agent.name)} asks: ${printable(question.head.title)} · Ctrl-] a answers`;
    },
    close() {
      if (cancelTick !== 'none') cancelTick();
      cancelTick = () => undefined;
    },
  };

  function asksHere(): boolean {
    const view = machine.state();
    if (view.phase !== 'thread') return false;
    return questionsOf(threadsOf(viewer.state().segments)).some(
      (one) => one.thread.id === view.thread,
    );
  }
}
