import { describe, expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator, ROWS_KEPT, type Emulator } from '../../../src/terminal/emulator.ts';
import { openRowLedger } from '../../../src/terminal/row-ledger.ts';
import { seeded } from './recordings.ts';

const SIZE = { cols: 20, rows: 5 } as const;

interface Told {
  readonly sharer: Emulator;
  /** Rows that were told, by their numbers: each must be told once, in order. */
  readonly texts: string[];
  readonly write: (text: string) => void;
}

function watched(size: { cols: number; rows: number } = SIZE): Told {
  const sharer = openEmulator({ ...size, answers: true });
  const texts: string[] = [];
  sharer.onScrolled((from, count, rows) => {
    expect(from).toBe(texts.length);
    const found = rows();
    expect(found).toHaveLength(count);
    texts.push(...found.map((row) => row.text));
  });
  return { sharer, texts, write: (text) => sharer.write(utf8(text)) };
}

function numbered(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `row ${from + i}\r\n`).join('');
}

const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `row ${from + i}`);

describe('numbers', () => {
  test('[SC10] rows count from 0 and go on when the oldest are gone', () => {
    const { sharer, write } = watched();
    expect(sharer.top()).toBe(0);
    write(numbered(0, 7000));
    expect(sharer.top()).toBe(6996);
    expect(sharer.cursor()).toEqual({ row: 7000, column: 0 });
    expect(sharer.rows(6998, 7000).rows.map((row) => row.text)).toEqual(texts(6998, 7000));
    const left = sharer.rows(0, 7000);
    expect(left.from).toBe(6996 - ROWS_KEPT);
    expect(left.rows[0]?.text).toBe(`row ${left.from}`);
  });

  test('[SC10] each row that scrolls off is told once, in order, under any flood', () => {
    const { texts: told, write } = watched();
    write(numbered(0, 30_000));
    expect(told).toEqual(texts(0, 29_996));
  });

  test('[SC10] one write of repetitions cannot outrun the telling', () => {
    const { texts: told, write } = watched();
    write('ab\u001b[100b'.repeat(5000));
    expect(told.length).toBeGreaterThan(ROWS_KEPT);
    expect(told.every((text) => text.length === SIZE.cols)).toBe(true);
  });

  test('[SC10] the rows above a cleared scrollback were told before', () => {
    const { sharer, texts: told, write } = watched();
    write(`${numbered(0, 100)}\u001b[H\u001b[2J\u001b[3J${numbered(200, 210)}`);
    expect(told).toEqual([...texts(0, 96), ...texts(200, 206)]);
    expect(sharer.rows(0, 100).from).toBe(96);
  });

  test('[SC10] a reset begins a new screen under the same numbers', () => {
    const { sharer, texts: told, write } = watched();
    write(`${numbered(0, 10)}\u001bc`);
    expect(sharer.top()).toBe(6);
    write(numbered(20, 30));
    expect(told).toEqual([...texts(0, 6), ...texts(20, 26)]);
  });

  test('[SC10] the alternate screen has no numbers, and tells no rows', () => {
    const { sharer, texts: told, write } = watched();
    write(`shell\r\n\u001b[?1049h${numbered(0, 500)}`);
    expect(told).toEqual([]);
    expect(sharer.top()).toBe(0);
    write('\u001b[?1049lback');
    expect(sharer.rows(0, 5).rows.map((row) => row.text)).toEqual(['shell', 'back', '', '', '']);
  });
});

describe('after a change of width', () => {
  test('[SC11] what was told keeps its number; no text is told twice or lost', () => {
    const { sharer, texts: told, write } = watched();
    write(`${'abcdefghijklmno '.repeat(20)}\r\n${numbered(0, 30)}`);
    const before = told.length;
    sharer.resize(9, 5);
    sharer.resize(33, 7);
    sharer.resize(20, 5);
    write(numbered(30, 60));
    expect(told.slice(0, before).join('')).toContain('abcdefghijklmno');
    const after = told.slice(before).filter((text) => text !== '');
    expect(after).toEqual(texts(26, 56).filter((text) => after.includes(text)));
    expect(new Set(told.filter((text) => text.startsWith('row'))).size).toBe(
      told.filter((text) => text.startsWith('row')).length,
    );
    for (const text of texts(0, 56)) expect(told).toContain(text);
  });

  test('[SC11] a line that is half off the screen is told to its end', () => {
    const { sharer, texts: told, write } = watched({ cols: 10, rows: 3 });
    const line = Array.from({ length: 60 }, (_, i) => String.fromCharCode(48 + i)).join('');
    write(`${line}\r\n`);
    expect(told.length).toBe(4);
    sharer.resize(7, 3);
    write('\r\n'.repeat(9));
    const all = told.join('');
    for (const character of line) expect(all).toContain(character);
  });

  test('[SC11] a mark stays with its text', () => {
    const random = seeded(9);
    const { sharer, write } = watched({ cols: 40, rows: 10 });
    write(`${'some longer text that wraps somewhere '.repeat(30)}\r\n`);
    const mark = sharer.mark();
    write('MARK\r\n');
    write(`${'more of it that wraps as well '.repeat(10)}\r\n`);
    for (let i = 0; i < 60; i++) {
      sharer.resize(5 + Math.floor(random() * 80), 3 + Math.floor(random() * 30));
      const row = mark.row() ?? -1;
      expect(sharer.rows(row, row + 1).rows[0]?.text).toBe('MARK');
    }
    mark.release();
    expect(mark.row()).toBe(null);
  });
});

test('[SC12] text is read between two places, wrapped rows as one line', () => {
  const { sharer, write } = watched();
  write('$ ');
  const from = sharer.cursor();
  write(`echo ${'x'.repeat(30)} 漢字\r\nsecond  line`);
  const to = sharer.cursor();
  expect(sharer.text(from.row, from.column, to.row, to.column)).toBe(
    `echo ${'x'.repeat(30)} 漢字\nsecond  line`,
  );
});

test('[SC13] a row has its text, its styles, and whether it goes on', () => {
  const { sharer, write } = watched();
  write('a\u001b[1;31mbc\u001b[m \u001b[44m \u001b[m   \r\n');
  write('\u001b[4;38;5;200mu\u001b[48;2;1;2;3mv\u001b[m漢e\u0301\r\n');
  write(`${'w'.repeat(25)}   `);
  expect(sharer.rows(0, 4).rows).toEqual([
    {
      text: 'abc  ',
      wrapped: false,
      runs: [
        { length: 1, fg: -1, bg: -1, flags: 0 },
        { length: 2, fg: 1, bg: -1, flags: 1 },
        { length: 1, fg: -1, bg: -1, flags: 0 },
        { length: 1, fg: -1, bg: 4, flags: 0 },
      ],
    },
    {
      text: 'uv漢e\u0301',
      wrapped: false,
      runs: [
        { length: 1, fg: 200, bg: -1, flags: 8 },
        { length: 1, fg: 200, bg: 0x1010203, flags: 8 },
      ],
    },
    { text: 'w'.repeat(20), wrapped: false, runs: [] },
    { text: 'w'.repeat(5), wrapped: true, runs: [] },
  ]);
});

describe('a block’s rows', () => {
  function running(firstRow: number, sharer: Emulator) {
    const ledger = openRowLedger({ firstRow, rows: sharer.rows });
    sharer.onScrolled((from, count) => ledger.scrolled(from + count));
    return ledger;
  }

  test('[SC6] a short block is its head, and nothing is left out', () => {
    const { sharer, write } = watched();
    write(numbered(0, 3));
    const ledger = running(3, sharer);
    write(numbered(3, 20));
    expect(ledger.take()).toMatchObject({ omitted: 0, tailChanged: false });
    write(numbered(20, 22));
    const end = ledger.end(sharer.cursor().row);
    expect(end.head.map((row) => row.text)).toEqual(texts(16, 22));
    expect(end).toMatchObject({ omitted: 0, tail: [] });
  });

  test('[SC6] rows enter once, whatever takes them when', () => {
    const { sharer, write } = watched();
    const ledger = running(0, sharer);
    const head: string[] = [];
    for (let i = 0; i < 50; i++) {
      write(numbered(i * 7, i * 7 + 7));
      if (i % 3 === 0) head.push(...ledger.take().head.map((row) => row.text));
    }
    head.push(...ledger.end(sharer.cursor().row).head.map((row) => row.text));
    expect(head).toEqual(texts(0, 350));
  });

  test('[SC6] a flood leaves head and tail, and the count between', () => {
    const { sharer, write } = watched();
    const ledger = running(0, sharer);
    for (let i = 0; i < 100; i++) write(numbered(i * 1000, (i + 1) * 1000));
    const { head, omitted, tailChanged } = ledger.take();
    expect(tailChanged).toBe(true);
    expect(head[0]?.text).toBe('row 0');
    const end = ledger.end(sharer.cursor().row);
    expect(end.head).toEqual([]);
    expect(end.tail.at(-1)?.text).toBe('row 99999');
    expect(end.tail.length).toBeGreaterThan(1000);
    expect(head.length + end.omitted + end.tail.length).toBe(100_000);
    expect(end.tail[0]?.text).toBe(`row ${head.length + end.omitted}`);
    expect(omitted).toBeGreaterThan(end.omitted);
  });

  test('[SC6] under flood only what is kept is made into rows', () => {
    const { sharer, write } = watched();
    let made = 0;
    const ledger = openRowLedger({
      firstRow: 0,
      rows: (from, to) => {
        made += to - from;
        return sharer.rows(from, to);
      },
    });
    sharer.onScrolled((from, count) => ledger.scrolled(from + count));
    for (let i = 0; i < 200; i++) write(numbered(i * 1000, (i + 1) * 1000));
    const kept = ledger.take().head.length + ledger.end(sharer.cursor().row).tail.length;
    expect(made).toBeLessThan(kept + 1000);
  });

  test('[SC6] long rows fill head and tail by their bytes', () => {
    const { sharer, write } = watched({ cols: 400, rows: 5 });
    const ledger = running(0, sharer);
    for (let i = 0; i < 3000; i++) write(`${'x'.repeat(399)}\r\n`);
    const head = ledger.take().head.length;
    const end = ledger.end(sharer.cursor().row);
    expect(head).toBe(Math.floor((256 * 1024) / 407));
    expect(end.tail.length).toBe(head);
    expect(end.omitted).toBe(3000 - 2 * head);
  });

  test('[SC6] the first row is found again if the window is resized before it leaves the screen', () => {
    const { sharer, write } = watched();
    write(`${'y'.repeat(50)}\r\n`);
    const mark = sharer.mark();
    const ledger = running(mark.row() ?? 0, sharer);
    write('first\r\n');
    sharer.resize(10, 5);
    ledger.moved(mark.row() ?? 0);
    write(numbered(0, 9));
    expect(ledger.end(sharer.cursor().row).head[0]?.text).toBe('first');
  });
});

test('[TM1] a program that dies on the alternate screen has left its last row on the normal one', () => {
  const sharer = openEmulator({ cols: 20, rows: 10, answers: true });
  sharer.write(utf8('one\r\ntwo\r\n\u001b[?1049h\u001b[9;5Hover there'));
  expect(sharer.cursor()).toEqual({ row: 2, column: 0 });
});
