// The invite with which a share begins, and what is said where it cannot be made.
import type { HostedSession } from '../host/hosted-session.ts';
import { retryMs } from '../peer/room.ts';
import { faultWords } from '../protocol/faults.ts';
import type { InviteCard } from '../protocol/message.ts';
import type { Clock, Random } from '../protocol/ports.ts';

export interface FirstInviteOptions {
  readonly session: Pick<HostedSession, 'order'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Told when there is another reason than before. */
  readonly failed: (fault: string) => void;
}

/** [CL33] Tried until there is one, where what stands in the way may pass; null where it will not. */
export async function firstInvite(options: FirstInviteOptions): Promise<InviteCard | null> {
  const { session, clock, random } = options;
  let before: string | null = null;
  for (let attempt = 0; ; attempt++) {
    const made = await session.order({ type: 'invite.make' });
    if (made.ok) return made.invite ?? null;
    if (made.fault !== before) options.failed(made.fault);
    before = made.fault;
    if (!faultWords(made.fault).retry) return null;
    const afterMs = retryMs('signal.unreachable', attempt, random);
    await new Promise<void>((resolve) => void clock.after(afterMs, resolve));
  }
}

/** Why there is no invite. A service that does not answer is named: its address may be wrong. */
export function noInviteWords(fault: string, signal: string | null): string {
  if (fault !== 'signal.unreachable' || signal === null) return faultWords(fault).mine;
  return `Cannot reach the signaling service at ${new URL(signal).host}.`;
}
