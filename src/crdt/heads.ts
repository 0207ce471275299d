// Heads: the SHA-256 hashes of a document's newest changes, as bytes (the wire's form) and as
// Automerge's hex. Knows nothing of what the changes say.
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { equalBytes } from '../protocol/bytes.ts';

export type Heads = readonly Uint8Array[];

export function headsFromHex(hex: readonly string[]): Uint8Array[] {
  return hex.map((one) => hexToBytes(one));
}

export function headsToHex(heads: Heads): string[] {
  return heads.map((one) => bytesToHex(one));
}

/** The same hashes in the same order; Automerge lists heads sorted. */
export function sameHeads(a: Heads, b: Heads): boolean {
  return (
    a.length === b.length &&
    a.every((head, i) => {
      const other = b[i];
      return other !== undefined && equalBytes(head, other);
    })
  );
}
