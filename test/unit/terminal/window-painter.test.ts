import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import { openSanitizer } from '../../../src/terminal/sanitizer.ts';
import { openWindowPainter } from '../../../src/terminal/window-painter.ts';
import { chunksOf, recordings, seeded } from './recordings.ts';
import { seenOf } from './terminal-state.ts';

function pair(size: { cols: number; rows: number }, local = size) {
  const source = openEmulator({ ...size, answers: false });
  const target = openEmulator({ ...local, answers: false });
  const painter = openWindowPainter(local);
  target.write(painter.enter());
  return {
    source,
    target,
    painter,
    show: (text: string): Uint8Array => {
      source.write(utf8(text));
      const bytes = painter.paint(source.view());
      target.write(bytes);
      return bytes;
    },
  };
}

function lines(emulator: ReturnType<typeof openEmulator>): string[] {
  const view = emulator.view();
  return Array.from({ length: view.rows }, (_, row) =>
    Array.from({ length: view.cols }, (_, column) => {
      const { chars, width } = view.cell(row, column);
      return chars === '' && width === 1 ? ' ' : chars;
    })
      .join('')
      .trimEnd(),
  );
}

describe.each(recordings().map((recording) => [recording.name, recording] as const))(
  '%s',
  (_, { cols, rows, bytes }) => {
    test('[SC7] Dave, in a terminal of the sharer’s size, sees all of the screen', () => {
      const { source, target, painter } = pair({ cols, rows });
      const sanitizer = openSanitizer({ cols, rows });
      const random = seeded(7);
      for (const chunk of chunksOf(bytes, random)) {
        source.write(sanitizer.push(chunk).forViewers);
        if (random() < 0.1) target.write(painter.paint(source.view()));
      }
      target.write(painter.paint(source.view()));
      expect(seenOf(target)).toEqual(seenOf(source));
      expect(painter.paint(source.view())).toHaveLength(0);
    });
  },
);

describe('another size', () => {
  test('[SC7] in a smaller terminal the window follows the cursor down, right and back', () => {
    const { target, painter, show } = pair({ cols: 30, rows: 10 }, { cols: 10, rows: 3 });
    show('top left');
    expect(lines(target)).toEqual(['top left', '', '']);
    show('\u001b[9;25Hdeep');
    expect(painter.offset()).toEqual({ row: 6, column: 19 });
    expect(lines(target)).toEqual(['', '', '     deep']);
    show('\u001b[H');
    expect(painter.offset()).toEqual({ row: 0, column: 0 });
    expect(lines(target)).toEqual(['top left', '', '']);
    expect(target.cursor()).toEqual({ row: target.top(), column: 0 });
  });

  test('[SC7] a larger terminal shows the screen in its upper left corner, nothing around it', () => {
    const { target, show } = pair({ cols: 6, rows: 2 }, { cols: 12, rows: 4 });
    show('\u001b[44mabcdefghij');
    expect(lines(target)).toEqual(['abcdef', 'ghij', '', '']);
    expect(target.view().cell(0, 6).pen.bg).toBe(0);
  });

  test('[SC8] a wide character that would stick out of the window is left out, not cut', () => {
    const { target, painter, show } = pair({ cols: 12, rows: 1 }, { cols: 5, rows: 1 });
    show('ab漢字cd\r');
    expect(lines(target)).toEqual(['ab漢']);
    show('\u001b[8G');
    expect(painter.offset().column).toBe(3);
    expect(lines(target)).toEqual([' 字cd']);
  });

  test('[SC8] wide and narrow characters may take each other’s place', () => {
    const { source, target, show } = pair({ cols: 8, rows: 1 });
    for (const text of [
      '漢字漢字',
      '\ra',
      '\r漢',
      '\r\u001b[Cb',
      '\r x字',
      '\u001b[2K漢',
      '\re\u0301 ',
    ]) {
      show(text);
      expect(seenOf(target)).toEqual(seenOf(source));
    }
  });

  test('[SC7] after the terminal was resized everything is drawn again', () => {
    const { source, painter, show } = pair({ cols: 20, rows: 4 });
    show('one\r\ntwo\u001b[?2004h');
    painter.resize(9, 2);
    const target = openEmulator({ cols: 9, rows: 2, answers: false });
    target.write(utf8('\u001b[Hrubbish\r\nrubbish'));
    target.write(painter.paint(source.view()));
    expect(lines(target)).toEqual(['one', 'two']);
  });
});

test('[SC8] where the terminal draws a character in another width, the next is still in its place', () => {
  const { painter, source } = pair({ cols: 10, rows: 1 });
  source.write(utf8('漢x'));
  expect(new TextDecoder().decode(painter.paint(source.view()))).toContain('漢\u001b[1;3Hx');
});

test('[SC9] leaving puts every mode back and shows the screen that was there', () => {
  const { target, painter, show } = pair({ cols: 20, rows: 4 });
  target.write(painter.leave());
  target.write(utf8('\u001b[2J\u001b[Hmy own shell'));
  const before = { ...seenOf(target), rows: null };
  target.write(painter.enter());
  show('\u001b[?1;1000;1006;1004;2004h\u001b=\u001b[?25l\u001b[5 q\u001b[31mvim');
  expect(lines(target)).toContain('vim');
  target.write(painter.leave());
  expect({ ...seenOf(target), rows: null }).toEqual(before);
  expect(lines(target)).toContain('my own shell');
});
