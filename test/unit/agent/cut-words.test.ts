// What stays of a text that is cut before anyone looks for secrets in it.
import { expect, test } from 'vitest';
import { failureWords } from '../../../src/agent/acp-hello.ts';
import { firstWords, lastWords } from '../../../src/agent/cut-words.ts';
import { refusalFault } from '../../../src/agent/built-in/model-faults.ts';
import { last, notices, runningTalk, SECRET, type Talk } from './talk.ts';

const HALF = SECRET.slice(0, 6);

test('[TH13] wherever the beginning of a text is cut off from its end, no half of a secret is left', () => {
  const text = `the key ${SECRET}, ${SECRET} and ${SECRET}`;
  for (let most = 0; most <= text.length; most++) {
    const cut = firstWords(text, most);
    expect(cut.replaceAll(SECRET, '')).not.toContain(HALF);
    expect(cut.length).toBeLessThanOrEqual(most + 1);
    const end = lastWords(text, most);
    expect(end.replaceAll(SECRET, '')).not.toMatch(/ter2|-A9|unter/);
    expect(end.length).toBeLessThanOrEqual(most);
  }
  expect(firstWords(text, text.length)).toBe(text);
  expect(lastWords(text, text.length)).toBe(text);
});

test('[TH13] words are cut between characters, and one that never ends is cut in itself', () => {
  expect(firstWords('one two', 5)).toBe('one…');
  expect(firstWords('one two', 3)).toBe('one…');
  expect(firstWords('漢字漢字', 3)).toBe('漢字漢…');
  expect(firstWords('a 😀😀', 3)).toBe('a…');
  expect(lastWords('a 😀😀', 3)).toBe('😀');
  expect(firstWords('x'.repeat(9000), 8000)).toHaveLength(8000 - 4096 + 1);
  expect(lastWords('x'.repeat(9000), 8000)).toHaveLength(8000 - 4096);
  expect(lastWords('one two\nthree\nfour', 11)).toBe('three\nfour');
  expect(lastWords('one two\nthree\nfour', 9)).toBe('four');
});

test('[TH13] the end of a private key goes with its beginning', () => {
  const key = '-----BEGIN PRIVATE KEY-----\nAAAA\nBBBB\n-----END PRIVATE KEY-----';
  const text = `${key}\nand so it ended`;
  expect(lastWords(text, 60)).toBe('and so it ended');
  expect(lastWords(text, text.length)).toBe(text);
});

/** Alice is told, in whatever way, of something that ends with a secret. */
const told: readonly (readonly [how: string, tell: (talk: Talk, text: string) => void])[] = [
  ['notice', (talk, text) => talk.tell({ on: 'notice', level: 'info', text })],
  ['summary', (talk, summary) => talk.tell({ on: 'compaction', state: 'done', summary })],
  [
    'summary of one that ran',
    (talk, summary) => {
      talk.tell({ on: 'compaction', state: 'running', summary: '' });
      talk.tell({ on: 'compaction', state: 'done', summary });
    },
  ],
  ['error', (talk, message) => talk.tell({ on: 'turnFailed', message, signIn: false })],
];

test.each(told)('[TH13] the %s is masked before it is cut', (_, tell) => {
  for (let shift = 1; shift < SECRET.length; shift++) {
    const talk = runningTalk();
    tell(talk, `${'word '.repeat(1638)}${'.'.repeat(shift)}${SECRET}${' and so on'.repeat(9000)}`);
    const { text } = last(talk, 'notice');
    expect(notices(talk)).toHaveLength(1);
    expect(text).not.toContain(HALF);
    expect(text.length).toBeGreaterThan(8000);
    expect(text.length).toBeLessThan(8300);
  }
});

test('[TH13] the words of an error that are cut at once are whole words', () => {
  for (let shift = 0; shift < SECRET.length; shift++) {
    const long = (most: number): string => `${'.'.repeat(most - shift - 1)} ${SECRET} and more`;
    expect(failureWords({ message: long(2000) })).not.toContain(HALF);
    const body = JSON.stringify({ error: { message: long(300) } });
    const fault = refusalFault({ status: 500, body, model: 'm', retryAfter: null }, 0);
    expect(JSON.stringify(fault)).not.toContain(HALF);
  }
});
