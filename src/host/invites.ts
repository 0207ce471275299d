// Making an invite: a nameplate is fetched, a secret and two words drawn; and what an invite says
// to its maker: its link, and what to type where.
import type { InviteBookInput } from '../crypto/invite-book.ts';
import { INVITE_LIFE_MS, type Invite } from '../crypto/invite-state.ts';
import { formatCode, formatLink, LINK_SECRET_BYTES, newWords } from '../crypto/invite.ts';
import type { Reach, StartChoice } from '../protocol/action.ts';
import type { Capability } from '../protocol/capability.ts';
import { idOf, InviteId, type Nameplate, type SessionId } from '../protocol/ids.ts';
import type { InviteCard } from '../protocol/message.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import type { Place } from './reachability.ts';

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
): Promise<MadeInvite> {
  const { session, reach, start, capabilities } = wish;
  const asked = await place.room.takeNameplate();
  // Without a nameplate there is no code; the link leads in all the same.
  const nameplate = asked.ok ? asked.value : null;
  const id = idOf(InviteId, ports.entropy(8));
  const secret = ports.entropy(LINK_SECRET_BYTES);
  const words = nameplate === null ? null : newWords(ports.entropy);
  const at = ports.clock.now();
  const expiresAt = at + INVITE_LIFE_MS;
  return {
    card: inviteCard(place, session, { id, secret, nameplate, words, expiresAt }),
    input: { on: 'make', id, secret, words, capabilities, start, reach, at },
    nameplate,
  };
}

/** An invite as its maker sees it, by the addresses of this moment. */
export function inviteCard(
  place: Place,
  session: SessionId,
  invite: Pick<Invite, 'id' | 'secret' | 'nameplate' | 'words' | 'expiresAt'>,
): InviteCard {
  const { id, secret, nameplate, words, expiresAt } = invite;
  const { origin, typed, others, isHereOnly } = place.where();
  const code = nameplate === null || words === null ? null : formatCode(nameplate, words);
  return {
    id,
    state: 'open',
    typed: code === null ? null : `${code}@${typed}`,
    code,
    place: origin,
    ...(others.length === 0 ? {} : { others: [...others] }),
    link: formatLink({ origin, invite: id, secret, session }),
    reach: isHereOnly ? 'local' : place.reach,
    expiresAt,
    wrongTries: 0,
  };
}
