// Sealing a stream of messages in one direction: XSalsa20-Poly1305 (tweetnacl's secretbox) under
// one key, with a counter that both ends keep and nobody sends. Knows nothing of lanes or links.
import nacl from 'tweetnacl';
import { err, ok, type Result } from '../protocol/result.ts';

/** What sealing adds, in bytes. */
export const SEAL_BYTES = nacl.secretbox.overheadLength;

/** [SE1] 16 zero bytes and the counter, 8 bytes big-endian. */
export function nonceOf(counter: number): Uint8Array {
  if (!Number.isSafeInteger(counter) || counter < 0) throw new Error('the counter has run out');
  const nonce = new Uint8Array(24);
  let rest = counter;
  for (let i = 23; rest > 0; i--) {
    nonce[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return nonce;
}

export function seal(key: Uint8Array, counter: number, plain: Uint8Array): Uint8Array {
  return nacl.secretbox(plain, nonceOf(counter), key);
}

export function open(
  key: Uint8Array,
  counter: number,
  box: Uint8Array,
): Result<Uint8Array, 'link.binding'> {
  const plain = nacl.secretbox.open(box, nonceOf(counter), key);
  return plain === null ? err('link.binding') : ok(plain);
}

/** Seals one message after the other. Only one sealer may ever exist for a key. */
export function openSealer(key: Uint8Array): (plain: Uint8Array) => Uint8Array {
  let counter = 0;
  return (plain) => seal(key, counter++, plain);
}

/**
 * Opens boxes in exactly the order they were sealed. [SE2] The first that does not open ends it:
 * from then on everything is refused, as the link must be closed.
 */
export function openOpener(
  key: Uint8Array,
): (box: Uint8Array) => Result<Uint8Array, 'link.binding'> {
  let counter = 0;
  let broken = false;
  return (box) => {
    if (broken) return err('link.binding');
    const opened = open(key, counter, box);
    if (opened.ok) counter++;
    else broken = true;
    return opened;
  };
}
