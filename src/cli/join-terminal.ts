// meshell join in a terminal: each step of joining in words on plain lines, then a seat in the
// session, then the reason why it ended.
import { FAULTS, type Fault } from '../protocol/faults.ts';
import type { Clock } from '../protocol/ports.ts';
import type { Viewer, ViewerState } from '../session/viewer-state.ts';
import { openJoinedScreen } from './joined-screen.ts';
import { stepWords } from './join-words.ts';
import type { Leaving } from './leaving.ts';
import { openLocalTerminal } from './local-terminal.ts';
import { openSeat, type Seat } from './seat.ts';

const CTRL_C = 0x03;

export interface JoinTerminalOptions {
  readonly viewer: Viewer;
  /** Where the share is looked for, in words. */
  readonly place: string;
  readonly clock: Clock;
  readonly leaving: Leaving;
  /** Ends it where the share is never reached; `say` gets the sentence. */
  readonly giveUp: (say: (sentence: string) => void) => void;
}

export function runJoinTerminal(options: JoinTerminalOptions): void {
  const { viewer, clock, leaving } = options;
  const terminal = openLocalTerminal();
  const screen = openJoinedScreen();
  let said = '';
  let seat: Seat | 'outside' = 'outside';

  function show(state: ViewerState): void {
    const { connection } = state;
    if (connection.phase === 'over') return over(connection.fault);
    if (seat !== 'outside') return seat.changed();
    if (connection.phase === 'live') {
      seat = openSeat({ viewer, screen, terminal, clock, leave });
      return;
    }
    const step = stepWords(connection, options.place);
    if (step !== '' && step !== said) terminal.write(`${step}\n`);
    said = step;
  }

  function close(): void {
    stopWatching();
    if (seat !== 'outside') seat.close();
    else terminal.close();
  }

  /** [CL3] The reason in one sentence, on the screen that was there before, and its exit code. */
  function over(fault: Fault): void {
    close();
    process.stderr.write(`${FAULTS[fault].mine}\n`);
    leaving.leave(FAULTS[fault].exit);
  }

  function leave(exit: number): void {
    close();
    process.stderr.write('You have left.\n');
    leaving.leave(exit);
  }

  const stopWatching = viewer.watch(show);
  leaving.owns(close);
  terminal.onKeys((keys) => {
    // Keys pressed before there is a screen are for nobody.
    if (seat !== 'outside') seat.keys(keys);
    else if (keys.includes(CTRL_C)) leave(130);
  });
  terminal.onResize(() => {
    if (seat !== 'outside') seat.resized();
  });
  options.giveUp((sentence) => {
    close();
    process.stderr.write(`${sentence}\n`);
  });
  viewer.attach(screen.sink);
  show(viewer.state());
}
