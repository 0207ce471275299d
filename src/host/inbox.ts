// What a link delivers, decoded and handed to those it is for. A message that cannot be
// understood is counted, and ends the link: no one who speaks meshell sends one.
import { verifyAction } from '../crypto/action.ts';
import { nodeVerifier } from '../crypto/signer-node.ts';
import type { Link } from '../peer/link.ts';
import { decodeToSharer, type ToSharer } from '../protocol/message.ts';
import type { SignedAction } from '../protocol/action.ts';

export interface InboxTakers {
  readonly message: (message: Exclude<ToSharer, { type: 'action' }>) => void;
  readonly action: (signed: SignedAction, verified: boolean) => void;
  readonly malformed: () => void;
}

export function receiveMessages(link: Link, takers: InboxTakers): void {
  link.onMessage(async (_lane, bytes) => {
    const message = decodeToSharer(bytes);
    if (!message.ok) return takers.malformed();
    if (message.value.type !== 'action') return takers.message(message.value);
    const { signed } = message.value;
    takers.action(signed, await verifyAction(signed, nodeVerifier));
  });
}
