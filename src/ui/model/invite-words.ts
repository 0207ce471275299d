// What an invite's card says, in words. Knows nothing of how invites are made.
import type * as v from 'valibot';
import type { Reach } from '../../protocol/action.ts';
import type { InviteCard as InviteCardSchema } from '../../protocol/message.ts';
import { unreachable } from '../../protocol/result.ts';
import { INVITE_LIFE_MS } from '../../crypto/invite-state.ts';
import { leftWords } from './words.ts';

export type InviteCard = v.InferOutput<typeof InviteCardSchema>;

export const REACH_WORDS = {
  local: { name: 'This computer', says: 'Only other programs and browsers here.' },
  lan: { name: 'This network', says: 'Anyone near you, without the internet.' },
  signal: { name: 'Anywhere', says: 'Through a signaling service that cannot read it.' },
} as const satisfies Record<Reach, { name: string; says: string }>;

export function inviteState(invite: InviteCard, nowMs: number): string {
  switch (invite.state) {
    case 'open':
      // The page's clock ticks by the second: just made, an invite is not older than its life.
      return `Open for one person, for ${leftWords(Math.min(INVITE_LIFE_MS, invite.expiresAt - nowMs))} more`;
    case 'held':
      return 'Someone is using it right now';
    case 'used':
      return 'Used: one person came in by it';
    case 'denied':
      return 'Spent: its knock was turned away';
    case 'expired':
      return 'Expired';
    case 'closed':
      return 'Closed';
    default:
      return unreachable(invite.state);
  }
}

export function isUsable(invite: InviteCard, nowMs: number): boolean {
  return (invite.state === 'open' || invite.state === 'held') && invite.expiresAt > nowMs;
}
