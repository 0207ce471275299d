// Which ICE servers are asked, and how a setting names one.
import { expect, test } from 'vitest';
import { iceServers, parseIceServer, STUN_DEFAULT } from '../../../src/peer/ice.ts';

test('[LK23] on this computer and this network nobody outside is asked, whatever the setting', () => {
  expect(iceServers('local')).toEqual([]);
  expect(iceServers('lan', [STUN_DEFAULT])).toEqual([]);
});

test('[LK23] through signaling it is the default, or the setting, which may be empty', () => {
  expect(iceServers('signal')).toEqual([STUN_DEFAULT]);
  expect(iceServers('signal', [])).toEqual([]);
});

test.each([
  ['stun:example.org', { urls: 'stun:example.org' }],
  ['stun:[fd00::1]:3478', { urls: 'stun:[fd00::1]:3478' }],
  [
    'turn:alice:p%40ss@turn.example.org:3478?transport=udp',
    {
      urls: 'turn:turn.example.org:3478?transport=udp',
      username: 'alice',
      credential: 'p@ss',
    },
  ],
])('%s is a server', (text, value) => {
  expect(parseIceServer(text)).toEqual({ ok: true, value });
});

test.each(['', 'example.org', 'http://example.org', 'turn:example.org', 'turn:a:%@b', 'stun:a b'])(
  '%j is none',
  (text) => {
    expect(parseIceServer(text)).toEqual({ ok: false, fault: 'link.iceServer' });
  },
);
