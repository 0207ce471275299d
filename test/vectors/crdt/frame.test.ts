import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { decodeHead, openFrame, signFrame } from '../../../src/crdt/frame.ts';
import { encodeRecord } from '../../../src/crdt/log-record.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { DocumentId, idOf } from '../../../src/protocol/ids.ts';
import { ALICE, ALICES_SESSION, aliceSigner } from '../../unit/crdt/cast.ts';

const head = {
  session: ALICES_SESSION,
  epoch: 1,
  n: 2,
  document: idOf(DocumentId, new Uint8Array(16).fill(0xd0)),
  kind: 'changes' as const,
  part: 0,
  parts: 1,
  base: [new Uint8Array(32).fill(0xba)],
  heads: [new Uint8Array(32).fill(0xed)],
  deflated: false,
};

test('[FR1] these are the bytes of a frame, and Ed25519 signs them alike everywhere', async () => {
  const frame = await signFrame(head, new Uint8Array([1, 2, 3]), aliceSigner);
  expect(bytesToHex(frame.head)).toBe(
    '8b503912b09c4cd60490685e5b4160ab12d7010250d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0000001' +
      '815820babababababababababababababababababababababababababababababababa815820eded' +
      'ededededededededededededededededededededededededededededededf45820039058c6f2c0cb' +
      '492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
  );
  expect(bytesToHex(frame.signature)).toBe(
    '1de653c0db05780538f8b09f7228358d69d5f8b32afdf4ff4c121d80b96c1739648639351a356bf6' +
      'e8cc29256f1e967f5aba1d3653bc980ee64fd6628e554003',
  );
  const opened = await openFrame(frame, ALICE.publicBytes, nodeVerifier);
  expect(opened).toMatchObject({ ok: true, value: { head, body: frame.body } });
});

test('[FR1] a head that contradicts itself is none', async () => {
  for (const changed of [{ part: 1 }, { n: 0 }, { parts: 2 }, { kind: 'snapshot' as const }]) {
    const frame = await signFrame({ ...head, ...changed }, new Uint8Array(1), aliceSigner);
    expect(decodeHead(frame.head)).toEqual({ ok: false, fault: 'frame.malformed' });
  }
});

test('[ST2] these are the bytes of a record', () => {
  expect(bytesToHex(encodeRecord(new Uint8Array([0x61, 0x62, 0x63])))).toBe(
    '00000003ba7816bf616263', // SHA-256("abc") begins ba7816bf
  );
});
