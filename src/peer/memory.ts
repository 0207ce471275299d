// Two wires joined in memory, for tests and simulations: with latency and a rate if asked for,
// deterministic under a fake clock. Knows nothing of what passes.
import type { Clock } from '../protocol/ports.ts';
import { openInbox } from './inbox.ts';
import { KEPT_PIECES_MAX, type Binding, type Wire } from './wire.ts';

export interface MemoryOptions {
  /** One way, in ms. */
  readonly latencyMs?: number;
  /** Bytes per second each way; left out, sending takes no time. */
  readonly rate?: number;
  /** Without one, messages arrive in a later microtask: endless traffic leaves no turn to timers. */
  readonly clock?: Clock;
  /** What each end says of the channel below, first end first. */
  readonly bindings?: readonly [Binding | null, Binding | null];
}

export interface MemoryWire extends Wire {
  /** The cable is cut: nothing passes either way any more, and nobody is told. */
  readonly cut: () => void;
}

/** Below this many bytes buffered, `onDrain` is called. */
const LOW_MARK_BYTES = 32 * 1024;

interface Cable {
  cut: boolean;
}

interface End {
  readonly wire: MemoryWire;
  /** A message for this end. */
  readonly arrive: (bytes: Uint8Array) => void;
  /** This end is over. */
  readonly end: () => void;
}

/** Two ends; what one sends the other gets, in order. */
export function memoryWires(options: MemoryOptions = {}): [MemoryWire, MemoryWire] {
  const cable: Cable = { cut: false };
  const first: End = openEnd(options, cable, options.bindings?.[0] ?? null, () => second);
  const second: End = openEnd(options, cable, options.bindings?.[1] ?? null, () => first);
  return [first.wire, second.wire];
}

function openEnd(
  options: MemoryOptions,
  cable: Cable,
  binding: Binding | null,
  other: () => End,
): End {
  const { latencyMs = 0, rate, clock } = options;
  const inbox = openInbox<Uint8Array>(KEPT_PIECES_MAX, () => wire.close());
  let drained: () => void = () => {};
  let over = false;
  let buffered = 0;
  /** When the last byte handed over will have left, monotonic ms. */
  let freeAt = 0;

  const later = (afterMs: number, then: () => void): void => {
    if (clock === undefined) void Promise.resolve().then(then);
    else clock.after(afterMs, then);
  };
  const left = (bytes: number): void => {
    const before = buffered;
    buffered -= bytes;
    if (before > LOW_MARK_BYTES && buffered <= LOW_MARK_BYTES && !over) drained();
  };
  const end = (): void => {
    over = true;
    inbox.end();
  };
  const wire: MemoryWire = {
    kind: 'memory',
    binding,
    send(bytes) {
      if (over) return;
      const now = clock?.monotonic() ?? 0;
      const startAt = Math.max(now, freeAt);
      freeAt = rate === undefined ? startAt : startAt + (bytes.length * 1000) / rate;
      const leaveMs = freeAt - now;
      if (rate !== undefined) {
        buffered += bytes.length;
        later(leaveMs, () => left(bytes.length));
      }
      later(leaveMs + latencyMs, () => {
        if (!cable.cut) other().arrive(bytes);
      });
    },
    buffered: () => buffered,
    onDrain(listener) {
      drained = listener;
    },
    onMessage: inbox.onItem,
    onClosed: inbox.onEnded,
    close() {
      if (over) return;
      end();
      // What was sent before arrives before the end does.
      const afterMs = Math.max(0, freeAt - (clock?.monotonic() ?? 0)) + latencyMs;
      later(afterMs, () => {
        if (!cable.cut) other().end();
      });
    },
    cut() {
      cable.cut = true;
    },
  };
  return { wire, arrive: inbox.put, end };
}
