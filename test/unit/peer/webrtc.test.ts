// One dial: what it offers, whom it asks, when it gives up.
import { networkInterfaces } from 'node:os';
import { afterAll, expect, test } from 'vitest';
import { nodeClock } from '../../../src/host/clock-node.ts';
import { STUN_DEFAULT } from '../../../src/peer/ice.ts';
import { nodeRtc } from '../../../src/peer/webrtc-node.ts';
import { dialRtc, rtcDialer, type Wrtc } from '../../../src/peer/webrtc.ts';
import { fakeClock } from '../../fake-clock.ts';

const noPath = { ok: false, fault: 'link.noPath' };

async function wrtc(): Promise<Wrtc> {
  const rtc = await nodeRtc(nodeClock);
  if (!rtc.ok) throw new Error(rtc.fault);
  return rtc.value.wrtc;
}

afterAll(async () => {
  const rtc = await nodeRtc(nodeClock);
  if (rtc.ok) rtc.value.cleanup();
});

test('[LK24] the sharer offers every address of this computer that another could reach', async () => {
  const texts: string[] = [];
  let offered: () => void = () => {};
  const offer = new Promise<void>((resolve) => {
    offered = resolve;
  });
  const reachable = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && address.family === 'IPv4')
    .map((address) => address.address);
  const dial = dialRtc({
    initiator: true,
    wrtc: await wrtc(),
    iceServers: [],
    clock: nodeClock,
    send: (text) => {
      texts.push(text);
      if (texts.join().includes('"offer"') && reachable.every((ip) => texts.join().includes(ip))) {
        offered();
      }
    },
  });
  await offer;
  dial.close();
  expect(texts.join()).not.toContain('typ srflx');
  expect(await dial.wire).toEqual(noPath);
});

test('[LK19] a dial that nobody answers ends after four seconds', async () => {
  const clock = fakeClock();
  let texts = 0;
  const dial = rtcDialer(
    clock,
    await wrtc(),
  )({
    initiator: true,
    iceServers: [],
    send: () => void texts++,
  });
  let result: unknown = 'none yet';
  void dial.wire.then((wire) => {
    result = wire;
  });
  await clock.pass(3_999);
  expect(result).toBe('none yet');
  await clock.pass(1);
  expect(result).toEqual(noPath);
  const before = texts;
  dial.take('{"type":"answer","sdp":""}');
  dial.close();
  expect(texts).toBe(before);
  expect(clock.timers()).toBe(0);
});

test.each([
  ['what is no signal', ['{}']],
  ['a second description', ['{"type":"answer","sdp":"v=0"}', '{"type":"answer","sdp":"v=0"}']],
  ['a description that is none', ['{"type":"offer","sdp":"v=0"}']],
])('[LK7] %s ends the dial', async (_, texts) => {
  const dial = dialRtc({
    initiator: false,
    wrtc: await wrtc(),
    iceServers: [],
    clock: nodeClock,
    send: () => {},
  });
  for (const text of texts) dial.take(text);
  expect(await dial.wire).toEqual(noPath);
});

test('[LK7] a second description ends the dial, however right it is', async () => {
  let described: (offer: string) => void = () => {};
  const offer = new Promise<string>((resolve) => {
    described = resolve;
  });
  const alice = dialRtc({
    initiator: true,
    wrtc: await wrtc(),
    iceServers: [],
    clock: nodeClock,
    send: (text) => {
      if (text.includes('"offer"')) described(text);
    },
  });
  // Nothing ends Bob's dial by its time.
  const clock = fakeClock();
  const bob = dialRtc({
    initiator: false,
    wrtc: await wrtc(),
    iceServers: [],
    clock,
    send: () => {},
  });
  let result: unknown = 'none yet';
  void bob.wire.then((wire) => {
    result = wire;
  });
  bob.take(await offer);
  await clock.pass(1);
  expect(result).toBe('none yet');
  bob.take(await offer);
  await clock.pass(1);
  expect(result).toEqual(noPath);
  alice.close();
  bob.close();
});

test.each([
  ['none', []],
  ['the one that is set', [STUN_DEFAULT]],
])('[LK23] of ICE servers a dial asks %s, never the library’s own', async (_, iceServers) => {
  const configs: unknown[] = [];
  function recorder(config: unknown): void {
    configs.push(config);
    throw new Error('only looking');
  }
  const dial = dialRtc({
    initiator: true,
    wrtc: { RTCPeerConnection: recorder, RTCSessionDescription: Object, RTCIceCandidate: Object },
    iceServers,
    clock: nodeClock,
    send: () => {},
  });
  expect(await dial.wire).toEqual(noPath);
  expect(configs).toMatchObject([{ iceServers }]);
});

test('a page without WebRTC has no path, and says so at once', async () => {
  const dial = dialRtc({ initiator: true, iceServers: [], clock: nodeClock, send: () => {} });
  expect(await dial.wire).toEqual(noPath);
});
