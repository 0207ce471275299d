// Which ICE servers are asked on which way, and what a viewer is told of them.
import { expect, test } from 'vitest';
import { sharerIce, STUN_DEFAULT, toldIce, viewerIce } from '../../../src/peer/ice.ts';

const SERVICE = 'wss://meet.example.org/signal';
const TURN = { urls: 'turn:turn.example.org', username: 'alice', credential: 'secret' };
const OWN = { urls: 'stun:stun.example.org' };

test.each([
  'ws://127.0.0.1:4271/signal',
  'ws://192.168.1.5:4271/signal',
  'ws://[fd00::1]:4271/signal',
  'ws://alices-laptop.local:4271/signal',
])('[LK23] on the way by %s nobody outside is asked, whatever the setting', (url) => {
  expect(sharerIce(url, null)).toEqual([]);
  expect(sharerIce(url, [TURN])).toEqual([]);
  expect(viewerIce(url, [OWN], [OWN.urls])).toEqual([]);
});

test('[LK23] through a service it is the default, or the setting, which may be empty', () => {
  expect(sharerIce(SERVICE, null)).toEqual([STUN_DEFAULT]);
  expect(sharerIce(SERVICE, [TURN])).toEqual([TURN]);
  expect(sharerIce(SERVICE, [])).toEqual([]);
});

test('[LK28] Bob asks what Alice asks, but for her relay: its password stays with her', () => {
  expect(toldIce([TURN, OWN])).toEqual([OWN.urls]);
  expect(viewerIce(SERVICE, null, [OWN.urls])).toEqual([OWN]);
  expect(viewerIce(SERVICE, null, [])).toEqual([]);
  expect(viewerIce(SERVICE, null, null)).toEqual([STUN_DEFAULT]);
});

test('[LK28] Bob’s own setting goes before what Alice says', () => {
  expect(viewerIce(SERVICE, [TURN], [OWN.urls])).toEqual([TURN]);
  expect(viewerIce(SERVICE, [], [OWN.urls])).toEqual([]);
});
