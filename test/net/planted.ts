// Looks for planted bytes in what a service held, said and carried: in each form that bytes take
// on the way through a program. Knows no file formats; a form is found wherever it lies.
import { closeSync, openSync, readSync } from 'node:fs';

/** What must not be (or, as a control, must be) somewhere. */
export interface Planted {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Shorter ones would be found by chance. */
const BYTES_MIN = 7;
const CHUNK_BYTES = 16 * 1024 * 1024;
const PAGE_BYTES = 4096;
/** A WebSocket client hides what it sends under four bytes, again and again (RFC 6455 5.3). */
const MASK_BYTES = 4;

export function plantedText(name: string, text: string): Planted {
  return { name, bytes: Buffer.from(text) };
}

/** Raw, as UTF-16, in base64 and base64url at each of three alignments, in hex. */
export function formsOf(bytes: Uint8Array): Buffer[] {
  if (bytes.length < BYTES_MIN) throw new Error('too short to be looked for');
  const raw = Buffer.from(bytes);
  const base64 = [0, 1, 2].map((before) => base64Within(raw, before));
  return [
    raw,
    Buffer.from(raw.toString('latin1'), 'utf16le'),
    ...base64.map((text) => Buffer.from(text)),
    ...base64.map((text) => Buffer.from(text.replaceAll('+', '-').replaceAll('/', '_'))),
    Buffer.from(raw.toString('hex')),
    Buffer.from(raw.toString('hex').toUpperCase()),
  ];
}

/** What of the base64 of a longer text depends on these bytes alone, `before` bytes of it away. */
function base64Within(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const from = Math.ceil((before * 8) / 6);
  return text.slice(from, Math.floor(((before + bytes.length) * 8) / 6));
}

/** The names of those that are there. */
export function foundIn(bytes: Buffer, planted: readonly Planted[]): string[] {
  return [...search(planted, (form) => form)(bytes)];
}

/**
 * The names of those that are there under a mask of four repeated bytes: each byte is compared
 * with the one four further on, and the mask falls out.
 */
export function foundMasked(bytes: Buffer, planted: readonly Planted[]): string[] {
  return [...search(planted, withoutMask)(withoutMask(bytes))];
}

/** As `foundIn`, of a file larger than one wants to hold. */
export function foundInFile(path: string, planted: readonly Planted[]): string[] {
  const look = search(planted, (form) => form);
  const overlap = Math.max(...planted.flatMap(({ bytes }) => formsOf(bytes).map((f) => f.length)));
  const found = new Set<string>();
  const chunk = Buffer.alloc(CHUNK_BYTES + overlap);
  const file = openSync(path, 'r');
  try {
    for (let at = 0; ; at += CHUNK_BYTES) {
      const count = readSync(file, chunk, 0, chunk.length, at);
      if (count === 0) return [...found];
      for (const name of look(withoutEmptyPages(chunk.subarray(0, count)))) found.add(name);
    }
  } finally {
    closeSync(file);
  }
}

/** Most of a process's memory was never written to. */
function withoutEmptyPages(bytes: Buffer): Buffer {
  const empty = Buffer.alloc(PAGE_BYTES);
  const pages: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
    const page = bytes.subarray(at, at + PAGE_BYTES);
    if (!page.equals(empty)) pages.push(page);
  }
  return Buffer.concat(pages);
}

function withoutMask(bytes: Buffer): Buffer {
  const out = Buffer.alloc(Math.max(0, bytes.length - MASK_BYTES));
  for (let at = 0; at < out.length; at++) {
    out[at] = (bytes[at] ?? 0) ^ (bytes[at + MASK_BYTES] ?? 0);
  }
  return out;
}

/** One pass for all forms: most places are ruled out by their first two bytes. */
function search(
  planted: readonly Planted[],
  as: (form: Buffer) => Buffer,
): (bytes: Buffer) => Set<string> {
  const begins = new Uint8Array(0x1_00_00);
  const byBeginning = new Map<number, { readonly name: string; readonly form: Buffer }[]>();
  for (const { name, bytes } of planted) {
    for (const form of formsOf(bytes).map(as)) {
      const beginning = form.readUInt16LE(0);
      begins[beginning] = 1;
      byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), { name, form }]);
    }
  }
  return (bytes) => {
    const found = new Set<string>();
    for (let at = 0; at + 1 < bytes.length; at++) {
      const beginning = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      if (begins[beginning] === 0) continue;
      for (const { name, form } of byBeginning.get(beginning) ?? []) {
        if (form.compare(bytes, at, Math.min(at + form.length, bytes.length)) === 0) {
          found.add(name);
        }
      }
    }
    return found;
  };
}
