// Where typing goes when the shell changes its state: into the program that was just started,
// and back to the input line when it is done; never away from where a person put it.
import type { SessionDocument } from '../../protocol/document.ts';

export type Shell = SessionDocument['shell'];
export type Focus = 'input' | 'grid' | 'elsewhere';

/** Returns where the focus should move, or null to leave it. */
export function focusAfter(
  before: Shell,
  after: Shell,
  focus: Focus,
  /** May type, and the command that runs now was sent from this page. */
  ours: { readonly mayType: boolean; readonly sent: boolean },
): 'input' | 'grid' | null {
  if (before === after) return null;
  if (after === 'running' && focus === 'input' && ours.mayType && ours.sent) return 'grid';
  if (after === 'prompt' && before === 'running' && focus === 'grid') return 'input';
  return null;
}
