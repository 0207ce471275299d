// Invites as people paste and type them.
import { describe, expect, test } from 'vitest';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { checkWords } from '../../../src/crypto/check-words.ts';
import { formatCode, formatLink, newWords, parseInvite } from '../../../src/crypto/invite.ts';
import { wordsOf } from '../../../src/crypto/words.ts';
import { err, ok } from '../../../src/protocol/result.ts';
import { invite, nameplate, secret, session } from './people.ts';

const link = formatLink({ origin: 'https://share.example', invite, secret, session });
const fragment = link.slice(link.indexOf('#') + 1);
const code = (place: { host: string; port: number | null } | null = null) =>
  ok({
    kind: 'code',
    nameplate,
    words: 'apple-tiger',
    at: place === null ? null : { scheme: null, ...place },
  });

test('[IV1] a link is read back as it was made, whole or from its fragment on', () => {
  const parsed = { kind: 'link', invite, secret, session };
  expect(link).toMatch(/^https:\/\/share\.example\/#m1\.[\w-]{54}$/);
  expect(parseInvite(link)).toEqual(ok({ ...parsed, origin: 'https://share.example' }));
  expect(parseInvite(`  ${link}\n`)).toEqual(ok({ ...parsed, origin: 'https://share.example' }));
  expect(parseInvite(`#${fragment}`)).toEqual(ok({ ...parsed, origin: null }));
  expect(parseInvite(fragment)).toEqual(ok({ ...parsed, origin: null }));
});

test('[IV1] a link keeps its port, its folder, an IPv6 address', () => {
  for (const origin of [
    'http://192.168.1.5:4271',
    'http://[fe80::1]:4271',
    'https://example.org/meshell',
  ]) {
    const parsed = parseInvite(formatLink({ origin, invite, secret, session }));
    expect(parsed.ok && parsed.value).toMatchObject({ kind: 'link', origin });
  }
});

describe('[IV1] what is nearly a link is none', () => {
  test.each([
    link.slice(0, -1),
    `${link}A`,
    `${link.slice(0, -1)}_`, // bits that stand for nothing must be 0
    link.replace('#m1.', '#m2.'),
    link.replace('#', ''),
    link.replace('https://', 'javascript://'),
    link.replace('share.example', 'user@share.example'),
    link.replace('/#', '/?a#'),
    `https://share.example/# ${fragment}`,
    'https://share.example/',
    `m1.${'+'.repeat(54)}`,
  ])('%s', (text) => {
    expect(parseInvite(text)).toEqual(err('invite.malformed'));
  });
});

describe('[IV2] a code as people type it', () => {
  test.each([
    '4271-apple-tiger',
    ' 4271-Apple-TIGER ',
    '4271 apple tiger',
    '4271  apple - tiger',
    '4271–apple—tiger',
    '4271_apple_tiger',
  ])('%s', (text) => {
    expect(parseInvite(text)).toEqual(code());
  });

  test.each([
    ['4271-apple-tiger@192.168.1.5:4271', { host: '192.168.1.5', port: 4271 }],
    ['4271-apple-tiger@192.168.1.5', { host: '192.168.1.5', port: null }],
    ['4271 apple tiger @ Alices-Laptop.local', { host: 'alices-laptop.local', port: null }],
    ['4271-apple-tiger@[::1]:4271', { host: '::1', port: 4271 }],
    ['4271-apple-tiger@[fe80::1]', { host: 'fe80::1', port: null }],
    ['4271-apple-tiger@localhost:1', { host: 'localhost', port: 1 }],
    ['4271-apple-tiger@a:65535', { host: 'a', port: 65_535 }],
  ])('[IV4] %s', (text, at) => {
    expect(parseInvite(text)).toEqual(code(at));
  });

  test.each([
    '',
    '4271',
    '4271-apple',
    '4271-apple-tiger-zoo',
    '427-apple-tiger',
    '427100000-apple-tiger',
    '4271-appel-tiger',
    '4271-apple-tigre',
    '4271-apple-tiger@',
    '4271-apple-tiger@host:0',
    '4271-apple-tiger@host:65536',
    '4271-apple-tiger@host:',
    '4271-apple-tiger@::1',
    '4271-apple-tiger@[zz]',
    '4271-apple-tiger@[ab]',
    '4271-apple-tiger@host/path',
    '4271-apple-tiger@user@host',
    '4271-apple-tiger@ho st',
    'apple-tiger',
    'meshell join 4271-apple-tiger',
    '٤٢٧١-apple-tiger',
    `4271-apple-tiger@${'a'.repeat(600)}`,
  ])('not %s', (text) => {
    expect(parseInvite(text)).toEqual(err('invite.malformed'));
  });

  test('is written with dashes', () => {
    expect(formatCode(nameplate, 'apple-tiger')).toBe('4271-apple-tiger');
  });
});

test('[IV3] new words are two of the list, and each of the 2,048 can come first and second', () => {
  const firsts = new Map<string, number>();
  const seconds = new Map<string, number>();
  // Every value of the 22 bits that are used, 11 at a time.
  for (let value = 0; value < 2048; value++) {
    const bits = (value << 13) | (value << 2);
    const words = newWords(() => Uint8Array.of(bits >> 16, (bits >> 8) & 255, bits & 255));
    const [one = '', two = '', ...more] = words.split('-');
    expect(more).toEqual([]);
    firsts.set(one, (firsts.get(one) ?? 0) + 1);
    seconds.set(two, (seconds.get(two) ?? 0) + 1);
  }
  for (const count of [firsts, seconds]) {
    expect(count.size).toBe(2048);
    expect(new Set(count.values())).toEqual(new Set([1]));
    for (const word of count.keys()) expect(wordlist).toContain(word);
  }
});

test('[HS12] check words are the first 44 bits of their key', () => {
  const [zero = '', one = ''] = wordlist;
  expect(checkWords(new Uint8Array(32))).toBe([zero, zero, zero, zero].join(' '));
  const key = new Uint8Array(32);
  key[5] = 0b0001_0000; // bit 44, counted from 1
  expect(checkWords(key)).toBe([zero, zero, zero, one].join(' '));
  key[5] = 0b0000_1111; // bits past it say nothing
  expect(checkWords(key)).toBe([zero, zero, zero, zero].join(' '));
  expect(() => wordsOf(new Uint8Array(5), 4)).toThrow('too few bytes');
});
