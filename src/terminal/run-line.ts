// Puts whole commands into a shell's line, and only there: between a prompt and Enter. Knows the
// bytes to write and when; not the shell's marks, and not who may run what.
import { concat, utf8 } from '../protocol/bytes.ts';
import type { QueuedCommand } from '../protocol/document.ts';
import type { PublicKey } from '../protocol/ids.ts';
import { unreachable } from '../protocol/result.ts';
import type { Step } from '../protocol/step.ts';
import type { ShellPhase } from './shell-phase.ts';

/** Commands that wait: more cannot be overlooked by those who share the shell. */
export const QUEUE_MAX = 16;
/**
 * A shell answers Enter or Ctrl-C within this. Fish keeps an unfinished line without a word, so
 * past it the line counts as unfinished.
 */
export const KEY_SETTLES_MS = 1000;
/** The same for a line of ours, which can be 32 KiB and takes its time to be drawn. */
export const RUN_SETTLES_MS = 5000;
/** Zsh's history search takes a first Ctrl-C for itself. A shell that keeps two ignores them. */
const CONTROL_C_TRIES = 2;

/**
 * The private key that the shells' scripts bind in every keymap to 'clear the line, be in insert
 * mode': for what was typed ahead, before the prompt stood there. Twice, as a key pressed before
 * (a quote of one key, an operator that waits for its motion, a search) may swallow the first.
 */
const CLEAR = utf8('\u001b[7717~\u001b[7717~');
/** 'The bracketed paste that follows is the line', whether or not the shell has brackets on. */
const TAKE = utf8('\u001b[7718~');
const PASTE = utf8('\u001b[200~');
const PASTE_END = utf8('\u001b[201~');
const ENTER = utf8('\r');
const CONTROL_C = utf8('\u0003');

/** Where the shell's line is, as far as it is known. */
type Line =
  | { readonly at: 'away' }
  /** Free to be written at; `touched` where someone typed there. */
  | { readonly at: 'prompt'; readonly prompt: number; readonly touched: boolean }
  | { readonly at: 'continuation'; readonly prompt: number }
  /** Drawn, but the shell may first read a line that was typed before; `touched` as above. */
  | {
      readonly at: 'behind';
      readonly prompt: number;
      readonly touched: boolean;
      readonly turn: number;
    }
  /** Enter went in at this prompt; nothing may follow until the shell has answered. */
  | ({ readonly at: 'entered' } & Wait)
  /** Ctrl-C went in at this prompt so many times; another prompt will come. */
  | ({ readonly at: 'leaving'; readonly tries: number } & Wait)
  | { readonly at: 'never'; readonly because: 'command.noMarks' | 'terminal.exited' };

interface Wait {
  readonly from: 'prompt' | 'continuation';
  readonly prompt: number;
  readonly turn: number;
}

export interface RunLine {
  readonly queue: readonly QueuedCommand[];
  readonly line: Line;
  /**
   * At a prompt, another program has the terminal: an editor for the line, a finder. Shells turn
   * bracketed paste off for those, or they turn the alternate screen on.
   */
  readonly handedOver: boolean;
  /** Enter went in while no line was read: the shell, or a program before it, will find it. */
  readonly ahead: boolean;
  /** Counts the waits, so that a late waking is known as one. */
  readonly turn: number;
}

export type RunFault =
  | 'command.controls'
  | 'command.queueFull'
  | 'command.noMarks'
  | 'terminal.exited'
  | 'action.gone'
  | 'action.notAllowed';

export type RunInput =
  | ({ readonly on: 'run' } & QueuedCommand)
  /** Only its author takes a command out again, or 'any': someone who may take out all. */
  | { readonly on: 'cancel'; readonly id: number; readonly author: PublicKey | 'any' }
  | { readonly on: 'phase'; readonly phase: ShellPhase }
  /** Keys went into the pty by hand. */
  | { readonly on: 'typed'; readonly keys: Uint8Array }
  /** The emulator's mode 2004 or its buffer changed. */
  | { readonly on: 'modes'; readonly bracketedPaste: boolean; readonly alternate: boolean }
  | { readonly on: 'wake'; readonly turn: number };

export type RunEffect =
  | { readonly do: 'write'; readonly bytes: Uint8Array }
  /** These bytes are that command: the next block is its author's. Comes before its `write`. */
  | { readonly do: 'ran'; readonly id: number; readonly author: PublicKey; readonly text: string }
  | { readonly do: 'queue'; readonly queue: readonly QueuedCommand[] }
  | { readonly do: 'refused'; readonly id: number; readonly fault: RunFault }
  | { readonly do: 'wakeLater'; readonly afterMs: number; readonly turn: number };

type RunStep = Step<RunLine, RunEffect>;

export const idleRunLine: RunLine = {
  queue: [],
  line: { at: 'away' },
  handedOver: false,
  ahead: false,
  turn: 0,
};

export function runLine(state: RunLine, input: RunInput): RunStep {
  switch (input.on) {
    case 'run':
      return told(state, accept(state, { id: input.id, author: input.author, text: input.text }));
    case 'cancel':
      return told(state, cancel(state, input.id, input.author));
    case 'phase':
      return told(state, next(follow(state, input.phase)));
    case 'typed':
      return typed(state, input.keys);
    case 'modes':
      return told(state, next([withModes(state, input.bracketedPaste, input.alternate), []]));
    case 'wake':
      return told(state, woken(state, input.turn));
    default:
      return unreachable(input);
  }
}

/** [RL1] What no paste may hold: every control character but tab and line break. */
export function hasControls(text: string): boolean {
  return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text);
}

function accept(state: RunLine, command: QueuedCommand): RunStep {
  const { line } = state;
  if (hasControls(command.text)) return refuse(state, command.id, 'command.controls');
  if (line.at === 'never') return refuse(state, command.id, line.because);
  if (state.queue.length >= QUEUE_MAX) return refuse(state, command.id, 'command.queueFull');
  return next([{ ...state, queue: [...state.queue, command] }, []]);
}

function cancel(state: RunLine, id: number, author: PublicKey | 'any'): RunStep {
  const found = state.queue.find((command) => command.id === id);
  if (found === undefined) return refuse(state, id, 'action.gone');
  if (author !== 'any' && found.author !== author) return refuse(state, id, 'action.notAllowed');
  return [{ ...state, queue: state.queue.filter((command) => command !== found) }, []];
}

/** [RL3] After Enter only a start, another prompt or a continuation gives the line free again. */
function follow(state: RunLine, phase: ShellPhase): RunStep {
  const { line } = state;
  switch (phase.phase) {
    case 'prompt': {
      const { prompt, ready } = phase;
      const known = 'prompt' in line && line.prompt === prompt;
      if (known && line.at !== 'continuation') return [state, []];
      if (ready && state.ahead) return waitBehind(state, prompt);
      const free: Line = ready ? { at: 'prompt', prompt, touched: false } : { at: 'away' };
      return [{ ...state, line: free, handedOver: false }, []];
    }
    case 'continuation':
      if (line.at === 'leaving' && line.prompt === phase.prompt) return [state, []];
      return [{ ...state, line: { at: 'continuation', prompt: phase.prompt } }, []];
    case 'starting':
    case 'running':
      return [{ ...state, line: { at: 'away' } }, []];
    case 'plain':
      return end(state, 'command.noMarks');
    case 'exited':
      return end(state, 'terminal.exited');
    default:
      return unreachable(phase);
  }
}

/** [RL4] A line typed ahead is read at once, if no program has taken it; several one by one. */
function waitBehind(state: RunLine, prompt: number): RunStep {
  const turn = state.turn + 1;
  return [
    { ...state, line: { at: 'behind', prompt, touched: false, turn }, handedOver: false, turn },
    [{ do: 'wakeLater', afterMs: KEY_SETTLES_MS, turn }],
  ];
}

/** [RL6] What waits for a shell that will never be ready is refused, not kept. */
function end(state: RunLine, because: 'command.noMarks' | 'terminal.exited'): RunStep {
  const refused = state.queue.map(({ id }): RunEffect => ({ do: 'refused', id, fault: because }));
  return [{ ...state, queue: [], line: { at: 'never', because } }, refused];
}

/** [RL7] Only bracketed paste that was on and went off tells: some have it off for good. */
function withModes(state: RunLine, bracketedPaste: boolean, alternate: boolean): RunLine {
  if (alternate) return { ...state, handedOver: true };
  return { ...state, handedOver: state.line.at === 'prompt' && !bracketedPaste };
}

/** No answer came: the line is still there, with whatever stands in it. */
function woken(state: RunLine, turn: number): RunStep {
  const { line } = state;
  if (!('turn' in line) || line.turn !== turn) return [state, []];
  if (line.at === 'behind') {
    const { prompt, touched } = line;
    return next([{ ...state, ahead: false, line: { at: 'prompt', prompt, touched } }, []]);
  }
  const { from, prompt } = line;
  if (line.at === 'leaving') {
    if (line.tries < CONTROL_C_TRIES) return leave(state, line, line.tries + 1);
    // The shell ignores Ctrl-C: the private key clears its line. In a continuation nothing does.
    const left: Line = from === 'prompt' ? { at: from, prompt, touched: false } : { at: 'away' };
    return next([{ ...state, line: left }, []]);
  }
  const still: Line =
    from === 'prompt' ? { at: from, prompt, touched: true } : { at: from, prompt };
  return next([{ ...state, line: still }, []]);
}

/** [RL5] Ctrl-C, and then another prompt is waited for. */
function leave(
  state: RunLine,
  line: { readonly from: Wait['from']; readonly prompt: number },
  tries: number,
): RunStep {
  const { from, prompt } = line;
  const turn = state.turn + 1;
  return [
    { ...state, line: { at: 'leaving', from, prompt, turn, tries }, turn },
    [
      { do: 'write', bytes: CONTROL_C },
      { do: 'wakeLater', afterMs: KEY_SETTLES_MS, turn },
    ],
  ];
}

/**
 * Writes the first command that waits, where the line is free. [RL5] Where someone typed, Ctrl-C
 * goes first and another prompt is waited for: it ends an open quote, a search and a half-typed
 * line in every mode of every shell, and leaves what stood there to be seen.
 */
function next([state, before]: RunStep): RunStep {
  const [command, ...queue] = state.queue;
  const { line } = state;
  if (command === undefined || state.handedOver) return [state, before];
  if (line.at !== 'prompt' && line.at !== 'continuation') return [state, before];
  if (line.at === 'continuation' || line.touched) {
    const [left, effects] = leave(state, { from: line.at, prompt: line.prompt }, 1);
    return [left, [...before, ...effects]];
  }
  const turn = state.turn + 1;
  const wait: Wait = { from: line.at, prompt: line.prompt, turn };
  const { id, author, text } = command;
  const effects: readonly RunEffect[] = [
    ...before,
    { do: 'ran', id, author, text },
    { do: 'write', bytes: lineBytes(text) },
    { do: 'wakeLater', afterMs: RUN_SETTLES_MS, turn },
  ];
  return [{ ...state, queue, line: { at: 'entered', ...wait }, turn }, effects];
}

/** Line breaks at the end would only be empty commands after it. */
function lineBytes(text: string): Uint8Array {
  return concat(CLEAR, TAKE, PASTE, utf8(text.replace(/\n+$/, '')), PASTE_END, ENTER);
}

/** [RL4] After someone's own Enter the shell may be about to start what they typed. */
function typed(before: RunLine, keys: Uint8Array): RunStep {
  const state = { ...before, ahead: before.ahead || goesAhead(before.line, keys) };
  const { line } = state;
  if (line.at === 'away' || line.at === 'leaving' || line.at === 'never') return [state, []];
  if (!keys.some(submits)) {
    if (line.at !== 'prompt' && line.at !== 'behind') return [state, []];
    return [{ ...state, line: { ...line, touched: true } }, []];
  }
  const turn = state.turn + 1;
  const afterMs = line.at === 'entered' ? RUN_SETTLES_MS : KEY_SETTLES_MS;
  const from = line.at === 'entered' ? line.from : line.at === 'behind' ? 'prompt' : line.at;
  const entered: Line = { at: 'entered', from, prompt: line.prompt, turn };
  return [{ ...state, line: entered, turn }, [{ do: 'wakeLater', afterMs, turn }]];
}

/** Whether a line's end goes in that the line at hand does not take. Ctrl-C ends none: it takes all. */
function goesAhead(line: Line, keys: Uint8Array): boolean {
  const ends = keys.filter((key) => submits(key) && key !== 0x03).length;
  return ends > (line.at === 'prompt' || line.at === 'continuation' ? 1 : 0);
}

/** Keys that may end a line: Enter, Ctrl-J, Ctrl-O (run and fetch the next), Ctrl-D, Ctrl-C. */
function submits(key: number): boolean {
  return key === 0x0d || key === 0x0a || key === 0x0f || key === 0x04 || key === 0x03;
}

function refuse(state: RunLine, id: number, fault: RunFault): RunStep {
  return [state, [{ do: 'refused', id, fault }]];
}

/** Tells the queue whenever it is another one than before. */
function told(before: RunLine, [state, effects]: RunStep): RunStep {
  const same =
    before.queue.length === state.queue.length &&
    before.queue.every((command, i) => command === state.queue[i]);
  return same ? [state, effects] : [state, [...effects, { do: 'queue', queue: state.queue }]];
}
