import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { decodeAction, encodeAction, PersonName } from '../../../src/protocol/action.ts';
import { decodeCbor, encodeCbor } from '../../../src/protocol/codec.ts';
import { decodeHandshake, decodeNegotiation } from '../../../src/protocol/handshake.ts';
import {
  DeviceId,
  DocumentId,
  idBytes,
  idOf,
  InviteId,
  KnockId,
  PublicKey,
  SessionId,
  ThreadId,
} from '../../../src/protocol/ids.ts';
import {
  COMMAND_BYTES_MAX,
  KEYS_BYTES_MAX,
  SHARER_MESSAGE_BYTES_MAX,
  SIGNAL_BYTES_MAX,
  VIEWER_MESSAGE_BYTES_MAX,
} from '../../../src/protocol/limits.ts';
import { decodeToSharer, decodeToViewer, encodeMessage } from '../../../src/protocol/message.ts';

const device = idOf(DeviceId, new Uint8Array(8));
const redraw = encodeMessage({ type: 'redraw' });
const malformed = { ok: false, fault: 'message.malformed' };
const tooLarge = { ok: false, fault: 'message.tooLarge' };

test.each([
  ['PublicKey', PublicKey, 32],
  ['SessionId', SessionId, 16],
  ['DocumentId', DocumentId, 16],
  ['InviteId', InviteId, 8],
  ['DeviceId', DeviceId, 8],
  ['KnockId', KnockId, 8],
  ['ThreadId', ThreadId, 8],
])('[ID6] a %s is written in one way, and has its bytes', (_, schema, length) => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const whole = idOf(schema, new Uint8Array(length).fill(255));
  const ways = digits.split('').filter((last) => v.is(schema, whole.slice(0, -1) + last));
  // Of the last character of six bits, four or two are the id's.
  expect(ways).toHaveLength(length === 16 ? 4 : 16);
  for (const last of ways) expect(idBytes(whole.slice(0, -1) + last)).toHaveLength(length);
});

describe('bytes from outside', () => {
  test.each([
    ['viewer', VIEWER_MESSAGE_BYTES_MAX, decodeToSharer],
    ['sharer', SHARER_MESSAGE_BYTES_MAX, decodeToViewer],
    ['handshake', SIGNAL_BYTES_MAX, decodeHandshake],
    ['negotiation', SIGNAL_BYTES_MAX, decodeNegotiation],
  ])('[MS1] of a %s are at most %i', (_, bytesMax, decode) => {
    // Zeros are no message: only the size decides which of the two faults it is.
    expect(decode(new Uint8Array(bytesMax))).toEqual(malformed);
    expect(decode(new Uint8Array(bytesMax + 1))).toEqual(tooLarge);
  });

  const TYPE = [0x64, 0x74, 0x79, 0x70, 0x65]; // "type"
  const REDRAW = [0x66, 0x72, 0x65, 0x64, 0x72, 0x61, 0x77]; // "redraw"
  test.each([
    ['a map without a length', [0xbf, ...TYPE, ...REDRAW, 0xff]],
    ['a key twice', [0xa2, ...TYPE, ...REDRAW, ...TYPE, ...REDRAW]],
    ['something after the value', [0xa1, ...TYPE, ...REDRAW, 0xf6]],
    ['an end that is missing', [0xa1, ...TYPE, ...REDRAW.slice(0, -1)]],
    ['undefined', [0xa1, ...TYPE, 0xf7]],
    ['NaN', [0xf9, 0x7e, 0x00]],
    ['infinity', [0xf9, 0x7c, 0x00]],
  ])('[MS2] with %s are no message', (_, bytes) => {
    expect(decodeToSharer(redraw)).toEqual({ ok: true, value: { type: 'redraw' } });
    expect(decodeCbor(Uint8Array.from(bytes))).toEqual(malformed);
    expect(decodeToSharer(Uint8Array.from(bytes))).toEqual(malformed);
  });

  const document = idOf(DocumentId, new Uint8Array(16));
  const heads = (count: number) => Array.from({ length: count }, () => new Uint8Array(32));
  test.each([
    ['an unknown type', { type: 'takeOver' }, false],
    [
      '200 documents wanted',
      { type: 'want', ids: Array.from({ length: 200 }, () => document) },
      true,
    ],
    ['201', { type: 'want', ids: Array.from({ length: 201 }, () => document) }, false],
    ['16 heads', { type: 'back', device, have: [{ id: document, heads: heads(16) }] }, true],
    ['17', { type: 'back', device, have: [{ id: document, heads: heads(17) }] }, false],
    ['an id of another length', { type: 'snapshot', id: 'AAAA' }, false],
    ['a hue of 360', { type: 'knock', name: 'Bob', hue: 360, device }, false],
  ])('[MS2] with %s are held against the schema', (_, value, isMessage) => {
    expect(decodeToSharer(encodeCbor(value)).ok).toBe(isMessage);
  });

  test('[MS2] of an action keep to its own limits', () => {
    const command = (bytes: number) =>
      encodeAction({ type: 'command.run', text: 'é'.repeat(bytes / 2) });
    expect(decodeAction(command(COMMAND_BYTES_MAX)).ok).toBe(true);
    expect(decodeAction(command(COMMAND_BYTES_MAX + 2))).toEqual(malformed);
    const keys = (bytes: number) =>
      encodeAction({ type: 'keys.type', keys: new Uint8Array(bytes) });
    expect(decodeAction(keys(KEYS_BYTES_MAX)).ok).toBe(true);
    expect(decodeAction(keys(KEYS_BYTES_MAX + 1))).toEqual(malformed);
    expect(decodeAction(encodeCbor({ type: 'terminal.resize', cols: 501, rows: 24 }))).toEqual(
      malformed,
    );
  });
});

test.each([
  ['Bob', true],
  ['Zoë 🦊', true],
  ['   ', false],
  ['x'.repeat(40), true],
  ['x'.repeat(41), false],
  ['Bob\u001b[31m', false],
  ['Bob\u202egnp.exe', false],
  ['Bob\u2066', false],
  ['Bob\n', true], // trimmed
  ['B\nob', false],
])('[MS4] %j as a name', (name, isName) => {
  expect(v.safeParse(PersonName, name).success).toBe(isName);
});
