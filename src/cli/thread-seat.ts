// The view of agent threads in a running process: feeds its machine, sends what it asks
// for, draws each second while a turn runs. Knows a clock; neither viewer nor terminal.
import type { Action } from '../protocol/action.ts';
import type { Capabilities } from '../protocol/capability.ts';
import type { SessionDocument } from '../protocol/document.ts';
import { refusalWords } from '../protocol/faults.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { drive } from '../protocol/step.ts';
import type { Segment } from '../protocol/thread.ts';
import { threadsOf } from '../session/threads.ts';
import type { CellSource } from '../terminal/cell-source.ts';
import type { Bar } from './framed-view.ts';
import { ledTo, placeOf } from './thread-follow.ts';
import { threadBars, threadScreen, type ThreadDrawing } from './thread-screen.ts';
import {
  closedThreads,
  threadView,
  type ThreadEffect,
  type ThreadInput,
  type ThreadScene,
} from './thread-view.ts';
import { askWords, questionsOf } from './thread-words.ts';
import { openViewKeys } from './view-keys.ts';

/** Times in the view are in seconds. */
const TICK_MS = 1000;

const NO_LONGER = 'You no longer follow the sharer.';

/** Those that can be started come first. */
const AT = { found: 0, signIn: 1, missing: 2 } as const;

/** What is known of threads here, and of who looks. */
export interface ThreadAbout {
  readonly segments: readonly Segment[];
  readonly document: SessionDocument | null;
  readonly capabilities: Capabilities;
  readonly me: PublicKey;
  /** A device of the sharer's own. */
  readonly owner: boolean;
}

export interface ThreadSeatOptions {
  readonly about: () => ThreadAbout;
  readonly act: (action: Action) => Promise<Outcome>;
  readonly clock: Clock;
  readonly size: () => { readonly cols: number; readonly rows: number };
  readonly say: (text: string) => void;
  readonly changed: () => void;
}

export interface ThreadSeat {
  readonly isOn: () => boolean;
  readonly toggle: () => void;
  /** [TV9] Looks where the sharer looks, until its person looks elsewhere. */
  readonly follow: () => void;
  readonly follows: () => boolean;
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
  const { about, clock } = options;
  let cancelTick: (() => void) | 'none' = 'none';
  let follows = false;

  function scene(): ThreadScene {
    const { segments, document, capabilities, owner } = about();
    const bars = machine.state().phase === 'thread' ? 2 : 1;
    return {
      threads: threadsOf(segments),
      agents: (document?.agents ?? []).toSorted((a, b) => AT[a.state] - AT[b.state]),
      capabilities,
      owner,
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
    void options.act(effect.action).then((outcome) => {
      if (!outcome.ok) options.say(refusalWords(outcome));
      else if (outcome.thread !== undefined) byHand({ on: 'started', thread: outcome.thread });
    });
  }

  function drawing(): ThreadDrawing {
    const { document, me } = about();
    const view = machine.state();
    const { cols } = options.size();
    return { view, scene: scene(), company: { document, me }, cols, now: clock.now() };
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

  /** [TV9] Whoever goes elsewhere by hand follows no longer. */
  function byHand(input: ThreadInput): void {
    const before = placeOf(machine.state());
    machine.feed(input);
    if (follows && placeOf(machine.state()) !== before) {
      follows = false;
      options.say(NO_LONGER);
    }
    goAlong();
  }

  function goAlong(): void {
    const { document, segments } = about();
    if (!follows || document?.looksAt === undefined) return;
    const input = ledTo(machine.state(), document.looksAt, threadsOf(segments));
    if (input !== 'stays') machine.feed(input);
  }

  return {
    isOn,
    toggle() {
      byHand({ on: isOn() ? 'close' : 'open' });
    },
    follow() {
      const isTold = about().document?.looksAt !== undefined;
      if (!follows && !isTold) return options.say('The sharer has no page open to follow.');
      follows = !follows;
      options.say(follows ? 'You follow the sharer.' : NO_LONGER);
      goAlong();
    },
    follows: () => follows,
    keys: openViewKeys((key) => byHand({ on: 'key', key }), clock.after),
    look() {
      machine.feed({ on: 'look' });
      goAlong();
    },
    cells: () => threadScreen(drawing()),
    bars: (cols) =>
      threadBars({ ...drawing(), cols }).map((text, i): Bar => {
        const isAsking = i === 0 && machine.state().phase === 'thread' && asksHere();
        return { text, tone: isAsking ? 'loud' : 'quiet' };
      }),
    asked() {
      const [question] = questionsOf(threadsOf(about().segments));
      return question === undefined ? '' : `${askWords(question)} · Ctrl-] a answers`;
    },
    close() {
      if (cancelTick !== 'none') cancelTick();
      cancelTick = () => undefined;
    },
  };

  function asksHere(): boolean {
    const view = machine.state();
    if (view.phase !== 'thread') return false;
    return questionsOf(threadsOf(about().segments)).some((one) => one.thread.id === view.thread);
  }
}
