// The stream that the protocol's library reads and writes: what it writes goes out as lines, and
// it reads what is delivered. So lines are looked at before the library sees them.
import type { AnyMessage } from '@agentclientprotocol/sdk/unstable';
import type { AcpMessage } from './acp-message.ts';

export interface Wire {
  readonly stream: {
    readonly readable: ReadableStream<AnyMessage>;
    readonly writable: WritableStream<AnyMessage>;
  };
  /** An answer to nothing that was asked is none. */
  readonly isExpected: (message: AcpMessage) => boolean;
  readonly deliver: (message: AnyMessage) => void;
  readonly close: () => void;
}

export function openWire(write: (line: string) => Promise<void>): Wire {
  const asked = new Set<string | number | null>();
  let reader: ReadableStreamDefaultController<AnyMessage> | null = null;
  const readable = new ReadableStream<AnyMessage>({
    start(controller) {
      reader = controller;
    },
    cancel() {
      reader = null;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write(message) {
      if ('method' in message && 'id' in message) asked.add(message.id);
      return write(JSON.stringify(message));
    },
  });
  return {
    stream: { readable, writable },
    isExpected(message: AcpMessage): boolean {
      return message.is !== 'response' || asked.delete(message.message.id);
    },
    deliver(message: AnyMessage): void {
      reader?.enqueue(message);
    },
    close(): void {
      reader?.close();
      reader = null;
    },
  };
}
