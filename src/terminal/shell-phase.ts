// What others see of a shell: what it does now, without what it knows of its line.
import { unreachable } from '../protocol/result.ts';
import type { ShellState } from './shell-state.ts';

/** A new `prompt` number means that another prompt was drawn. */
export type ShellPhase =
  | { readonly phase: 'starting' }
  /** `ready` once the prompt is drawn and the shell reads a line. */
  | { readonly phase: 'prompt'; readonly prompt: number; readonly ready: boolean }
  /** Asked for a further line, as in an open quote; `asked` counts how often at this prompt. */
  | { readonly phase: 'continuation'; readonly prompt: number; readonly asked: number }
  | { readonly phase: 'running'; readonly block: number }
  /** It sends no marks: nothing is known but that it runs. */
  | { readonly phase: 'plain' }
  | { readonly phase: 'exited'; readonly code: number | null };

export function shellPhase(state: ShellState): ShellPhase {
  switch (state.phase) {
    case 'starting':
    case 'plain':
      return { phase: state.phase };
    case 'between':
      return { phase: 'prompt', prompt: state.prompts, ready: false };
    case 'prompt':
      return { phase: 'prompt', prompt: state.prompts, ready: state.ready };
    case 'continuation':
      return { phase: 'continuation', prompt: state.prompts, asked: state.line.asked };
    case 'running':
      return { phase: 'running', block: state.block };
    case 'exited':
      return { phase: 'exited', code: state.code };
    default:
      return unreachable(state);
  }
}

export function samePhase(a: ShellPhase, b: ShellPhase): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
