// Making an invite: the way in is opened, a nameplate fetched, a secret and two words drawn.
import type { InviteBookInput } from '../crypto/invite-book.ts';
import { INVITE_LIFE_MS } from '../crypto/invite-state.ts';
import { LINK_SECRET_BYTES, newWords } from '../crypto/invite.ts';
import type { Reach, StartChoice } from '../protocol/action.ts';
import type { Capability } from '../protocol/capability.ts';
import type { Fault } from '../protocol/faults.ts';
import { idOf, InviteId, type Nameplate, type SessionId } from '../protocol/ids.ts';
import type { InviteCard } from '../protocol/message.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import { ok, type Result } from '../protocol/result.ts';
import { inviteWords, type Place } from './reachability.ts';

export interface MadeInvite {
  readonly card: InviteCard;
  readonly input: InviteBookInput;
  /** Fed after `input`, where the service gave a nameplate. */
  readonly nameplate: Nameplate | null;
}

export interface InviteWish {
  readonly session: SessionId;
  readonly reach: Reach;
  readonly start: StartChoice;
  readonly capabilities: readonly Capability[];
}

export async function makeInvite(
  wish: InviteWish,
  place: Place,
  ports: { readonly clock: Clock; readonly entropy: Entropy },
): Promise<Result<MadeInvite, Fault>> {
  const { session, reach, start, capabilities } = wish;
  const asked = await place.room.takeNameplate();
  // Without a nameplate there is no code; the link leads in all the same.
  const nameplate = asked.ok ? asked.value : null;
  const id = idOf(InviteId, ports.entropy(8));
  const secret = ports.entropy(LINK_SECRET_BYTES);
  const words = newWords(ports.entropy);
  const at = ports.clock.now();
  const told = inviteWords(place, { id, secret, session, nameplate, words });
  return ok({
    card: {
      id,
      state: 'open',
      typed: told.typed,
      code: told.code,
      place: told.place,
      link: told.link,
      reach,
      expiresAt: at + INVITE_LIFE_MS,
      wrongTries: 0,
    },
    input: {
      on: 'make',
      id,
      secret,
      words: nameplate === null ? null : words,
      capabilities,
      start,
      reach,
      at,
    },
    nameplate,
  });
}
