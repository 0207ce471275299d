import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator, type Emulator, type RowMark } from '../../../src/terminal/emulator.ts';
import { openSanitizer } from '../../../src/terminal/sanitizer.ts';
import { anyBytes } from './any-program.ts';
import { seeded } from './recordings.ts';
import { stateOf } from './terminal-state.ts';
import { loops } from '../../soak/loops.ts';

const SIZE = { cols: 30, rows: 8 } as const;

function sharerWith(text: string): Emulator {
  const sharer = openEmulator({ ...SIZE, answers: true });
  sharer.write(utf8(text));
  return sharer;
}

function screenFor(sharer: Emulator, mark: RowMark, alternateVisible = true): string {
  const bytes = sharer.screen({ visibleFrom: mark.row(), alternateVisible });
  return new TextDecoder().decode(bytes);
}

/** Each letter of the secret on its own would be found nowhere else. */
const SECRET = 'ⓈⒺⒸⓇⒺⓉ';
const LETTERS = /[ⓈⒺⒸⓇⓉ]/;

describe('rows before the starting point', () => {
  test('[SC2] Bob, who may see from the next prompt on, gets none of what was above it', () => {
    const sharer = sharerWith(`$ cat key\r\n${SECRET}\r\n`);
    const mark = sharer.mark();
    sharer.write(utf8('$ make\r\nok\r\n'));
    const screen = screenFor(sharer, mark);
    expect(screen).not.toMatch(LETTERS);
    const bob = openEmulator({ ...SIZE, answers: false });
    bob.write(utf8(screen));
    expect(bob.text(0, 0, 7, 30)).toBe('\n\n$ make\nok\n\n\n\n');
    expect(bob.cursor()).toEqual(sharer.cursor());
  });

  test('[SC2] all he may see is as the sharer has it', () => {
    const sharer = sharerWith(`${SECRET}\r\n`);
    const mark = sharer.mark();
    sharer.write(utf8(`\u001b[44mblue\u001b[K\r\n${'wrap'.repeat(12)}\u001b[1;31m`));
    const bob = openEmulator({ ...SIZE, answers: false });
    bob.write(utf8(screenFor(sharer, mark)));
    sharer.write(utf8('\u001b7\u001b[H\u001b[2K\u001b8'));
    expect({ ...stateOf(bob), normal: null }).toEqual({ ...stateOf(sharer), normal: null });
    expect(bob.rows(1, 8).rows).toEqual(sharer.rows(1, 8).rows);
  });

  test('[SC2] null shows nothing of either screen', () => {
    const sharer = sharerWith(`${SECRET}\r\n\u001b[?1049h${SECRET}`);
    const bytes = sharer.screen({ visibleFrom: null, alternateVisible: true });
    expect(new TextDecoder().decode(bytes)).not.toMatch(LETTERS);
  });

  test('[SC2] an alternate screen that may not be seen is blank, and still the alternate one', () => {
    const sharer = sharerWith(`\u001b[?1049h${SECRET}`);
    const mark = sharer.mark();
    const bob = openEmulator({ ...SIZE, answers: false });
    const screen = screenFor(sharer, mark, false);
    expect(screen).not.toMatch(LETTERS);
    bob.write(utf8(screen));
    expect(bob.alternate()).toBe(true);
  });

  test.each([
    ['a row waits to wrap', `${'x'.repeat(24)}${SECRET}`],
    ['its last character can be repeated', SECRET],
    ['a link to it is open', `\u001b]8;;https://a.example/?${SECRET.length}secret\u0007${SECRET}`],
  ])('[SC2] also while %s', (_, text) => {
    const sharer = sharerWith(text);
    const mark = sharer.mark(sharer.cursor().row + 1);
    const screen = screenFor(sharer, mark);
    expect(screen).not.toMatch(LETTERS);
    expect(screen).not.toContain('secret');
  });

  test.each([
    ['reverse index', '\u001b[H\u001bM\u001bM\u001bM'],
    ['reverse index in a region', '\u001b[1;5r\u001b[H\u001bM\u001bM\u001b[r'],
    ['scrolling down', '\u001b[3T'],
    ['inserted lines', '\u001b[H\u001b[2L'],
    ['deleted lines', '\u001b[H\u001b[M'],
    ['a region that scrolls', `\u001b[2;6r\u001b[6;1H${'\n'.repeat(3)}\u001b[r`],
    ['scrolling off and on', `\u001b[8;1H${'\n'.repeat(2)}`],
    ['a change of screens', '\u001b[?1049hvim\u001b[?1049l'],
  ])('[SC3] and none comes below it by %s', (_, bytes) => {
    const sharer = sharerWith(`one\r\n${SECRET}\r\n${SECRET}\r\n`);
    const mark = sharer.mark();
    sharer.write(utf8('two\r\n'));
    sharer.write(utf8(bytes));
    expect(screenFor(sharer, mark)).not.toMatch(LETTERS);
    for (const [cols, rows] of [
      [7, 8],
      [60, 20],
      [3, 2],
      [30, 8],
    ] as const) {
      sharer.resize(cols, rows);
      expect(screenFor(sharer, mark)).not.toMatch(LETTERS);
    }
  });

  test('[SC3] a line that goes on across the starting point is hidden whole once it is broken anew', () => {
    const sharer = sharerWith(SECRET.repeat(8));
    const mark = sharer.mark(sharer.top() + 1);
    sharer.write(utf8('\r\nnext'));
    for (const cols of [13, 7, 50, 30]) {
      sharer.resize(cols, 8);
      const screen = screenFor(sharer, mark);
      expect(screen).not.toMatch(LETTERS);
      expect(screen).toContain('next');
    }
  });

  test('[SC3] after the screen was cleared what comes is new, and seen', () => {
    for (const clear of ['\u001b[H\u001b[2J\u001b[3J', '\u001b[H\u001b[J', '\u001bc']) {
      const sharer = sharerWith(`${SECRET}\r\n${SECRET}\r\n`);
      const mark = sharer.mark();
      sharer.write(utf8(`${clear}top`));
      const screen = screenFor(sharer, mark);
      expect(screen).toContain('top');
      expect(screen).not.toMatch(LETTERS);
    }
  });

  test('[SC2] [SC3] whatever the program does next, and however the window is resized', () => {
    for (let seed = 1; seed <= loops(150, 5000); seed++) {
      const random = seeded(seed);
      const sharer = openEmulator({ ...SIZE, answers: true });
      const sanitizer = openSanitizer(SIZE);
      const write = (text: string): void => {
        sharer.write(sanitizer.push(utf8(text)).forEmulator);
      };
      for (let i = 0; i < 12; i++) write(anyBytes({ random, ...SIZE }));
      write('\u001b[?1049l\u001b[r\u001b[?6l\u001b[4l\u001b[20l\u001b(B\u000f\r\n');
      const rows = 1 + Math.floor(random() * 7);
      for (let i = 0; i < rows; i++) write(`${SECRET.repeat(1 + Math.floor(random() * 6))}\r\n`);
      const mark = sharer.mark();
      for (let step = 0; step < 40; step++) {
        if (random() < 0.15) {
          sharer.resize(3 + Math.floor(random() * 60), 2 + Math.floor(random() * 20));
        }
        write(anyBytes({ random, cols: sharer.cols, rows: sharer.screenRows }));
        const screen = screenFor(sharer, mark);
        if (LETTERS.test(screen)) throw new Error(`seed ${seed}, step ${step}: ${screen}`);
      }
    }
  });
});
