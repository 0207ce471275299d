// What a sharer reads first: the line to type, the link and its QR.
import { renderUnicodeCompact } from 'uqr';
import type { Capability } from '../protocol/capability.ts';
import type { InviteCard } from '../protocol/message.ts';
import { autoAdmitWords } from './share-panel.ts';

const MINUTE_MS = 60_000;

/** [CL35] Before an invite is shown where agents are shared with the shell. */
export const AGENTS_SHARED =
  'Careful: agent conversations are shared too. What agents say, the output of their commands and the files they show leave this computer; known keys and secrets are masked, as well as that can be done.';

export interface Greeted {
  readonly invite: InviteCard;
  readonly autoAdmit: readonly Capability[] | null;
  /** There are conversations with agents in what is shared. */
  readonly agents: boolean;
  readonly now: number;
  /** Of the terminal, in cells: a QR that does not fit is left out. */
  readonly cols: number;
  readonly rows: number;
}

/** Lines of a terminal in its usual mode. */
export function greeting({ invite, autoAdmit, agents, now, cols, rows }: Greeted): string {
  const minutes = Math.round((invite.expiresAt - now) / MINUTE_MS);
  const where = invite.reach === 'local' ? ', and it works only on this computer' : '';
  return [
    ...(agents ? [AGENTS_SHARED] : []),
    `This shell is shared. One person may knock, within ${minutes} minutes${where}:`,
    ...inviteLines(invite),
    ...qrLines(invite.link, cols, rows - (invite.others === undefined ? 0 : 1) - (agents ? 3 : 0)),
    ...(autoAdmit === null ? [] : [`Careful:${autoAdmitWords(autoAdmit)}`]),
    'Ctrl-] shows who knocks and who is here. The share ends with this shell.',
    '',
  ].join('\n');
}

/** How to come in, by each way there is. */
export function inviteLines(invite: InviteCard): readonly string[] {
  const browser =
    invite.code === null || invite.place === null
      ? []
      : [`  in a browser   ${invite.place} and type ${invite.code}`];
  return [
    ...(invite.typed === null ? [] : [`  in a terminal  meshell join ${invite.typed}`]),
    ...browser,
    `  or by link     ${invite.link}`,
    ...(invite.others === undefined ? [] : [`  also at        ${invite.others.join(', ')}`]),
  ];
}

function qrLines(link: string, cols: number, rows: number): readonly string[] {
  const lines = renderUnicodeCompact(link).split('\n');
  const fits = lines.length + 8 <= rows && (lines[0]?.length ?? 0) <= cols;
  return fits ? lines : [];
}
