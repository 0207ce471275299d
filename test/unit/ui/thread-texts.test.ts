import { expect, test } from 'vitest';
import { threadsOf } from '../../../src/session/threads.ts';
import { languageOf, languageOfPath } from '../../../src/ui/model/code-languages.ts';
import { diffRows } from '../../../src/ui/model/diff-rows.ts';
import { markdownPieces, safeUrl } from '../../../src/ui/model/markdown-pieces.ts';
import { outputRows } from '../../../src/ui/model/output-rows.ts';
import { signInWays } from '../../../src/ui/model/sign-in.ts';
import { slashLine, slashMatches, slashQuery } from '../../../src/ui/model/slash-commands.ts';
import { rowsText } from '../../../src/ui/model/spans.ts';
import { answerMarkdown, threadMarkdown } from '../../../src/ui/model/thread-markdown.ts';
import {
  DIFF,
  DONE_TURN,
  MENU,
  notice,
  partsOf,
  PLAN,
  segmentOf,
} from '../../ui-fixtures/threads.ts';

test('colours of a command’s output become runs, and go on over line ends', () => {
  const [a, b] = outputRows('one \u001b[1;31mred\nstill\u001b[0m not\n');
  expect(a).toEqual({
    text: 'one red',
    wrapped: false,
    runs: [
      { length: 4, fg: -1, bg: -1, flags: 0 },
      { length: 3, fg: 1, bg: -1, flags: 1 },
    ],
  });
  expect(b?.runs[0]).toEqual({ length: 5, fg: 1, bg: -1, flags: 1 });
});

test('palette, true colour, bright colours and their ends', () => {
  const runs = (text: string) => outputRows(text)[0]?.runs[0];
  expect(runs('\u001b[38;5;208mx')?.fg).toBe(208);
  expect(runs('\u001b[48;2;1;2;3mx')?.bg).toBe(0x1010203);
  expect(runs('\u001b[38:2:1:2:3mx')?.fg).toBe(0x1010203);
  expect(runs('\u001b[97mx')?.fg).toBe(15);
  expect(runs('\u001b[31;39;1;22mx')).toBeUndefined();
});

test('a progress bar shows its last state, not every one', () => {
  expect(rowsText(outputRows('10 %\r55 %\r100 %\nnext'))).toBe('100 %\nnext');
  expect(rowsText(outputRows('long line\r\u001b[Kshort'))).toBe('short');
  expect(rowsText(outputRows('ab\b\u001b[2Kc'))).toBe(' c');
});

test('everything else a terminal would act on is left out', () => {
  const text = 'a\u001b]0;title\u0007b\u001b[2J\u001b[5;5Hc\u001b(Bd\u0007\u009be\u001b';
  expect(rowsText(outputRows(text))).toBe('abcde');
  expect(outputRows('')).toEqual([]);
});

test('Markdown that streams is cut where nothing before has to be read again', () => {
  const paragraph = `${'word '.repeat(130)}\n\n`;
  const text = `${paragraph}Next paragraph.\n\n${paragraph}- a list\n\n- goes on\n`;
  const pieces = markdownPieces(text);
  expect(pieces.join('')).toBe(text);
  expect(pieces).toHaveLength(2);
  expect(markdownPieces(`${text}more`)[0]).toBe(pieces[0]);
});

test('a cut never goes through a fence, a list or a text with addresses given elsewhere', () => {
  const fenced = `\`\`\`\n${'code\n\nmore\n'.repeat(200)}\`\`\`\n`;
  expect(markdownPieces(fenced)).toEqual([fenced]);
  const defined = `${'word '.repeat(300)}\n\n[a]\n\n[a]: https://example.org\n`;
  expect(markdownPieces(defined)).toEqual([defined]);
});

test.each([
  ['https://example.org/a', 'https://example.org/a'],
  ['http://example.org', 'http://example.org/'],
  ['javascript:alert(1)', null],
  ['JaVaScRiPt:alert(1)', null],
  ['data:text/html,x', null],
  ['file:///etc/passwd', null],
  ['vbscript:x', null],
  ['/relative', null],
  ['', null],
])('the address %s leads to %s', (url, to) => {
  expect(safeUrl(url)).toBe(to);
});

test('a change is what went, what came and a little around it', () => {
  const rows = diffRows(DIFF.oldText, DIFF.newText);
  expect(rows.filter((row) => row.kind === 'added')).toHaveLength(4);
  expect(rows.filter((row) => row.kind === 'removed')).toEqual([
    { kind: 'removed', before: 11, after: null, text: '  const hours = Math.round(phase / 3600);' },
    {
      kind: 'removed',
      before: 12,
      after: null,
      text: '  return { at: now + hours * 3600, high: phase > 0 };',
    },
  ]);
  expect(rows.filter((row) => row.kind === 'gap')).toHaveLength(1);
  expect(diffRows(null, 'a\nb\n').map((row) => [row.kind, row.after])).toEqual([
    ['added', 1],
    ['added', 2],
  ]);
  expect(diffRows('a\n', '').map((row) => row.kind)).toEqual(['removed']);
});

test('two files with nothing in common are shown without searching for seconds', () => {
  const side = (word: string) => Array.from({ length: 4000 }, (_, n) => `${word} ${n}`).join('\n');
  const rows = diffRows(side('old'), side('new'));
  expect(rows).toHaveLength(8000);
});

test('a slash opens the agent’s commands: first those that begin so, then those that hold it', () => {
  expect(slashQuery('/Re')).toBe('re');
  expect(slashQuery('/review this')).toBeNull();
  expect(slashQuery('a /b')).toBeNull();
  expect(slashMatches(MENU.commands, 're').map((command) => command.name)).toEqual(['review']);
  expect(slashMatches(MENU.commands, 'conversation').map(slashLine)).toEqual(['/compact ']);
  expect(slashMatches(MENU.commands, '')).toHaveLength(4);
});

test('a language is known by its name, its nickname or its file; a strange one is none', () => {
  expect(languageOf('TS')).toBe('typescript');
  expect(languageOf('constructor')).toBeNull();
  expect(languageOf(languageOfPath('~/a/Dockerfile'))).toBe('dockerfile');
  expect(languageOf(languageOfPath('Makefile'))).toBeNull();
});

test('the ways to sign in are read from beside their notice, and from nowhere else', () => {
  const ways = [{ name: 'Login', description: '', command: 'claude /login' }];
  const contents = [{ type: 'input' as const, text: JSON.stringify(ways) }];
  const [told, other, broken] = partsOf(
    1,
    1,
    { ...notice('warning', 'Sign in', 'agent.signIn'), contents },
    { ...notice('warning', 'Other', 'agent.notice'), contents },
    { ...notice('warning', 'Sign in', 'agent.signIn'), contents: [{ type: 'input', text: '{' }] },
  );
  if (told === undefined || other === undefined || broken === undefined) throw new Error('made');
  expect([signInWays(told), signInWays(other), signInWays(broken)]).toEqual([ways, [], []]);
});

test('a thread copied as Markdown holds all of it, and says who did what', () => {
  const parts = [...DONE_TURN, ...partsOf(2, 9, PLAN)];
  const [thread] = threadsOf([segmentOf('a', 1, { parts })]);
  if (thread === undefined) throw new Error('one segment is one thread');
  const text = threadMarkdown(thread, { nameOf: () => 'Alice', timeOf: () => '17:05' });
  expect(text).toContain('# Fix the tide table\n\nOpenCode · `~/src/harbor`');
  expect(text).toContain('## Alice, 17:05\n\nWhy does the tide test fail?');
  expect(text).toContain('_Thought for 4 s_');
  expect(text).toContain('**Command** `npm test` (failed, exit 1)');
  expect(text).toContain('high tide in 東京 comes at 06:12');
  expect(text).not.toContain('\u001b');
  expect(text).toContain('```diff');
  expect(text).toContain('+const MINUTE = 60;');
  expect(text).toContain('**Permission** `Edit src/tide.ts`: Allowed by Alice');
  expect(text).toContain('- [x] Read the failing test\n- [x] Find');
  expect(text).toContain('_12 s · 4.2k in · 192 out · $0.02_');
  expect(answerMarkdown({ turn: 1, parts: DONE_TURN })).toMatch(/^The test fails because/);
});
