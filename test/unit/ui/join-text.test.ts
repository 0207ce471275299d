import { expect, test } from 'vitest';
import { joinTarget } from '../../../src/ui/model/join-text.ts';

const LAN = { origin: 'http://192.168.1.5:4271', looksUpCodes: true, signal: null };
const APP = { origin: 'http://127.0.0.1:4270', looksUpCodes: false, signal: null };

test('Bob types the code on the page that Alice’s process serves', () => {
  expect(joinTarget(' 4271-Apple-tiger ', LAN)).toEqual({
    ok: true,
    value: { go: 'here', way: { by: 'code', code: '4271-apple-tiger' } },
  });
});

test('spaces do for hyphens, as codes are read aloud', () => {
  expect(joinTarget('4271 apple tiger', LAN)).toMatchObject({
    value: { way: { code: '4271-apple-tiger' } },
  });
});

test('the whole line for a terminal does too, and leads to the place it names', () => {
  const line = 'meshell join 4271-apple-tiger@192.168.1.5:4271';
  expect(joinTarget(line, LAN)).toMatchObject({ value: { go: 'here' } });
  expect(joinTarget(line, APP)).toEqual({
    ok: true,
    value: { go: 'there', url: 'http://192.168.1.5:4271/#code=4271-apple-tiger' },
  });
});

test('[IV4] a code of a service leads to its page, by the name that was read out', () => {
  expect(joinTarget('4271-apple-tiger@meet.example.org', APP)).toEqual({
    ok: true,
    value: { go: 'there', url: 'https://meet.example.org/#code=4271-apple-tiger' },
  });
  const there = { ...LAN, origin: 'https://meet.example.org' };
  expect(joinTarget('meshell join 4271-apple-tiger@meet.example.org', there)).toMatchObject({
    value: { go: 'here' },
  });
});

test('[IV4] an address without a port is where a sharer listens', () => {
  expect(joinTarget('4271-apple-tiger@192.168.1.5', LAN)).toMatchObject({ value: { go: 'here' } });
});

test('a bare code from Alice’s own app goes to signaling, or says what to type', () => {
  expect(joinTarget('4271-apple-tiger', APP)).toEqual({ ok: false, fault: 'code.noPlace' });
  expect(joinTarget('4271-apple-tiger', { ...APP, signal: 'wss://s.example/' })).toEqual({
    ok: true,
    value: { go: 'there', url: 'https://s.example/#code=4271-apple-tiger' },
  });
});

test('a link of this page is joined here, any other where it leads', () => {
  expect(joinTarget('http://192.168.1.5:4271/#m1.a.b.c', LAN)).toEqual({
    ok: true,
    value: { go: 'here', way: { by: 'link', invite: 'm1.a.b.c' } },
  });
  expect(joinTarget('https://other.example/#m1.a.b.c', LAN)).toEqual({
    ok: true,
    value: { go: 'there', url: 'https://other.example/#m1.a.b.c' },
  });
});

test.each([
  '',
  'hello',
  '4271-apple',
  '4271-apple-tiger-fish',
  '4271-apple-tiger@a@b',
  '4271-apple-tiger@host/path',
  'http://host/',
  'http://host/#m2.x',
  'javascript:alert(1)#m1.a.b.c',
])('%o is not an invite', (text) => {
  expect(joinTarget(text, LAN)).toEqual({ ok: false, fault: 'invite.malformed' });
});
