// The replica with its engine, in a file of its own so that it loads when it is first needed.
import { openAutomerge } from '../../crdt/automerge-browser.ts';
import { deflateBrowser } from '../../crdt/deflate-browser.ts';
import { openReplica, type Replica } from '../../crdt/replica.ts';
import type { Verifier } from '../../protocol/ports.ts';

export async function openPageReplica(
  sessionPublic: Uint8Array,
  verify: Verifier,
): Promise<Replica> {
  await openAutomerge();
  return openReplica({ sessionPublic, verify, inflate: deflateBrowser.inflate });
}
