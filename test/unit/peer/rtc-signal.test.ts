// What one dial believes of another's texts.
import { expect, test } from 'vitest';
import { fingerprintOf, parseRtcSignal } from '../../../src/peer/rtc-signal.ts';

const hash = Array.from({ length: 32 }, (_, n) => n.toString(16).padStart(2, '0')).join(':');
const line = (algorithm: string, value: string) => `a=fingerprint:${algorithm} ${value}\r\n`;

test('[LK6] the fingerprint is read in capitals, from session or media', () => {
  const binding = { ok: true, value: `sha-256 ${hash.toUpperCase()}` };
  expect(fingerprintOf(`v=0\r\n${line('SHA-256', hash)}m=application`)).toEqual(binding);
  expect(fingerprintOf(`${line('sha-256', hash)}m=a\r\n${line('sha-256', hash)}`)).toEqual(binding);
});

test.each([
  ['none', 'v=0\r\n'],
  ['two', line('sha-256', hash) + line('sha-256', hash.replace('00', 'ff'))],
  ['two of different kinds', line('sha-256', hash) + line('sha-1', hash.slice(0, 59))],
  ['a weak one', line('sha-1', hash.slice(0, 59))],
  ['a short one', line('sha-256', hash.slice(3))],
  ['one that is no hash', line('sha-256', hash.replace('00', 'zz'))],
])('[LK6] %s is refused', (_, sdp) => {
  expect(fingerprintOf(sdp)).toEqual({ ok: false, fault: 'link.binding' });
});

test('descriptions and candidates are taken, with nothing beside', () => {
  expect(parseRtcSignal('{"type":"offer","sdp":"v=0","evil":1}')).toEqual({
    ok: true,
    value: { type: 'offer', sdp: 'v=0' },
  });
  const candidate = { candidate: 'candidate:1', sdpMLineIndex: null, sdpMid: '0' };
  expect(parseRtcSignal(JSON.stringify({ type: 'candidate', candidate }))).toEqual({
    ok: true,
    value: { type: 'candidate', candidate },
  });
});

test.each([
  '',
  'null',
  '{"type":"renegotiate","renegotiate":true}',
  '{"type":"transceiverRequest","transceiverRequest":{"kind":"video"}}',
  '{"type":"rollback","sdp":""}',
  '{"type":"candidate","candidate":{"candidate":""}}',
  '{"type":"candidate","candidate":{"candidate":"c","sdpMid":"0000"}}',
  JSON.stringify({ type: 'offer', sdp: 'x'.repeat(16 * 1024) }),
])('%.60s is not taken', (text) => {
  expect(parseRtcSignal(text)).toEqual({ ok: false, fault: 'message.malformed' });
});
