// The handshake's bytes and keys, pinned: who changes them by accident breaks every older peer.
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { linkKeys, sealNegotiation } from '../../../src/crypto/handshake.ts';
import { encodeHandshake } from '../../../src/protocol/handshake.ts';
import { DOORS, first, Host, provenOf, untilJudging, Visitor } from '../../unit/crypto/people.ts';
import vectors from '../handshake.json' with { type: 'json' };

describe.each(Object.values(DOORS))('by the $door', (door) => {
  test('[HS1] [HS2] [HS3] [HS7] [HS9] [HS10] [HS12] every message and key is as it was', () => {
    const pinned = vectors[door.door];
    const visitor = new Visitor(door);
    const host = new Host();
    untilJudging(visitor, host);
    visitor.hear(first(host.feed({ on: 'accept' })));
    const [hello, confirm] = visitor.said;
    const [reply, welcome] = host.said;
    const hex = [hello, reply, confirm, welcome].map((m) =>
      m === undefined ? '' : bytesToHex(encodeHandshake(m)),
    );
    expect(hex).toEqual(pinned.messages);
    const viewer = provenOf(visitor.state);
    const [again] = sealNegotiation(viewer, { type: 'again', attempt: 1 });
    expect(bytesToHex(encodeHandshake(again))).toBe(pinned.negotiation);
    const keys = linkKeys(viewer, vectors.binding);
    expect(bytesToHex(keys.send.control)).toBe(pinned.controlToSharer);
    expect(bytesToHex(keys.receive.history)).toBe(pinned.historyToViewer);
    expect(keys.words).toBe(pinned.words);
    expect(bytesToHex(linkKeys(viewer, null).send.control)).toBe(pinned.unbound);
  });
});
