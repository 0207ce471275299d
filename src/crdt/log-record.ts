// One record of an append-only log as bytes: length, checksum, content. Knows where a torn tail
// begins; what the records say is for others.
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equalBytes } from '../protocol/bytes.ts';

const LENGTH_BYTES = 4;
const CHECK_BYTES = 4;
const HEADER_BYTES = LENGTH_BYTES + CHECK_BYTES;
/** A frame with its envelope is under 70 KiB; a length past this is not one. */
const RECORD_BYTES_MAX = 1024 * 1024;

/** Length (4 bytes, big-endian) ‖ first 4 bytes of SHA-256 of the content ‖ content. */
export function encodeRecord(content: Uint8Array): Uint8Array {
  if (content.length > RECORD_BYTES_MAX) throw new Error(`a record of ${content.length} bytes`);
  const header = new Uint8Array(HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, content.length);
  header.set(checkOf(content), LENGTH_BYTES);
  return concat(header, content);
}

export interface LogRead {
  readonly records: Uint8Array[];
  /** Where the last whole record ends; what follows is torn. In bytes. */
  readonly end: number;
}

/** [ST2] Whole records from the beginning, up to the first that is not whole. */
export function decodeRecords(log: Uint8Array): LogRead {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  const records: Uint8Array[] = [];
  let end = 0;
  while (end + HEADER_BYTES <= log.length) {
    const from = end + HEADER_BYTES;
    const length = view.getUint32(end);
    if (length > RECORD_BYTES_MAX || from + length > log.length) break;
    const content = log.slice(from, from + length);
    if (!equalBytes(checkOf(content), log.subarray(end + LENGTH_BYTES, from))) break;
    records.push(content);
    end = from + length;
  }
  return { records, end };
}

function checkOf(content: Uint8Array): Uint8Array {
  return sha256(content).subarray(0, CHECK_BYTES);
}
