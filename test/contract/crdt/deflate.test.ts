import { describe, expect, test } from 'vitest';
import { deflateBrowser } from '../../../src/crdt/deflate-browser.ts';
import { deflateNode } from '../../../src/crdt/deflate-node.ts';
import { equalBytes } from '../../../src/protocol/bytes.ts';
import type { Deflate } from '../../../src/protocol/ports.ts';
import { entropyFrom } from '../../unit/crdt/cast.ts';

const IMPLEMENTATIONS: Record<string, Deflate> = { node: deflateNode, browser: deflateBrowser };
const SAMPLES = [
  new Uint8Array(0),
  new Uint8Array([1]),
  new Uint8Array(70_000),
  entropyFrom(1)(5000),
  new Uint8Array(40_000).map((_, i) => (i * i) % 251),
];

describe.each(Object.entries(IMPLEMENTATIONS))(
  'raw deflate in %s',
  (name, { deflate, inflate }) => {
    test('[FR3] what one side deflates, every other inflates', () => {
      for (const sample of SAMPLES) {
        for (const other of Object.values(IMPLEMENTATIONS)) {
          const back = other.inflate(deflate(sample), sample.length);
          expect(back.ok && equalBytes(back.value, sample)).toBe(true);
        }
      }
    });

    test('[FR3] one byte past the limit is too large', () => {
      for (const sample of SAMPLES.filter((one) => one.length > 1)) {
        expect(inflate(deflate(sample), sample.length - 1)).toEqual({
          ok: false,
          fault: 'message.tooLarge',
        });
      }
    });

    test('[FR3] a bomb is left as soon as it is one', () => {
      const bomb = deflateNode.deflate(new Uint8Array(20 * 1024 * 1024));
      const before = process.memoryUsage().arrayBuffers;
      expect(inflate(bomb, 64 * 1024)).toEqual({ ok: false, fault: 'message.tooLarge' });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
    });

    test(`[FR3] what was cut off or is no deflate is malformed in ${name}`, () => {
      const good = deflate(entropyFrom(2)(3000));
      expect(inflate(good.slice(0, 1500), 10_000)).toEqual({
        ok: false,
        fault: 'message.malformed',
      });
      expect(inflate(new Uint8Array([7, 7, 7, 7]), 10_000)).toEqual({
        ok: false,
        fault: 'message.malformed',
      });
      expect(inflate(new Uint8Array(0), 10_000)).toEqual({ ok: false, fault: 'message.malformed' });
    });
  },
);
