// Which control strings (OSC, DCS) may reach an emulator, and in which form. Knows single
// strings; not the stream they stand in. All others are dropped: the clipboard, files and
// pictures, notifications, colours, shell marks of whatever origin.
import { concat, utf8 } from '../protocol/bytes.ts';

/** What stands at an ESC that opens a control string. `end` is the index behind it. */
export type ControlString =
  | { readonly kind: 'more' }
  /** Not for anyone: skip to its end, which for an OSC may be a BEL. */
  | { readonly kind: 'skip'; readonly end: number; readonly bell: boolean }
  | { readonly kind: 'title'; readonly end: number; readonly bytes: Uint8Array }
  /** A question that only the sharer's emulator may answer. */
  | { readonly kind: 'query'; readonly end: number; readonly bytes: Uint8Array }
  /** OSC 8; null ends a link. */
  | { readonly kind: 'link'; readonly end: number; readonly address: string | null }
  | { readonly kind: 'void'; readonly end: number };

/** The longest string that is kept while its end is awaited: a link of 2 KiB. In bytes. */
export const STRING_BYTES_MAX = 4 * 1024;
/** In characters: more than any window's title bar shows. */
export const TITLE_CHARS_MAX = 256;
/** In characters; browsers and servers stop about there as well. */
const LINK_CHARS_MAX = 2048;
/** DECRQSS asks with at most two characters. In bytes. */
const STATUS_BYTES_MAX = 16;

const ESC = 0x1b;
const BEL = 0x07;
const CAN = 0x18;
const SUB = 0x1a;
const OSC = 0x5d;
const DCS = 0x50;

/** Reads what stands at `start`: ESC and one of the openers. */
export function stringAt(bytes: Uint8Array, start: number, opener: number): ControlString {
  if (opener === OSC) return commandAt(bytes, start);
  if (opener === DCS) return deviceStringAt(bytes, start);
  return { kind: 'skip', end: start + 2, bell: false };
}

function commandAt(bytes: Uint8Array, start: number): ControlString {
  const from = start + 2;
  let i = from;
  while (i < bytes.length && isDigit(bytes[i] ?? 0) && i - from < 4) i++;
  if (i >= bytes.length) return { kind: 'more' };
  const name = String.fromCharCode(...bytes.subarray(from, i));
  const known = name === '0' || name === '2' || name === '8' || isColour(name);
  if (!known || bytes[i] !== 0x3b) return { kind: 'skip', end: i, bell: true };
  const to = endOf(bytes, i, true);
  if (to === null) {
    const long = bytes.length - start > STRING_BYTES_MAX;
    return long ? { kind: 'skip', end: bytes.length, bell: true } : { kind: 'more' };
  }
  const stop = bytes[to];
  const end = stop === ESC ? to : to + 1;
  if (stop === CAN || stop === SUB || to - start > STRING_BYTES_MAX) return { kind: 'void', end };
  const text = plainText(bytes.subarray(i + 1, to));
  if (name === '8') return { kind: 'link', end, address: addressOf(text) };
  if (isColour(name)) {
    return /^\?(;\?)?$/.test(text)
      ? { kind: 'query', end, bytes: utf8(`\u001b]${name};${text}\u0007`) }
      : { kind: 'void', end };
  }
  const title = Array.from(text).slice(0, TITLE_CHARS_MAX).join('');
  return { kind: 'title', end, bytes: utf8(`\u001b]2;${title}\u0007`) };
}

/** OSC 10, 11, 12: the colours of text, ground and cursor. */
function isColour(name: string): boolean {
  return name === '10' || name === '11' || name === '12';
}

function deviceStringAt(bytes: Uint8Array, start: number): ControlString {
  if (bytes.length < start + 4) {
    const other = bytes[start + 2] !== undefined && bytes[start + 2] !== 0x24;
    return other ? { kind: 'skip', end: start + 2, bell: false } : { kind: 'more' };
  }
  if (bytes[start + 2] !== 0x24 || bytes[start + 3] !== 0x71) {
    return { kind: 'skip', end: start + 2, bell: false };
  }
  const to = endOf(bytes, start + 4, false);
  if (to === null) {
    const long = bytes.length - start > STATUS_BYTES_MAX;
    return long ? { kind: 'skip', end: bytes.length, bell: false } : { kind: 'more' };
  }
  if (bytes[to] !== ESC) return { kind: 'void', end: to + 1 };
  const asked = bytes.subarray(start, to);
  const plain = asked.subarray(1).every((byte) => byte >= 0x20 && byte < 0x7f);
  if (!plain || asked.length > STATUS_BYTES_MAX) return { kind: 'void', end: to };
  return { kind: 'query', end: to, bytes: concat(asked, Uint8Array.of(ESC, 0x5c)) };
}

/** Where a string ends: at an ESC (of its ST, or of what cuts it short), CAN, SUB or BEL. */
export function endOf(bytes: Uint8Array, from: number, bell: boolean): number | null {
  for (let i = from; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === ESC || byte === CAN || byte === SUB || (bell && byte === BEL)) return i;
  }
  return null;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** [SA6] `params;address`; the parameters are dropped, an address we would not open ends the link. */
function addressOf(text: string): string | null {
  const address = text.slice(text.indexOf(';') + 1);
  if (!text.includes(';') || address.length > LINK_CHARS_MAX) return null;
  return /^(https?:\/\/|mailto:)[\u0021-\u007e]+$/i.test(address) ? address : null;
}

/** UTF-8 without control characters; bytes that are no UTF-8 are left out. */
function plainText(bytes: Uint8Array): string {
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const length = characterLength(bytes, i);
    if (length > 0) {
      const code = codePointAt(bytes, i, length);
      if (code >= 0x20 && (code < 0x7f || code > 0x9f)) text += String.fromCodePoint(code);
    }
    i += Math.max(1, length);
  }
  return text;
}

/**
 * The bytes of the UTF-8 character at `i` (RFC 3629); 0 where there is none, and minus its
 * length where the chunk ends before it does.
 */
export function characterLength(bytes: Uint8Array, i: number): number {
  const lead = bytes[i] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length === 0) return 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let k = 1; k < length; k++) {
    const byte = bytes[i + k];
    if (byte === undefined) return -length;
    if (byte < (k === 1 ? low : 0x80) || byte > (k === 1 ? high : 0xbf)) return 0;
  }
  return length;
}

export function codePointAt(bytes: Uint8Array, i: number, length: number): number {
  const lead = bytes[i] ?? 0;
  if (length === 1) return lead;
  let code = lead & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) code = (code << 6) | ((bytes[i + k] ?? 0) & 0x3f);
  return code;
}
