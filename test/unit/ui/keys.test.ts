import { expect, test } from 'vitest';
import { keyText, pasteText, type KeyModes, type KeyPress } from '../../../src/ui/model/keys.ts';

const MODES: KeyModes = { applicationCursor: false, bracketedPaste: false, mac: false };

function press(key: string, more: Partial<KeyPress> = {}, modes: Partial<KeyModes> = {}) {
  const none = { ctrl: false, alt: false, shift: false, meta: false, altGraph: false };
  return keyText({ key, ...none, ...more }, { ...MODES, ...modes });
}

test.each([
  ['a', 'a'],
  ['ß', 'ß'],
  ['😀', '😀'],
  ['Enter', '\r'],
  ['Tab', '\t'],
  ['Backspace', '\u007f'],
  ['Escape', '\u001b'],
  ['ArrowUp', '\u001b[A'],
  ['Home', '\u001b[H'],
  ['Delete', '\u001b[3~'],
  ['PageUp', '\u001b[5~'],
  ['F1', '\u001bOP'],
  ['F5', '\u001b[15~'],
  ['F12', '\u001b[24~'],
])('%s sends %o', (key, text) => {
  expect(press(key)).toBe(text);
});

test('arrows follow the application cursor mode, unless a modifier is held', () => {
  expect(press('ArrowUp', {}, { applicationCursor: true })).toBe('\u001bOA');
  expect(press('End', {}, { applicationCursor: true })).toBe('\u001bOF');
  expect(press('ArrowLeft', { ctrl: true }, { applicationCursor: true })).toBe('\u001b[1;5D');
  expect(press('ArrowRight', { shift: true, alt: true })).toBe('\u001b[1;4C');
  expect(press('Delete', { ctrl: true })).toBe('\u001b[3;5~');
  expect(press('F2', { shift: true })).toBe('\u001b[1;2Q');
});

test.each([
  ['c', '\u0003'],
  ['Z', '\u001a'],
  [' ', '\u0000'],
  ['[', '\u001b'],
  [']', '\u001d'],
  ['/', '\u001f'],
])('Ctrl-%s sends %o', (key, text) => {
  expect(press(key, { ctrl: true })).toBe(text);
});

test('Alt is Meta, but on a Mac Option writes characters and AltGr does so everywhere', () => {
  expect(press('f', { alt: true })).toBe('\u001bf');
  expect(press('Backspace', { alt: true })).toBe('\u001b\u007f');
  expect(press('ƒ', { alt: true }, { mac: true })).toBe('ƒ');
  expect(press('@', { ctrl: true, alt: true, altGraph: true })).toBe('@');
  expect(press('c', { ctrl: true, alt: true })).toBe('\u001b\u0003');
});

test('Shift-Tab goes back', () => {
  expect(press('Tab', { shift: true })).toBe('\u001b[Z');
});

test.each([
  ['k', { meta: true }],
  ['C', { ctrl: true, shift: true }],
  ['Tab', { ctrl: true }],
  ['Shift', { shift: true }],
  ['Dead', {}],
  ['Process', {}],
  ['Unidentified', {}],
  ['F13', {}],
])('%s with %o is the browser’s', (key, more) => {
  expect(press(key, more)).toBeNull();
});

test('a paste ends its lines as Enter does', () => {
  expect(pasteText('a\r\nb\nc', { bracketedPaste: false })).toBe('a\rb\rc');
});

test('a paste cannot leave its brackets, however it is nested', () => {
  const hostile = 'x\u001b[20\u001b[201~1~; rm -rf ~\n\u001b[201~y';
  const sent = pasteText(hostile, { bracketedPaste: true });
  expect(sent).toBe('\u001b[200~x; rm -rf ~\ry\u001b[201~');
  expect(sent.indexOf('\u001b[201~')).toBe(sent.length - 6);
});
