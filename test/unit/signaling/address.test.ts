import { expect, test } from 'vitest';
import { addressGroup, clientAddress, isLoopback, isOwnHost } from '../../../signaling/address.ts';

test('[SG11] an IPv6 household is one address, however it is written; IPv4 stands alone', () => {
  expect(addressGroup('192.0.2.1')).toBe('192.0.2.1');
  expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
  const same = ['2001:db8:0:1::1', '2001:0DB8:0000:0001:ffff::', '2001:db8:0:1:2:3:4:5'];
  expect(new Set(same.map(addressGroup))).toEqual(new Set(['2001:db8:0:1::/64']));
  expect(addressGroup('2001:db8:0:2::1')).not.toBe('2001:db8:0:1::/64');
  expect(addressGroup('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  expect(addressGroup('::1')).toBe('0:0:0:0::/64');
  expect(addressGroup('x'.repeat(1_000))).toHaveLength(45);
});

test('[SG17] what a visitor writes into X-Forwarded-For counts nothing', () => {
  expect(clientAddress('192.0.2.1', '198.51.100.1', false)).toBe('192.0.2.1');
  expect(clientAddress('127.0.0.1', '10.0.0.1, 198.51.100.1', true)).toBe('198.51.100.1');
  expect(clientAddress('127.0.0.1', undefined, true)).toBe('127.0.0.1');
  expect(clientAddress('127.0.0.1', '<script>', true)).toBe('127.0.0.1');
});

test('[SG24] a name that a foreign DNS could lead here is not our own', () => {
  const ours = ['192.168.1.5:4271', '192.168.1.5', '[fe80::1]:4271', 'localhost:1', 'ada.local'];
  expect(ours.filter((host) => !isOwnHost(host))).toEqual([]);
  const foreign = ['evil.example:4271', '192.168.1.5.evil.example', 'x.ada.local', '', 'local'];
  expect(foreign.filter(isOwnHost)).toEqual([]);
});

test('only this computer’s own addresses need no https', () => {
  const hosts = ['127.0.0.1', 'localhost', '::1', '[::1]', '0.0.0.0', '192.168.1.5'];
  expect(hosts.map(isLoopback)).toEqual([true, true, true, true, false, false]);
});
