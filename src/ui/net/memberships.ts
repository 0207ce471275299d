// What a tab keeps of who it is: the seed of its key, and the sessions it was let into. All of it
// in the tab's own storage, so that closing the tab forgets.
import * as v from 'valibot';
import { identityOf, newIdentity, type Identity } from '../../crypto/identity.ts';
import { fromText, toText } from '../../protocol/bytes.ts';
import { PublicKey, SessionId } from '../../protocol/ids.ts';
import type { Entropy } from '../../protocol/ports.ts';
import type { Membership } from '../../session/viewer-ports.ts';
import type { Shelf } from '../model/ports.ts';

const SEED = 'meshell.seed';
const MEMBER = 'meshell.member.';

const Kept = v.object({
  session: SessionId,
  sessionKey: PublicKey,
  redialKey: v.string(),
  name: v.string(),
  hue: v.number(),
});

/** This tab's key: made once, the same after a reload. */
export function tabIdentity(tab: Shelf, entropy: Entropy): Identity {
  const kept = tab.get(SEED);
  const seed = kept === null ? null : fromText(kept);
  if (seed !== null && seed.ok && seed.value.length === 32) return identityOf(seed.value);
  const made = newIdentity(entropy);
  tab.set(SEED, toText(made.seed));
  return made;
}

export function keepMembership(tab: Shelf, membership: Membership): void {
  const { redialKey, ...rest } = membership;
  tab.set(MEMBER + membership.session, JSON.stringify({ ...rest, redialKey: toText(redialKey) }));
}

export function forgetMembership(tab: Shelf, session: SessionId): void {
  tab.remove(MEMBER + session);
}

/** Null where this tab was never let in, or has forgotten. */
export function membershipOf(tab: Shelf, session: SessionId): Membership | null {
  const text = tab.get(MEMBER + session);
  if (text === null) return null;
  try {
    const kept = v.safeParse(Kept, JSON.parse(text));
    if (!kept.success) return null;
    const redialKey = fromText(kept.output.redialKey);
    return redialKey.ok ? { ...kept.output, redialKey: redialKey.value } : null;
  } catch {
    return null;
  }
}
