// Keeps the characters of a byte stream whole across chunks. xterm.js loses a character whose
// UTF-8 is cut after a continuation byte of 0x80 ('—' is E2 80 94), so none is ever cut.
import { concat } from '../protocol/bytes.ts';
import { characterLength } from './control-strings.ts';

/** Gives back what was pushed, but for at most three bytes that wait for the next chunk. */
export type CharacterCarry = (bytes: Uint8Array) => Uint8Array;

export function openCharacterCarry(): CharacterCarry {
  let held: Uint8Array = new Uint8Array(0);
  return (bytes) => {
    const whole = held.length === 0 ? bytes : concat(held, bytes);
    const end = wholeCharactersEnd(whole);
    held = end === whole.length ? held.subarray(0, 0) : whole.slice(end);
    return end === whole.length ? whole : whole.subarray(0, end);
  };
}

/** The index behind the last whole character at or before `end`. */
export function wholeCharactersEnd(bytes: Uint8Array, end = bytes.length): number {
  const cut = end === bytes.length ? bytes : bytes.subarray(0, end);
  for (let i = end - 1; i >= 0 && i >= end - 3; i--) {
    const byte = cut[i] ?? 0;
    if (byte < 0x80) return end;
    if (byte >= 0xc0) return characterLength(cut, i) < 0 ? i : end;
  }
  return end;
}
