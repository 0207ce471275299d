// Which of three accounts of a command is the right one: the shell's history, the cells it
// was typed in, or the text that command.run wrote. Knows nothing of where they come from.
import type { CommandSource } from './marks.ts';

export interface Accounts {
  /** What the shell said. */
  readonly text: string;
  readonly source: CommandSource;
  /** What stands on the screen where it was typed; '' where that is not known. */
  readonly cells: string;
  /** What command.run wrote at this prompt; null where it was typed by hand. */
  readonly ran: string | null;
}

/**
 * [TM4] An exact text is taken as it is. Bash's history joins lines, so where what was written or
 * typed agrees with it but for blanks and line breaks, that is taken. A history that did not
 * change may show an older command: then what was written or typed, unless it agrees.
 */
export function commandText({ text, source, cells, ran }: Accounts): string {
  if (source === 'exact') return text;
  const trusted = source === 'history' ? text : cells;
  if (ran !== null && same(trusted, ran)) return ran;
  if (same(text, cells)) return cells.includes('\n') ? cells : text;
  return trusted;
}

/** Equal but for blanks, line breaks, and the semicolons that bash puts in their place. */
function same(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function folded(text: string): string {
  return text.replaceAll(/[\s;]+/g, '');
}
