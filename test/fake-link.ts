// A link that takes everything and delivers nothing, but for what a test gives it.
import type { Link } from '../src/peer/link.ts';
import { SHARER_MESSAGE_BYTES_MAX } from '../src/protocol/limits.ts';

export function fakeLink(own: Partial<Link> = {}): Link {
  return {
    dropQueued: () => 0,
    backlog: () => ({ queuedBytes: 0, unackedBytes: 0 }),
    onMessage: () => {},
    onAcked: () => {},
    onSuspect: () => {},
    onClosed: () => {},
    stats: () => ({
      rttMs: null,
      windowBytes: 0,
      sentBytes: 0,
      receivedBytes: 0,
      messagesSent: 0,
      messagesReceived: 0,
    }),
    over: Promise.resolve(),
    close: () => {},
    ...own,
    send(lane, message) {
      // A true one would end here.
      if (message.length > SHARER_MESSAGE_BYTES_MAX) throw new Error('too large for a link');
      own.send?.(lane, message);
    },
  };
}
