import { describe, expect, test } from 'vitest';
import { concat, utf8 } from '../../../src/protocol/bytes.ts';
import { openEmulator } from '../../../src/terminal/emulator.ts';
import {
  LINK_BYTES_MAX,
  LINKS_BURST,
  MARKS_MAX,
  openSanitizer,
} from '../../../src/terminal/sanitizer.ts';
import { TITLE_CHARS_MAX } from '../../../src/terminal/control-strings.ts';

const SIZE = { cols: 80, rows: 24 } as const;
const NOTED = '\u0000';

function sanitized(text: string | Uint8Array): { emulator: string; viewers: string } {
  const { forEmulator, forViewers } = openSanitizer(SIZE).push(
    typeof text === 'string' ? utf8(text) : text,
  );
  return {
    emulator: new TextDecoder().decode(forEmulator),
    viewers: new TextDecoder().decode(forViewers),
  };
}

function both(text: string): { emulator: string; viewers: string } {
  return { emulator: text, viewers: text };
}

describe('what passes', () => {
  test('[SA1] plain output passes as it is, without being copied', () => {
    const bytes = utf8('make: *** [all] Error 2\r\n\u001b[1;31mred\u001b[m 漢字 \u001b[2J');
    const { forEmulator, forViewers } = openSanitizer(SIZE).push(bytes);
    expect(forEmulator).toBe(bytes);
    expect(forViewers).toBe(bytes);
  });

  test.each([
    '\u001b[?1049h\u001b[?25l\u001b[22;24r\u001b[4;58:2::1:2:3m',
    '\u001b7\u001b8\u001bM\u001b(0\u001b)B\u001b=\u001b>\u001bc\u001b#8\u001b[!p\u001b[2 q',
    '\u001b[24L\u001b[24M\u001b[24S\u001b[24T\u001b[1920b\u001b[80I\u001b[80Z\u001b[80@',
    '\u0007\b\t\n\u000b\f\r\u000e\u000f',
  ])('[SA1] %j passes', (text) => {
    expect(sanitized(text)).toEqual(both(text));
  });
});

describe('counts', () => {
  test.each([
    ['L', 24],
    ['M', 24],
    ['S', 24],
    ['T', 24],
    ['b', 1920],
    ['I', 80],
    ['Z', 80],
    ['@', 80],
    ['P', 80],
    ['X', 80],
    [' @', 80],
    [' A', 80],
    ["'}", 80],
    ["'~", 80],
  ])(
    '[SA3] ESC [ 2147483647 %s counts to the screen’s size, not to two thousand million',
    (final, most) => {
      expect(sanitized(`a\u001b[2147483647${final}b`)).toEqual(both(`a\u001b[${most}${final}b`));
      expect(sanitized(`\u001b[000000000000099999999999999999${final}`)).toEqual(
        both(`\u001b[${most}${final}`),
      );
    },
  );

  test('[SA3] the bound is the size of now', () => {
    const sanitizer = openSanitizer(SIZE);
    sanitizer.resize(10, 5);
    const { forEmulator } = sanitizer.push(utf8('\u001b[9L\u001b[99I'));
    expect(new TextDecoder().decode(forEmulator)).toBe('\u001b[5L\u001b[10I');
  });

  test('[SA3] what would hang an emulator for hours is parsed at once', () => {
    const emulator = openEmulator({ ...SIZE, answers: true });
    const sanitizer = openSanitizer(SIZE);
    let lines = 0;
    emulator.core.buffers.normal.lines.onInsert(({ amount }) => {
      lines += amount;
    });
    emulator.write(sanitizer.push(utf8('\u001b[2147483647L\u001b[2147483647M')).forEmulator);
    expect(lines).toBeLessThanOrEqual(2 * SIZE.rows);
  });
});

describe('who gets what', () => {
  test.each(['\u001b[c', '\u001b[>c', '\u001b[6n', '\u001b[?6n', '\u001b[4$p', '\u001b[?2004$p'])(
    '[SA5] the query %j reaches the sharer’s emulator alone',
    (query) => {
      expect(sanitized(`a${query}b`)).toEqual({ emulator: `a${query}b`, viewers: `a${NOTED}b` });
    },
  );

  test('[SA5] so do queries that are strings, and titles', () => {
    expect(sanitized('\u001bP$qm\u001b\\').viewers).toBe(NOTED);
    expect(sanitized('\u001b]11;?\u001b\\')).toEqual({
      emulator: '\u001b]11;?\u0007',
      viewers: NOTED,
    });
    expect(sanitized('\u001b]0;hello\u001b\\')).toEqual({
      emulator: '\u001b]2;hello\u0007',
      viewers: NOTED,
    });
  });

  test.each([
    ['the clipboard', '\u001b]52;c;aGVsbG8=\u0007'],
    ['reading the clipboard', '\u001b]52;c;?\u001b\\'],
    ['a file', '\u001b]1337;File=name=eA==;inline=1:AAAA\u0007'],
    ['a notification', '\u001b]9;ping\u0007\u001b]777;notify;a;b\u0007'],
    ['a picture', '\u001bPq#0;2;0;0;0#0~~@@vv\u001b\\'],
    ['another picture', '\u001b_Gf=24,s=1,v=1;AAAA\u001b\\'],
    ['user-defined keys', '\u001bP0;1|17/0d\u001b\\'],
    ['a colour', '\u001b]11;#ff0000\u0007\u001b]4;1;#00ff00\u0007\u001b]104\u0007'],
    ['a forged mark', '\u001b]7717;nonce;D;0;1\u0007'],
    ['marks of others', '\u001b]133;A\u0007\u001b]633;E;ls\u0007\u001b]7;file:///etc\u0007'],
    ['a private message', '\u001b^secret\u001b\\\u001bXsecret\u001b\\'],
    ['a window’s size and title', '\u001b[8;9999;9999t\u001b[21t'],
    ['keys of another protocol', '\u001b[>1u\u001b[?u'],
    ['tmux’s way around', '\u001bPtmux;\u001b\u001b]52;c;eA==\u0007\u001b\\'],
    ['C1 controls', '\u009b2J\u009d52;c;eA==\u009c\u0090q\u009c'],
  ])('[SA4] nobody gets %s', (_, bytes) => {
    const { emulator, viewers } = sanitized(`a${bytes}z`);
    expect(viewers).toBe(emulator);
    expect(emulator).not.toMatch(/[\u001b\u0080-\u009f]/);
    expect(emulator.startsWith('a')).toBe(true);
    expect(emulator.endsWith('z')).toBe(true);
  });
});

describe('strings', () => {
  test('[SA4] a title is cut and freed of control characters', () => {
    const { emulator } = sanitized(`\u001b]2;${'é\u0085\n'.repeat(700)}\u0007`);
    expect(emulator).toBe(`\u001b]2;${'é'.repeat(TITLE_CHARS_MAX)}\u0007`);
  });

  test('[SA4] an endless string is not kept, and ends where it ends', () => {
    const sanitizer = openSanitizer(SIZE);
    sanitizer.push(utf8('\u001b]2;'));
    for (let i = 0; i < 200; i++) {
      expect(sanitizer.push(new Uint8Array(65536).fill(0x41)).forEmulator).toHaveLength(0);
    }
    const { forEmulator } = sanitizer.push(utf8('\u0007shell$'));
    expect(new TextDecoder().decode(forEmulator)).toBe('shell$');
  });

  test.each(['\u0018', '\u001a'])('[SA4] %j ends a string and voids it', (stop) => {
    expect(sanitized(`\u001b]2;tit${stop}le`)).toEqual(both('le'));
  });

  test('[SA4] a sequence cuts a string short, as in any terminal', () => {
    expect(sanitized('\u001b]2;title\u001b[1mx').emulator).toBe('\u001b]2;title\u0007\u001b[1mx');
  });

  test('[SA4] control characters inside a sequence take effect before it', () => {
    expect(sanitized('\u001b[3\n1mx\u001b[2\bC')).toEqual(both('\n\u001b[31mx\b\u001b[2C'));
  });
});

describe('links', () => {
  const link = (address: string): string => `\u001b]8;;${address}\u0007`;

  test.each([
    'http://a.example/',
    'https://a.example/b?c#d',
    'mailto:a@b.example',
    'HTTPS://A.example/',
  ])('[SA6] %s may be followed', (address) => {
    expect(sanitized(`\u001b]8;id=1;${address}\u001b\\x\u001b]8;;\u001b\\`)).toEqual(
      both(`${link(address)}x${link('')}`),
    );
  });

  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ssh://host',
    'data:text/html,x',
    ' https://a.example',
    'https://a.example/\u202etxt',
    `https://a.example/${'x'.repeat(3000)}`,
  ])('[SA6] %s is plain text, and not part of the link before it', (address) => {
    expect(sanitized(`${link('https://ok.example/')}a${link(address)}b`)).toEqual(
      both(`${link('https://ok.example/')}a${link('')}b`),
    );
  });

  test('[SA6] a hundred thousand links become a thousand', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `${link(`https://a.example/${i}`)}x`);
    const { emulator } = sanitized(text.join(''));
    const opened = emulator.split('\u001b]8;;https').length - 1;
    expect(opened).toBeGreaterThanOrEqual(LINKS_BURST);
    expect(opened).toBeLessThan(LINKS_BURST + 100);
  });

  test('[SA6] a link that was left open ends by itself', () => {
    const { emulator } = sanitized(`${link('https://a.example/')}${'y\r\n'.repeat(20_000)}`);
    expect(emulator.indexOf(link(''))).toBe(link('https://a.example/').length + LINK_BYTES_MAX);
    expect(emulator.split(link('')).length).toBe(2);
  });
});

describe('characters', () => {
  test('[SA2] sixteen accents join a character, not a hundred thousand', () => {
    const { emulator } = sanitized(`a${'\u0301'.repeat(100_000)}b${'\u0302'.repeat(3)}`);
    expect(emulator).toBe(`a${'\u0301'.repeat(MARKS_MAX)}b${'\u0302'.repeat(3)}`);
  });

  test('[SA2] sequences that nobody gets do not make room for more accents', () => {
    const { emulator } = sanitized(`a${'\u0301\u001b]52;c;eA==\u0007'.repeat(50)}`);
    expect(emulator).toBe(`a${'\u0301'.repeat(MARKS_MAX)}`);
  });

  test('[SA2] bytes that are no UTF-8 are left out, their neighbours stay', () => {
    const bytes = Uint8Array.of(0x61, 0x9b, 0xc3, 0x28, 0xe2, 0x80, 0x62, 0xff, 0xc0, 0x9b, 0x63);
    expect(sanitized(bytes)).toEqual(both('a(bc'));
  });

  test('[SA2] a character whose bytes look like controls is a character', () => {
    // 曛 is E6 9B 9B, 𛝝 is F0 9B 9D 9D.
    expect(sanitized('曛曝\u{1b75d}')).toEqual(both('曛曝\u{1b75d}'));
  });

  test('[SA2] a chunk never ends inside a character: an emulator would lose it', () => {
    const sanitizer = openSanitizer(SIZE);
    const dash = utf8('—');
    expect(sanitizer.push(dash.subarray(0, 2)).forEmulator).toHaveLength(0);
    expect(sanitizer.push(dash.subarray(2)).forEmulator).toEqual(dash);
  });

  test('[SA2] an emulator keeps them whole too', () => {
    const emulator = openEmulator({ cols: 10, rows: 1, answers: false });
    for (const byte of utf8('—x•')) emulator.write(Uint8Array.of(byte));
    expect(emulator.text(0, 0, 0, 10)).toBe('—x•');
  });
});

test('[SA5] three viewers do not answer: the program hears one answer to each question', () => {
  const sanitizer = openSanitizer(SIZE);
  const answers: string[] = [];
  const sharer = openEmulator({ ...SIZE, answers: true });
  sharer.onReply((bytes) => answers.push(new TextDecoder().decode(bytes)));
  const viewers = [1, 2, 3].map(() => openEmulator({ ...SIZE, answers: true }));
  for (const viewer of viewers) viewer.onReply(() => answers.push('a viewer answered'));
  const asked = '\u001b[6n\u001b[c\u001b[>c\u001b[?7$p\u001bP$qr\u001b\\\u001b]10;?;?\u0007';
  const { forEmulator, forViewers } = sanitizer.push(utf8(`ab${asked}`));
  for (const viewer of viewers) viewer.write(forViewers);
  sharer.write(forEmulator);
  expect(answers).toEqual([
    '\u001b[1;3R',
    '\u001b[?1;2c',
    '\u001b[>0;276;0c',
    '\u001b[?7;1$y',
    '\u001bP1$r1;24r\u001b\\',
    '\u001b]10;rgb:d8d8/dede/e9e9\u001b\\',
    '\u001b]11;rgb:1010/1414/1818\u001b\\',
  ]);
});

test.each([
  ['half a title', 'a\u001b]2;of before', ''],
  ['half a link', 'a\u001b]8;;https://of.before/', ''],
  ['an open link', 'a\u001b]8;;https://a.example/\u0007b', '\u001b]8;;\u0007'],
  ['half a string that nobody gets', 'a\u001b]52;c;of before', ''],
  ['half a sequence', 'a\u001b[31', ''],
  ['an escape', 'a\u001b', ''],
  ['nothing', 'a', ''],
])('[SP8] what is cut off does not go on in what comes: %s', (_, before, end) => {
  const sanitizer = openSanitizer(SIZE);
  sanitizer.push(utf8(before));
  const cut = sanitizer.cut();
  expect(cut.forViewers).toEqual(utf8(end));
  expect(cut.forEmulator).toEqual(utf8(end));
  const { forEmulator, forViewers } = sanitizer.push(utf8('$ \u001b[1mon'));
  expect(new TextDecoder().decode(forEmulator)).toBe('$ \u001b[1mon');
  expect(new TextDecoder().decode(forViewers)).toBe('$ \u001b[1mon');
});

test.each([
  ['half a title', 'a\u001b]2;of be', 'fore\u0007on', 'on', ''],
  ['half a link', 'a\u001b]8;;https://of.be', 'fore/\u001b\\on', 'on', ''],
  ['an open link', 'a\u001b]8;;https://of.before/\u0007b', 'on', 'on', '\u001b]8;;\u0007'],
  ['half a sequence, which says nothing', 'a\u001b[3', '1mon', '\u001b[31mon', ''],
])(
  '[SP8] what a program has begun is passed over to its end: %s',
  (_, before, after, rest, end) => {
    const sanitizer = openSanitizer(SIZE);
    sanitizer.push(utf8(before));
    expect(sanitizer.forget().forViewers).toEqual(utf8(end));
    expect(new TextDecoder().decode(sanitizer.push(utf8(after)).forViewers)).toBe(rest);
  },
);

test('[SA1] nothing is lost at the joints of chunks', () => {
  const text = utf8(
    'a漢\u001b[31mb\u001b]8;;https://a.example/\u0007c\u001b]8;;\u0007\u001b]0;t\u001b\\d\u001bPq~\u001b\\e\u001b[6n',
  );
  const whole = openSanitizer(SIZE).push(text);
  for (let at = 1; at < text.length; at++) {
    const sanitizer = openSanitizer(SIZE);
    const parts = [sanitizer.push(text.subarray(0, at)), sanitizer.push(text.subarray(at))];
    expect(concat(...parts.map((part) => part.forEmulator))).toEqual(whole.forEmulator);
    expect(concat(...parts.map((part) => part.forViewers))).toEqual(whole.forViewers);
  }
});
