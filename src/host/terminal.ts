// One shell at work: pty, marks, sanitizer, emulator, blocks and the line in which commands run.
// Decides nothing of its own: it feeds the machines of terminal/ and carries out what they say.
import type { QueuedCommand, Row } from '../protocol/document.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Clock } from '../protocol/ports.ts';
import { err, ok, unreachable, type Result } from '../protocol/result.ts';
import { drive } from '../protocol/step.ts';
import { openEmulator, type Emulator } from '../terminal/emulator.ts';
import { openMarkScanner, type Mark } from '../terminal/marks.ts';
import { openPty, type Pty } from '../terminal/pty.ts';
import { idleRunLine, runLine, type RunFault, type RunInput } from '../terminal/run-line.ts';
import { openSanitizer, type Sanitized } from '../terminal/sanitizer.ts';
import { shellPhase, type ShellPhase } from '../terminal/shell-phase.ts';
import {
  markedDirectory,
  shellState,
  startedShell,
  STARTING_MS_MAX,
  typedText,
  type BlockBegin,
  type ShellEffect,
  type ShellInput,
} from '../terminal/shell-state.ts';
import type { ShellLaunch } from '../terminal/shells.ts';
import { openOutputJoin } from './output-join.ts';
import { openPlaceWatch, type Placed } from './place-watch.ts';
import { openRowFeed } from './row-feed.ts';

export interface TerminalOptions {
  readonly launch: ShellLaunch;
  readonly nonce: string;
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
  /** The number of the first block of this shell. */
  readonly nextBlock: number;
  readonly clock: Clock;
}

export interface BlockRows {
  readonly number: number;
  /** New at the end of the head. */
  readonly head: readonly Row[];
  /** The row behind them goes on from the last one, as far as is known. */
  readonly goesOn: boolean;
  readonly omitted: number;
  /** The whole tail, where it has changed. */
  readonly tail: readonly Row[] | null;
}

export type TerminalEvent =
  /** Output for viewers, as soon as it is there; bursts are joined. */
  | { readonly on: 'output'; readonly bytes: Uint8Array }
  | { readonly on: 'placed'; readonly placed: Placed }
  /** The emulator has taken in more: screens made before are stale. */
  | { readonly on: 'shown' }
  /** A prompt begins at the cursor. */
  | { readonly on: 'prompted' }
  /** `fresh` where no prompt was drawn for it. */
  | { readonly on: 'blockBegins'; readonly block: BlockBegin; readonly fresh: boolean }
  | { readonly on: 'blockRows'; readonly rows: BlockRows }
  | {
      readonly on: 'blockEnds';
      readonly number: number;
      readonly exit: number | null;
      readonly endedAt: number;
      readonly state: 'done' | 'interrupted';
    }
  | { readonly on: 'phase'; readonly phase: ShellPhase }
  | { readonly on: 'queue'; readonly queue: readonly QueuedCommand[] }
  | { readonly on: 'refused'; readonly id: number; readonly fault: RunFault }
  /** The emulator failed on some output: what viewers made of it may be something else. */
  | { readonly on: 'broken' }
  | { readonly on: 'resized'; readonly cols: number; readonly rows: number }
  | { readonly on: 'exited'; readonly code: number | null };

export interface Terminal {
  readonly emulator: Emulator;
  readonly phase: () => ShellPhase;
  readonly placed: () => Placed;
  /** Hands on what waits to be joined: what the emulator shows has then all been told. */
  readonly flush: () => void;
  readonly run: (command: QueuedCommand) => void;
  readonly cancelRun: (id: number, author: PublicKey | 'any') => void;
  readonly type: (
    author: PublicKey,
    keys: Uint8Array,
  ) => Result<void, 'action.tooMany' | 'terminal.exited'>;
  readonly resize: (cols: number, rows: number) => void;
  readonly size: () => { readonly cols: number; readonly rows: number };
  readonly cwd: () => string | null;
  /** Blocks are counted together with others: the next one gets `next`. */
  readonly numbered: (next: number) => void;
  /** Ends the shell; `exited` follows. */
  readonly close: () => void;
}

/** Keys that overtake a paste that the program has not read: Ctrl-C, Ctrl-\, Ctrl-Z. */
const CONTROL_KEYS = new Set([0x03, 0x1c, 0x1a]);

export function openTerminal(
  options: TerminalOptions,
  tell: (event: TerminalEvent) => void,
): Result<Terminal, 'terminal.noPty' | 'terminal.noShell'> {
  const { launch, cols, rows } = options;
  const opened = openPty({ ...launch, cwd: options.cwd, cols, rows });
  if (!opened.ok) return opened;
  return ok(runTerminal(options, opened.value, tell));
}

function runTerminal(
  options: TerminalOptions,
  pty: Pty,
  tell: (event: TerminalEvent) => void,
): Terminal {
  const { launch, clock } = options;
  const emulator = openEmulator({ cols: options.cols, rows: options.rows, answers: true });
  let modes = { bracketedPaste: false, alternate: false };
  /** A prompt was drawn since the last block began. */
  let prompted = false;
  let size = { cols: options.cols, rows: options.rows };
  const scanner = openMarkScanner(options.nonce);
  const sanitizer = openSanitizer({ cols: options.cols, rows: options.rows });
  const joined = openOutputJoin(
    clock,
    (bytes) => tell({ on: 'output', bytes }),
    () => place.look(),
  );
  const place = openPlaceWatch(emulator, options.nextBlock, (placed) =>
    tell({ on: 'placed', placed }),
  );
  const feed = openRowFeed(emulator, clock, (rows) => tell({ on: 'blockRows', rows }));

  const shell = drive(
    startedShell({
      marks: launch.marks,
      nextBlock: options.nextBlock,
      directory: options.cwd,
    }),
    (state, input: ShellInput) => shellState(state, input),
    onShell,
  );
  const line = drive(
    idleRunLine,
    (state, input: RunInput) => runLine(state, input),
    (effect) => {
      switch (effect.do) {
        case 'write':
          pty.write(effect.bytes);
          break;
        case 'ran':
          shell.feed({ on: 'ran', author: effect.author, text: effect.text });
          break;
        case 'queue':
          tell({ on: 'queue', queue: effect.queue });
          break;
        case 'refused':
          tell({ on: 'refused', id: effect.id, fault: effect.fault });
          break;
        case 'wakeLater':
          clock.after(effect.afterMs, () => line.feed({ on: 'wake', turn: effect.turn }));
          break;
        default:
          unreachable(effect);
      }
    },
  );

  function onShell(effect: ShellEffect): void {
    switch (effect.do) {
      case 'blockBegins':
        tell({ on: 'blockBegins', block: effect.block, fresh: !prompted });
        prompted = false;
        feed.begin(effect.block.number, effect.block.firstRow);
        place.running(effect.block.number);
        lookBehindOutput();
        break;
      case 'blockEnds':
        feed.end(effect.lastRow);
        tell({
          on: 'blockEnds',
          number: effect.number,
          exit: effect.exit,
          endedAt: effect.endedAt,
          state: effect.state,
        });
        place.ended();
        break;
      case 'phase':
        place.phase(effect.phase);
        lookBehindOutput();
        line.feed({ on: 'phase', phase: effect.phase });
        tell({ on: 'phase', phase: effect.phase });
        break;
      default:
        unreachable(effect);
    }
  }

  function take(bytes: Uint8Array): void {
    for (const piece of scanner.push(bytes)) {
      if (piece.kind === 'mark') onMark(piece.mark);
      else show(sanitizer.push(piece.bytes));
    }
  }

  /** [SF4] While output waits to be joined, the place waits behind it. */
  function lookBehindOutput(): void {
    if (!joined.waits()) place.look();
  }

  /** Viewers first: what the emulator does with the bytes is not waited for. */
  function show({ forEmulator, forViewers }: Sanitized): void {
    if (forEmulator.length === 0 && forViewers.length === 0) return;
    if (forViewers.length > 0) joined.push(forViewers);
    emulator.write(forEmulator);
    lookAtModes();
    tell({ on: 'shown' });
    lookBehindOutput();
  }

  /** The line must know of brackets, and of an editor that was opened on it. */
  function lookAtModes(): void {
    const { bracketedPaste } = emulator.modes();
    const alternate = emulator.alternate();
    if (bracketedPaste === modes.bracketedPaste && alternate === modes.alternate) return;
    modes = { bracketedPaste, alternate };
    line.feed({ on: 'modes', ...modes });
  }

  function onMark(mark: Mark): void {
    // [SP8] A title or link begun before a prompt would be ended, and so set, by the prompt's own.
    if (mark.kind !== 'promptEnd' && mark.kind !== 'continuation') show(sanitizer.cut());
    const cursor = emulator.cursor();
    const cells =
      mark.kind === 'command' && mark.source !== 'exact'
        ? typedText(shell.state(), cursor, (from, to) =>
            emulator.text(from.row, from.column, to.row, to.column),
          )
        : '';
    if (mark.kind === 'prompt') place.prompt();
    shell.feed({ on: 'mark', mark, ...cursor, at: clock.now(), cells });
    if (mark.kind === 'prompt') {
      prompted = true;
      tell({ on: 'prompted' });
    }
    lookBehindOutput();
  }

  pty.onBytes(take);
  pty.onExit((exit) => {
    for (const piece of scanner.flush())
      if (piece.kind === 'output') show(sanitizer.push(piece.bytes));
    // What the shell wrote last is shown before it is said to have exited.
    joined.flush();
    shell.feed({ on: 'exited', code: exit.code, at: clock.now(), ...emulator.cursor() });
    tell({ on: 'exited', code: exit.code });
  });
  emulator.onBroken(() => tell({ on: 'broken' }));
  emulator.onReply((bytes) => void pty.write(bytes));
  const cancelOverdue = clock.after(STARTING_MS_MAX, () => shell.feed({ on: 'overdue' }));
  line.feed({ on: 'phase', phase: shellPhase(shell.state()) });

  return {
    emulator,
    phase: () => shellPhase(shell.state()),
    placed: place.now,
    flush: joined.flush,
    run: (command) => line.feed({ on: 'run', ...command }),
    cancelRun: (id, author) => line.feed({ on: 'cancel', id, author }),
    type(author, keys) {
      if (shell.state().phase === 'exited') return err('terminal.exited');
      shell.feed({ on: 'typed', author });
      line.feed({ on: 'typed', keys });
      const first = keys[0];
      if (keys.length === 1 && first !== undefined && CONTROL_KEYS.has(first)) {
        pty.writeControl(keys);
        return ok(undefined);
      }
      return pty.write(keys);
    },
    resize(cols, rows) {
      if (cols === size.cols && rows === size.rows) return;
      size = { cols, rows };
      joined.flush();
      sanitizer.resize(cols, rows);
      emulator.resize(cols, rows);
      pty.resize(cols, rows);
      tell({ on: 'resized', cols, rows });
      place.look();
    },
    size: () => size,
    // Where the system does not tell of other processes, the shell's marks do.
    cwd: () => pty.cwd() ?? markedDirectory(shell.state()),
    numbered(next) {
      // [SP8] It may begin in the middle of what a program writes.
      show(sanitizer.forget());
      shell.feed({ on: 'numbered', next });
      place.counted(next);
      lookBehindOutput();
    },
    close() {
      cancelOverdue();
      feed.close();
      joined.close();
      pty.kill();
    },
  };
}
