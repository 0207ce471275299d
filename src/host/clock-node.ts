// Node's clock, chance and entropy, as the ports want them.
import { randomBytes } from 'node:crypto';
import type { Clock, Entropy, Random } from '../protocol/ports.ts';

export const nodeClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(afterMs, wake) {
    const timer = setTimeout(wake, afterMs);
    return () => clearTimeout(timer);
  },
};

export const nodeRandom: Random = () => Math.random();

export const nodeEntropy: Entropy = (count) => new Uint8Array(randomBytes(count));
