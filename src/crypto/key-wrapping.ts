// The fixed bytes before a raw Ed25519 key in the two containers that platforms import
// (RFC 8410): PKCS #8 for the seed, SPKI for the public key.
import { hexToBytes } from '@noble/hashes/utils.js';

export const PKCS8_PREFIX = hexToBytes('302e020100300506032b657004220420');
export const SPKI_PREFIX = hexToBytes('302a300506032b6570032100');
