import { expect, test } from 'vitest';
import { localModes, shiftedMouse } from '../../../src/cli/mouse-shift.ts';
import { openPrefix } from '../../../src/cli/prefix-key.ts';
import { utf8 } from '../../../src/protocol/bytes.ts';

/** Alice's keyboard: what her program gets, and what her panel. */
function keyboard() {
  let isOpen = false;
  let program = '';
  const panel: string[] = [];
  const prefix = openPrefix(
    (keys) => (program += new TextDecoder().decode(keys)),
    (key) => {
      panel.push(key);
      isOpen = key === '\u001d' ? !isOpen : key !== 'q';
    },
    () => isOpen,
  );
  return {
    press: (...chunks: readonly string[]) => chunks.forEach((chunk) => prefix(utf8(chunk))),
    program: () => program,
    panel,
  };
}

test('[CL6] Ctrl-] opens the panel, its keys go there, and the rest to the program', () => {
  const alice = keyboard();
  alice.press('ls\r', '\u001d', 'a', 'q', 'pwd\r');
  expect(alice.program()).toBe('ls\rpwd\r');
  expect(alice.panel).toEqual(['\u001d', 'a', 'q']);
});

test('[CL6] doubled it closes what it opened and reaches the program, in one chunk or two', () => {
  for (const chunks of [['\u001d\u001d'], ['\u001d', '\u001d']]) {
    const alice = keyboard();
    alice.press('x', ...chunks, 'y');
    expect(alice.program()).toBe('x\u001dy');
  }
  const later = keyboard();
  later.press('\u001d', 'a', '\u001d', 'y');
  expect(later.program()).toBe('y');
});

test('[CL6] keys of one chunk are told apart: before, for the panel, behind', () => {
  const alice = keyboard();
  alice.press('ab\u001dpqcd');
  expect(alice.program()).toBe('abcd');
  expect(alice.panel).toEqual(['\u001d', 'p', 'q']);
});

test('[CL7] a paste with the prefix key in it opens nothing, however it is split', () => {
  const paste = '\u001b[200~one\u001dx\u001dy two\u001b[201~';
  for (let cut = 0; cut <= paste.length; cut++) {
    const alice = keyboard();
    alice.press(paste.slice(0, cut), paste.slice(cut), '\u001d');
    expect(alice.program()).toBe(paste);
    expect(alice.panel).toEqual(['\u001d']);
  }
});

test('[CL8] arrows, mouse and focus reports are no keys of the panel; Escape alone is', () => {
  const alice = keyboard();
  alice.press(
    '\u001d',
    '\u001b[A',
    '\u001b[<0;3;4M',
    '\u001b[M !!',
    '\u001bOP',
    '\u001b[I',
    '\u001bx',
  );
  expect(alice.panel).toEqual(['\u001d']);
  alice.press('ö', '\u001b');
  expect(alice.panel).toEqual(['\u001d', 'ö', 'escape']);
  expect(alice.program()).toBe('');
});

test('[CL9] a click in a window onto a larger screen lands on the cell it shows', () => {
  const corner = { row: 10, column: 40, rows: 15 };
  const shifted = (text: string): string =>
    new TextDecoder().decode(shiftedMouse(utf8(text), corner));
  expect(shifted('\u001b[<0;3;4M')).toBe('\u001b[<0;43;14M');
  expect(shifted('\u001b[<0;3;4M\u001b[<0;3;4m')).toBe('\u001b[<0;43;14M\u001b[<0;43;14m');
  // On the status line it is not for the program.
  expect(shifted('\u001b[<0;3;16M')).toBe('');
  expect(shifted('\u001b[A')).toBe('\u001b[A');
  expect(shifted('\u001b[<not a report')).toBe('\u001b[<not a report');
});

test('[CL10] who only watches keeps the mouse for selecting; who types gives it to the program', () => {
  expect(localModes([1000, 1006, 2004], false)).toEqual([]);
  expect(localModes([1000, 1006, 1016], true)).toEqual([1000, 1006]);
});
