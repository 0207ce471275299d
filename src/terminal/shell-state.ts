// What a shell is doing, and where its blocks begin and end, from marks and what is typed.
// Knows rows only as numbers; reads no cells, no clock and no bytes.
import type { PublicKey } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import { commandText } from './command-text.ts';
import type { Mark } from './marks.ts';
import { samePhase, shellPhase, type ShellPhase } from './shell-phase.ts';
import {
  authorOf,
  closed,
  emptyLine,
  joined,
  typedBy,
  type Line,
  type Position,
} from './typed-line.ts';

export type { Position } from './typed-line.ts';

/** A shell with marks has sent its first within this; past it `overdue` is fed. */
export const STARTING_MS_MAX = 5000;

interface Basis {
  /** The number of the next block. */
  readonly nextBlock: number;
  /** Prompts drawn so far. */
  readonly prompts: number;
  readonly directory: string;
  /** Who typed ahead, while no prompt stood there. */
  readonly ahead: readonly PublicKey[];
  /** Marks that came where they cannot: lost, doubled or forged ones. */
  readonly unexpected: number;
}

export type ShellState = Basis &
  (
    | { readonly phase: 'starting' | 'plain' }
    /** After a command, before the next prompt: the person's hooks are running. */
    | { readonly phase: 'between' }
    | {
        readonly phase: 'prompt';
        readonly pid: number;
        readonly ready: boolean;
        readonly line: Line;
      }
    | { readonly phase: 'continuation'; readonly pid: number; readonly line: Line }
    | { readonly phase: 'running'; readonly block: number; readonly line: Line }
    | { readonly phase: 'exited'; readonly code: number | null }
  );

export type ShellInput =
  /**
   * A mark, with the cursor where the output before it left it. `cells` is what typedText read
   * from the screen; it is asked for only at a `command` mark that is not exact, else ''.
   */
  | (Position & {
      readonly on: 'mark';
      readonly mark: Mark;
      /** ms since 1970. */
      readonly at: number;
      readonly cells: string;
    })
  /** Five seconds have passed since the start. */
  | { readonly on: 'overdue' }
  /** command.run was written into the shell for `author`. */
  | { readonly on: 'ran'; readonly author: PublicKey; readonly text: string }
  | { readonly on: 'typed'; readonly author: PublicKey }
  /** Blocks are counted together with others: the next one gets `next`. */
  | { readonly on: 'numbered'; readonly next: number }
  | (Position & { readonly on: 'exited'; readonly code: number | null; readonly at: number });

export interface BlockBegin {
  readonly number: number;
  readonly author: PublicKey | null;
  readonly command: string;
  readonly directory: string;
  readonly startedAt: number;
  readonly firstRow: number;
}

export type ShellEffect =
  | { readonly do: 'blockBegins'; readonly block: BlockBegin }
  /** `lastRow` is below `firstRow` where the command wrote nothing. */
  | {
      readonly do: 'blockEnds';
      readonly number: number;
      readonly exit: number | null;
      readonly endedAt: number;
      readonly lastRow: number;
      readonly state: 'done' | 'interrupted';
    }
  | { readonly do: 'phase'; readonly phase: ShellPhase };

type ShellStep = Step<ShellState, ShellEffect>;
type MarkInput = Extract<ShellInput, { on: 'mark' }>;

/** A shell that was just started. `nextBlock` goes on where an earlier life of the session ended. */
export function startedShell(options: {
  readonly marks: boolean;
  readonly nextBlock: number;
  readonly directory: string;
}): ShellState {
  return {
    phase: options.marks ? 'starting' : 'plain',
    nextBlock: options.nextBlock,
    directory: options.directory,
    prompts: 0,
    ahead: [],
    unexpected: 0,
  };
}

/**
 * What stands on the screen where the line was typed, one line per stretch; `read` gives the
 * text between two positions, soft-wrapped rows joined.
 */
export function typedText(
  state: ShellState,
  cursor: Position,
  read: (from: Position, to: Position) => string,
): string {
  if (state.phase !== 'prompt' && state.phase !== 'continuation') return '';
  return closed(state.line, cursor)
    .spans.map((span) => read(span.from, span.to).replace(/\s+$/, ''))
    .join('\n');
}

/** Where the shell was at its last prompt; null where it has drawn none, or is gone. */
export function markedDirectory(state: ShellState): string | null {
  return state.prompts > 0 && state.phase !== 'exited' ? state.directory : null;
}

export function shellState(state: ShellState, input: ShellInput): ShellStep {
  if (state.phase === 'exited') return [state, []];
  switch (input.on) {
    case 'mark':
      return withPhase(state, onMark(state, input));
    case 'overdue':
      return state.phase === 'starting'
        ? withPhase(state, [{ ...state, phase: 'plain' }, []])
        : [state, []];
    case 'ran':
      if (state.phase !== 'prompt') return [state, []];
      return [
        {
          ...state,
          line: { ...state.line, claim: { by: 'run', author: input.author, text: input.text } },
        },
        [],
      ];
    case 'typed':
      return [onTyped(state, input.author), []];
    case 'numbered':
      // [TR3] Never back: a number that was given is never given again.
      return [{ ...state, nextBlock: Math.max(state.nextBlock, input.next) }, []];
    case 'exited': {
      const ends = state.phase === 'running' ? blockEnds(state.block, input.code, input) : [];
      return withPhase(state, [{ ...basis(state), phase: 'exited', code: input.code }, ends]);
    }
    default:
      return unreachable(input);
  }
}

/** Tells the phase whenever it is another one, after the blocks it ends or begins. */
function withPhase(before: ShellState, [state, effects]: ShellStep): ShellStep {
  const phase = shellPhase(state);
  return samePhase(shellPhase(before), phase)
    ? [state, effects]
    : [state, [...effects, { do: 'phase', phase }]];
}

function onMark(state: ShellState, input: MarkInput): ShellStep {
  const { mark } = input;
  switch (mark.kind) {
    case 'prompt':
      return onPrompt(state, input, mark.cwd, mark.pid);
    case 'promptEnd':
      // [TM9] Not in a continuation: this mark has no nonce, and must not make an open quote look safe.
      if (state.phase !== 'prompt') return unexpected(state);
      // Drawn anew, as after Ctrl-L: what was typed stands elsewhere now.
      return [
        {
          ...state,
          ready: true,
          line: { ...state.line, spans: [], typingFrom: position(input) },
        },
        [],
      ];
    case 'continuation':
      return onContinuation(state, input, mark.part);
    case 'command':
      return onCommand(state, input);
    case 'start':
      return onStart(state, input);
    case 'done':
      return onDone(state, input, mark.exit);
    default:
      return unreachable(mark);
  }
}

/** [TM6] A prompt while a block is open, of this shell or another, ends it without an exit code. */
function onPrompt(state: ShellState, input: MarkInput, cwd: string, pid: number): ShellStep {
  const ends = state.phase === 'running' ? blockEnds(state.block, null, input) : [];
  const typedLine = state.phase === 'prompt' || state.phase === 'continuation';
  const next: ShellState = {
    ...basis(state),
    ahead: typedLine ? [] : state.ahead,
    phase: 'prompt',
    pid,
    ready: false,
    prompts: state.prompts + 1,
    directory: cwd,
    line: emptyLine([]),
  };
  return [next, ends];
}

function onContinuation(state: ShellState, input: MarkInput, part: 'start' | 'end'): ShellStep {
  if (state.phase !== 'prompt' && state.phase !== 'continuation') return unexpected(state);
  if (state.phase === 'prompt' && !state.ready) return unexpected(state);
  const { line, pid } = state;
  if (part === 'start') return [{ ...state, line: closed(line, position(input)) }, []];
  const further: Line = { ...line, asked: line.asked + 1, typingFrom: position(input) };
  return [{ ...basis(state), phase: 'continuation', pid, line: further }, []];
}

function onCommand(state: ShellState, input: MarkInput): ShellStep {
  const { mark, cells } = input;
  if (mark.kind !== 'command' || !('line' in state)) return unexpected(state);
  const ran = state.line.claim.by === 'run' ? state.line.claim.text : null;
  const command = commandText({ text: mark.text, source: mark.source, cells, ran });
  return [{ ...state, line: { ...state.line, command } }, []];
}

/** [TM5] Two lines pasted at once start twice with no end between: the first ends here, exit unknown. */
function onStart(state: ShellState, input: MarkInput): ShellStep {
  const line = 'line' in state ? state.line : emptyLine(state.ahead);
  const ends = state.phase === 'running' ? blockEnds(state.block, null, input) : [];
  const number = state.nextBlock;
  const block: BlockBegin = {
    number,
    author: authorOf(line.claim, state.ahead),
    // The mark that says it was lost, or longer than one may be.
    command: line.command === '' && line.claim.by === 'run' ? line.claim.text : line.command,
    directory: state.directory,
    startedAt: input.at,
    firstRow: input.row,
  };
  const next: ShellState = {
    ...basis(state),
    nextBlock: number + 1,
    ahead: [],
    phase: 'running',
    block: number,
    line: { ...emptyLine([]), claim: line.claim },
  };
  return [next, [...ends, { do: 'blockBegins', block }]];
}

function onDone(state: ShellState, input: MarkInput, exit: number | null): ShellStep {
  if (state.phase === 'running') {
    return [{ ...basis(state), phase: 'between' }, blockEnds(state.block, exit, input)];
  }
  // [TM7] An empty line or Ctrl-C at the prompt says 'done' with no code: no block, and no harm.
  return exit === null ? [state, []] : unexpected(state);
}

function onTyped(state: ShellState, author: PublicKey): ShellState {
  if (state.phase !== 'prompt' && state.phase !== 'continuation') {
    return { ...state, ahead: joined(state.ahead, author) };
  }
  return { ...state, line: typedBy(state.line, author) };
}

/** A block's last row is the one above the cursor, or the cursor's own where a line was left open. */
function blockEnds(
  number: number,
  exit: number | null,
  input: Position & { readonly on: 'mark' | 'exited'; readonly at: number },
): readonly ShellEffect[] {
  const lastRow = input.column === 0 ? input.row - 1 : input.row;
  const state = input.on === 'exited' && exit === null ? 'interrupted' : 'done';
  return [{ do: 'blockEnds', number, exit, endedAt: input.at, lastRow, state }];
}

function unexpected(state: ShellState): ShellStep {
  return [{ ...state, unexpected: state.unexpected + 1 }, []];
}

function position({ row, column }: Position): Position {
  return { row, column };
}

function basis(state: ShellState): Basis {
  const { nextBlock, prompts, directory, ahead, unexpected } = state;
  return { nextBlock, prompts, directory, ahead, unexpected };
}
