// What a link delivers, decoded and handed to those it is for. A message that cannot be
// understood is counted, and ends the link: no one who speaks meshell sends one.
import { verifyAction } from '../crypto/action.ts';
import { nodeVerifier } from '../crypto/signer-node.ts';
import type { Link } from '../peer/link.ts';
import { decodeToSharer, LANE_TO_SHARER, type ToSharer } from '../protocol/message.ts';
import type { SignedAction } from '../protocol/action.ts';

export interface InboxTakers {
  readonly message: (message: Exclude<ToSharer, { type: 'action' }>) => void;
  /** [AC1] Whether it can be this link's at all; what cannot is not worth checking a signature. */
  readonly mayBeTheirs: (signed: SignedAction) => boolean;
  readonly action: (signed: SignedAction, verified: boolean) => void;
  readonly malformed: () => void;
}

export function receiveMessages(link: Link, takers: InboxTakers): void {
  link.onMessage(async (lane, bytes) => {
    const message = decodeToSharer(bytes);
    // [MS5] Another lane may be sealed less, or overtake.
    if (!message.ok || LANE_TO_SHARER[message.value.type] !== lane) return takers.malformed();
    if (message.value.type !== 'action') return takers.message(message.value);
    const { signed } = message.value;
    const verified = takers.mayBeTheirs(signed) && (await verifyAction(signed, nodeVerifier));
    takers.action(signed, verified);
  });
}
