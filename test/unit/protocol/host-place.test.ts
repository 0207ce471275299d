// Where a share is looked for, as it is typed behind a code.
import { expect, test } from 'vitest';
import { isNearby, parsePlace, placeOrigin, typedPlace } from '../../../src/protocol/host-place.ts';

const originOf = (text: string): string => {
  const parsed = parsePlace(text);
  return parsed.ok ? placeOrigin(parsed.value) : parsed.fault;
};

test.each([
  ['192.168.1.5', 'http://192.168.1.5:4271'],
  ['192.168.1.5:4280', 'http://192.168.1.5:4280'],
  ['[fd00::1]', 'http://[fd00::1]:4271'],
  ['Alices-Laptop.local', 'http://alices-laptop.local:4271'],
  ['localhost:4272', 'http://localhost:4272'],
  ['203.0.113.5', 'http://203.0.113.5:4271'],
  ['meet.example.org', 'https://meet.example.org'],
  ['meet.example.org:4272', 'http://meet.example.org:4272'],
  ['https://meet.example.org:8443', 'https://meet.example.org:8443'],
  ['https://meet.example.org/', 'https://meet.example.org'],
  ['wss://192.168.1.5', 'https://192.168.1.5'],
  ['http://meet.example.org', 'http://meet.example.org'],
])('[IV4] %s is the page at %s', (typed, origin) => {
  expect(originOf(typed)).toBe(origin);
});

test.each([
  ['https://meet.example.org', 'meet.example.org'],
  ['https://meet.example.org:8443', 'https://meet.example.org:8443'],
  ['http://meet.example.org', 'meet.example.org:80'],
  ['http://meet.example.org:4272', 'meet.example.org:4272'],
  ['https://192.168.1.5', 'https://192.168.1.5'],
  ['http://192.168.1.5:4280', '192.168.1.5:4280'],
  ['http://127.0.0.1:4272', '127.0.0.1:4272'],
])('[IV4] for %s one types %s, and gets there', (origin, typed) => {
  expect(typedPlace(origin)).toBe(typed);
  expect(originOf(typed)).toBe(origin);
});

test.each(['', 'host/path', 'a b', 'ftp://host', 'host:0', 'host:99999', '[host]', 'a@b', '-a'])(
  '[IV4] %j is no place',
  (text) => {
    expect(originOf(text)).toBe('invite.malformed');
  },
);

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.0.1',
  '169.254.1.1',
  '100.64.0.1',
  '::1',
  '[fe80::1]',
  'fd12:3456::1',
  '::ffff:10.0.0.1',
  'localhost',
  'printer',
  'Alice.local',
])('%s is near', (host) => {
  expect(isNearby(host)).toBe(true);
});

test.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2001:db8::1', '::ffff:8.8.8.8', 'a.example'])(
  '%s may be anywhere',
  (host) => {
    expect(isNearby(host)).toBe(false);
  },
);
