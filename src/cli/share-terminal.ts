// meshell share: the shell goes on in this very terminal, its output passed through as it is. The
// prefix key puts the panel in front; what waits for an answer rings the bell and sets the title,
// and writes nothing into the running program's screen.
import { concat } from '../protocol/bytes.ts';
import { CAPABILITIES, lasting, type Capability } from '../protocol/capability.ts';
import { faultWords, refusalWords } from '../protocol/faults.ts';
import type { Outcome } from '../protocol/message.ts';
import type { Clock } from '../protocol/ports.ts';
import { drive } from '../protocol/step.ts';
import type { HostedSession } from '../host/hosted-session.ts';
import { threadsOf } from '../session/threads.ts';
import { openAlarm } from './alarm.ts';
import { openFramedView, type Bar } from './framed-view.ts';
import { noInviteWords } from './first-invite.ts';
import { greeting } from './greeting.ts';
import { sayFault, type Leaving } from './leaving.ts';
import { openLocalTerminal, type LocalTerminal } from './local-terminal.ts';
import type { OutputGate } from './output-gate.ts';
import { openPrefix, PREFIX_KEY } from './prefix-key.ts';
import { afterProgram, passedOver, restoredScreen } from './restored-screen.ts';
import {
  closedPanel,
  panelLines,
  sharePanel,
  type Doorstep,
  type PanelEffect,
  type PanelInput,
} from './share-panel.ts';
import { openThreadSeat } from './thread-seat.ts';
import { questionsOf } from './thread-words.ts';

/** Behind output, so that it is in the emulator: a frame, in ms. */
const PARSED_MS = 8;

export interface ShareTerminalOptions {
  readonly session: HostedSession;
  /** Holds the session's output until the greeting is written. */
  readonly gate: OutputGate;
  readonly autoAdmit: readonly Capability[] | null;
  /** A conversation with an agent is about to begin. */
  readonly agents: boolean;
  /** The signaling service's address, where one is set. */
  readonly signal: string | null;
  readonly clock: Clock;
  readonly leaving: Leaving;
}

export async function runShareTerminal(options: ShareTerminalOptions): Promise<void> {
  const { session, gate, clock, leaving, autoAdmit } = options;
  const made = await session.order({ type: 'invite.make' });
  if (!made.ok) {
    process.stderr.write(`${noInviteWords(made.fault, options.signal)}\n`);
    return leaving.leave(faultWords(made.fault).exit);
  }
  if (made.invite === undefined) return leaving.leave(sayFault('app.failed'));
  const terminal = openLocalTerminal();
  const size = terminal.size();
  const { invite } = made;
  const agents = options.agents || session.threads().length > 0;
  terminal.write(greeting({ invite, autoAdmit, agents, now: clock.now(), ...size }));
  gate.open();
  const panel = openPanel(options, terminal);
  terminal.atEnd(() => concat(panel.ending(), afterProgram(session.emulator())));
  const prefix = openPrefix(type, panel.key, panel.isOpen);
  const keys = (bytes: Uint8Array): void => {
    if (!panel.takesKeys(bytes)) prefix(bytes);
  };

  function type(keys: Uint8Array): void {
    fit();
    session.type(keys);
  }

  /** The size follows whichever was used last: a page of the sharer's own, or this terminal. */
  function fit(): void {
    const { cols, rows } = terminal.size();
    session.resize(cols, rows);
  }

  terminal.onKeys(keys);
  terminal.onResize(() => {
    fit();
    panel.resized();
  });
  gate.onPushed(panel.changed);
  const stopThreads = session.onThreads(panel.changed);
  leaving.owns(() => {
    stopThreads();
  });
  session.onEvent((event) => {
    panel.changed();
    if (event.event === 'ended' && event.reason === 'shell.exited') end();
  });

  let said = 'The share has ended.';
  leaving.owns(async () => {
    panel.close();
    gate.hold();
    terminal.close();
    // Those who are here are told: this session does not come back.
    await session.order({ type: 'share.end' });
    process.stderr.write(`${said}\n`);
  });

  function end(): void {
    said = 'The shell has exited, and the share has ended with it.';
    leaving.leave(0);
  }
}

interface PanelInFront {
  readonly isOpen: () => boolean;
  readonly key: (key: string) => void;
  /** The view of agent threads is on, and has taken them. */
  readonly takesKeys: (keys: Uint8Array) => boolean;
  /** Someone came, went or asked, or the screen is another. */
  readonly changed: () => void;
  readonly resized: () => void;
  /** What takes it away when nothing else can. */
  readonly ending: () => Uint8Array;
  readonly close: () => void;
}

function openPanel(options: ShareTerminalOptions, terminal: LocalTerminal): PanelInFront {
  const { session, gate, clock } = options;
  const alarm = openAlarm(terminal.write, () => session.emulator().title());
  /** How the program's screen comes back, fixed when the panel covers it. */
  let comeBack = (): void => {};
  let isLooking = false;
  /** What the view of threads has to say, until the next key. */
  let hint = '';

  function door(): Doorstep {
    return {
      desk: session.desk(),
      questions: questionsOf(threadsOf(session.threads())),
      here: session.here(),
      isShared: session.isShared(),
      autoAdmit: options.autoAdmit,
    };
  }

  const machine = drive(
    closedPanel,
    (panel, input: PanelInput) => sharePanel(panel, input, door()),
    perform,
    (panel) => {
      if (panel.phase === 'closed') uncover();
      else view.changed();
    },
  );
  const isOpen = (): boolean => machine.state().phase !== 'closed';
  const view = openFramedView(
    terminal,
    clock,
    () => (threads.isOn() ? threads.cells() : { ...session.emulator().view(), modes: [] }),
    bars,
  );
  const threads = openThreadSeat({
    about: () => {
      const document = session.document();
      const capabilities = lasting(CAPABILITIES, null);
      return { segments: session.threads(), document, capabilities, me: session.key, owner: true };
    },
    act: session.order,
    clock,
    size: terminal.size,
    say: (text) => {
      hint = text;
      view.changed();
    },
    changed: () => view.changed(),
  });

  function bars(cols: number): readonly Bar[] {
    if (!threads.isOn()) {
      return panelLines(machine.state(), door(), cols).map((text): Bar => ({ text, tone: 'loud' }));
    }
    return hint === '' ? threads.bars(cols) : [{ text: ` ${hint}`, tone: 'loud' }];
  }

  function perform(effect: PanelEffect): void {
    if (effect.do === 'threads') return threads.toggle();
    const order =
      effect.do === 'invite'
        ? session.order({ type: 'invite.make' })
        : session.order(effect.action);
    void order.then((outcome) => {
      machine.feed({ on: 'note', text: noteOf(outcome) });
      changed();
    });
  }

  function cover(): void {
    gate.hold();
    const emulator = session.emulator();
    const cells = emulator.view();
    const wasAlternate = emulator.alternate();
    comeBack = () => {
      // [CL16] A screen that was covered is drawn anew; one that was put aside comes back by itself.
      if (wasAlternate) gate.openEmpty();
      else terminal.write(passedOver(cells));
      if (wasAlternate || !gate.open()) terminal.write(restoredScreen(session.emulator()));
    };
    view.enter();
  }

  function uncover(): void {
    view.leave();
    comeBack();
    comeBack = () => {};
  }

  function changed(): void {
    alarm.show(door(), isOpen());
    if (!isOpen() || isLooking) return;
    isLooking = true;
    clock.after(PARSED_MS, () => {
      isLooking = false;
      machine.feed({ on: 'look', at: clock.monotonic() });
      threads.look();
      view.changed();
    });
  }

  return {
    isOpen,
    key(key) {
      if (!isOpen()) cover();
      machine.feed({ on: 'key', key, at: clock.monotonic() });
      changed();
    },
    takesKeys(keys) {
      if (!threads.isOn()) return false;
      hint = '';
      if (keys.length === 1 && keys[0] === PREFIX_KEY.charCodeAt(0)) threads.toggle();
      else threads.keys(keys);
      return true;
    },
    changed,
    resized: view.resized,
    ending: view.ending,
    close() {
      if (isOpen()) uncover();
      threads.close();
      alarm.close();
    },
  };
}

function noteOf(outcome: Outcome): string {
  if (!outcome.ok) return refusalWords(outcome);
  if (outcome.invite === undefined) return '';
  const { typed, link } = outcome.invite;
  return `One more may come: ${typed === null ? link : `meshell join ${typed}`}`;
}
