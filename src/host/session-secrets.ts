// A session's secrets: the key that signs for it and the key its viewers come back by. Made
// once, kept in the store with no rights for others.
import * as v from 'valibot';
import { identityOf, newIdentity, type Identity } from '../crypto/identity.ts';
import { newRedialKey, redialKeyOf, type RedialKey } from '../crypto/redial-key.ts';
import type { SessionStore } from '../crdt/store.ts';
import { Bytes } from '../protocol/codec.ts';
import type { Entropy } from '../protocol/ports.ts';
import { ok, type Result } from '../protocol/result.ts';

const Secrets = v.object({
  seed: v.pipe(Bytes, v.length(32)),
  redial: v.pipe(Bytes, v.length(32)),
});

export interface SessionSecrets {
  readonly identity: Identity;
  readonly redial: RedialKey;
}

export function newSessionSecrets(entropy: Entropy): SessionSecrets {
  return { identity: newIdentity(entropy), redial: newRedialKey(entropy) };
}

/** Null where none were kept. */
export function keptSecrets(store: SessionStore): Result<SessionSecrets | null, 'store.corrupt'> {
  const kept = store.identity();
  if (!kept.ok) return kept;
  if (kept.value === null) return ok(null);
  const parsed = v.safeParse(Secrets, kept.value);
  if (!parsed.success) return { ok: false, fault: 'store.corrupt' };
  const { seed, redial } = parsed.output;
  return ok({ identity: identityOf(seed), redial: redialKeyOf(redial) });
}

export function keepSecrets(
  store: SessionStore,
  { identity, redial }: SessionSecrets,
): Result<null, 'store.full'> {
  return store.keepIdentity({ seed: identity.seed, redial: redial.secretKey });
}
