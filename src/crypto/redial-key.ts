// The sharer's long-term X25519 key. A viewer learns its public half when it is welcomed and
// proves with it, after a lost link, that it comes back to the same sharer.
import type { Entropy } from '../protocol/ports.ts';
import { agreementKeyOf, newAgreementKey, type AgreementKey } from './agreement.ts';

export type RedialKey = AgreementKey;

export function newRedialKey(entropy: Entropy): RedialKey {
  return newAgreementKey(entropy);
}

/** The key of a secret half that was kept, 32 bytes. */
export function redialKeyOf(secretKey: Uint8Array): RedialKey {
  return agreementKeyOf(secretKey);
}
