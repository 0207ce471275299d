// The sharer's signature under each participant's newest grant. Knows grants as they are given
// to it, and nothing of who may write one.
import { signGrant } from '../crypto/grant.ts';
import type { Grant, SignedGrant } from '../protocol/grant.ts';
import type { PublicKey } from '../protocol/ids.ts';
import type { Signer } from '../protocol/ports.ts';

export interface GrantSignatures {
  /** Signs it, and keeps it as this participant's newest. */
  readonly sign: (grant: Grant) => Promise<void>;
  /** The newest of this participant; one that is not kept, a device's own, is signed as it is. */
  readonly of: (grant: Grant) => Promise<SignedGrant>;
  readonly all: () => ReadonlyMap<PublicKey, SignedGrant>;
}

export async function openGrantSignatures(
  signer: Signer,
  grants: Iterable<Grant>,
): Promise<GrantSignatures> {
  const newest = new Map<PublicKey, SignedGrant>();
  async function sign(grant: Grant): Promise<void> {
    newest.set(grant.to, await signGrant(grant, signer));
  }
  for (const grant of grants) await sign(grant);
  return {
    sign,
    of: async (grant) => newest.get(grant.to) ?? (await signGrant(grant, signer)),
    all: () => newest,
  };
}
