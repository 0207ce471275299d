import { expect, test } from 'vitest';
import { utf8 } from '../../../src/protocol/bytes.ts';
import { COMMAND_BYTES_MAX } from '../../../src/protocol/limits.ts';
import { MARK_BYTES_MAX, openMarkScanner, type Piece } from '../../../src/terminal/marks.ts';

const NONCE = 'n0nce';
const OURS = `\u001b]7717;${NONCE};`;
const text = (pieces: readonly Piece[]) =>
  pieces.map((p) => (p.kind === 'output' ? new TextDecoder().decode(p.bytes) : p.mark));

test('[TM2] every mark of ours is read, and no viewer sees it', () => {
  const scanner = openMarkScanner(NONCE);
  const bytes = utf8(
    `a${OURS}prompt;/tmp/x\\x3by\\\\z;42\u0007b\u001b]7717;ready\u0007c\u001b]7717;more\u0007d\u001b]7717;more-ready\u0007` +
      `${OURS}command;echo "\\x0a\\x1b\\x07\\x0d";stale\u0007${OURS}start\u0007${OURS}done;130\u0007${OURS}done\u0007`,
  );
  expect(text(scanner.push(bytes))).toEqual([
    'a',
    { kind: 'prompt', cwd: '/tmp/x;y\\z', pid: 42 },
    'b',
    { kind: 'promptEnd' },
    'c',
    { kind: 'continuation', part: 'start' },
    'd',
    { kind: 'continuation', part: 'end' },
    { kind: 'command', text: 'echo "\n\u001b\u0007\r"', source: 'stale' },
    { kind: 'start' },
    { kind: 'done', exit: 130 },
    { kind: 'done', exit: null },
  ]);
});

test('[TM2] Mallory’s marks, with a wrong nonce or none, are dropped and counted', () => {
  const scanner = openMarkScanner(NONCE);
  const forged = [
    'wrong;done;0',
    'done;0',
    `${NONCE}x;start`,
    `${NONCE};done;-1`,
    `${NONCE};rm`,
    '',
    `${NONCE};prompt;/`,
  ];
  for (const body of forged) expect(scanner.push(utf8(`\u001b]7717;${body}\u0007`))).toEqual([]);
  expect(scanner.dropped()).toBe(forged.length);
});

test('[TM2] foreign marks and everything else pass untouched', () => {
  const scanner = openMarkScanner(NONCE);
  const foreign =
    '\u001b]133;A\u0007\u001b]633;E;x\u001b\\\u001b]7;file:///\u0007\u001b]77170;x\u0007\u001b[2J';
  expect(text(scanner.push(utf8(foreign)))).toEqual([foreign]);
  expect(scanner.dropped()).toBe(0);
});

test('[TM11] only what may open a mark waits for more', () => {
  const scanner = openMarkScanner(NONCE);
  expect(text(scanner.push(utf8('plain\u001b')))).toEqual(['plain']);
  expect(text(scanner.push(utf8('[1mred')))).toEqual(['\u001b[1mred']);
  expect(text(scanner.push(utf8('x\u001b]77')))).toEqual(['x']);
  expect(text(scanner.push(utf8('2')))).toEqual(['\u001b]772']);
  expect(scanner.push(utf8('\u001b]7'))).toEqual([]);
  expect(text(scanner.flush())).toEqual(['\u001b]7']);
});

test('[TM11] an unfinished mark of Mallory’s swallows neither a true one nor the output', () => {
  const scanner = openMarkScanner(NONCE);
  expect(text(scanner.push(utf8(`\u001b]7717;never ends${OURS}start\u0007x`)))).toEqual([
    { kind: 'start' },
    'x',
  ]);
  const flood = utf8(`\u001b]7717;${'y'.repeat(MARK_BYTES_MAX)}`);
  expect(scanner.push(flood)).toEqual([]);
  expect(text(scanner.push(utf8(`yyy${OURS}start\u0007x`)))).toEqual([{ kind: 'start' }, 'x']);
  expect(scanner.dropped()).toBe(2);
});

test('[TM2] the longest command there may be is told, whatever has to be escaped in it', () => {
  const scanner = openMarkScanner(NONCE);
  const escaped = '\\x3b'.repeat(COMMAND_BYTES_MAX);
  expect(text(scanner.push(utf8(`${OURS}command;${escaped};exact\u0007`)))).toEqual([
    { kind: 'command', text: ';'.repeat(COMMAND_BYTES_MAX), source: 'exact' },
  ]);
});

test('[TM2] of a mark that is too long nothing is shown, to its end', () => {
  const scanner = openMarkScanner(NONCE);
  const long = 'z'.repeat(MARK_BYTES_MAX);
  expect(text(scanner.push(utf8(`a${OURS}command;${long}`)))).toEqual(['a']);
  expect(text(scanner.push(utf8('zzz;exact')))).toEqual([]);
  expect(text(scanner.push(utf8(`\u0007${OURS}start\u0007b`)))).toEqual([{ kind: 'start' }, 'b']);
  expect(text(scanner.push(utf8(`${OURS}command;${long}zzz;exact\u0007c`)))).toEqual(['c']);
});

test('[TM2] a directory that is no UTF-8 is still told', () => {
  const scanner = openMarkScanner(NONCE);
  const bytes = new Uint8Array([...utf8(`${OURS}prompt;/a`), 0xff, ...utf8(';1\u0007')]);
  expect(text(scanner.push(bytes))).toEqual([{ kind: 'prompt', cwd: '/a\ufffd', pid: 1 }]);
});
