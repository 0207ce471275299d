// Letting one in, as the sharer's machine has decided: the signed grant first, then the documents
// it may have and the screen.
import type { Clock } from '../protocol/ports.ts';
import { highestOf } from '../session/action-log.ts';
import type { SharerEffect, SharerState } from '../session/sharer-state.ts';
import type { Audience } from './audience.ts';
import type { GrantSignatures } from './grant-signatures.ts';
import type { Library } from './library.ts';
import type { SessionLinks } from './session-links.ts';
import type { ShellWork } from './shell-work.ts';

export interface AdmissionOptions {
  readonly clock: Clock;
  readonly state: () => SharerState;
  readonly links: SessionLinks;
  readonly grants: GrantSignatures;
  readonly library: Library;
  readonly work: ShellWork;
  readonly audience: Audience;
  /** Writes the session document as it should read now. */
  readonly roster: () => void;
  readonly redialKey: Uint8Array;
  readonly epoch: number;
}

type AdmitEffect = Extract<SharerEffect, { do: 'admit' }>;
export type Admit = (effect: AdmitEffect) => Promise<void>;

/** A newcomer who must not see everything that was. */
export function isLate({ start, grant }: AdmitEffect): boolean {
  return start !== null && grant.start > 0;
}

export function openAdmission(options: AdmissionOptions): Admit {
  const { clock, links, library, work, redialKey, epoch } = options;
  return async (effect) => {
    const { link: id, grant, device, start: choice } = effect;
    const link = links.linkOf(id);
    if (link === null) return;
    const signed = await options.grants.of(grant);
    links.send(id, {
      type: 'admitted',
      grant: signed,
      redialKey,
      epoch,
      now: clock.now(),
      lastAction: highestOf(options.state().log, grant.to, device),
    });
    // [SP5] One who must not see what was gets a session document without its history.
    if (isLate(effect)) work.hideQueue();
    options.roster();
    if (isLate(effect)) library.renewSession();
    await library.settled();
    // Lost, or shown out, while the documents were written.
    if (links.linkOf(id) === null) return;
    const have = links.haveOf(id);
    options.audience.enter({ id, link, key: grant.to, start: grant.start, choice, have });
  };
}
