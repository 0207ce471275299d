// A built-in agent as a process of its own: ACP over stdin and stdout, nothing else on stdout. It
// ends when its client does.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { ndJsonStream } from '@agentclientprotocol/sdk/unstable';
import { BUILT_IN_KINDS, modelSettings, type BuiltInKind } from './launch.ts';
import { servedAgent, type ServedAgent } from './served-agent.ts';

export function isBuiltInKind(kind: string): kind is BuiltInKind {
  return BUILT_IN_KINDS.some((known) => known === kind);
}

export async function runBuiltIn(kind: BuiltInKind, version: string): Promise<never> {
  // The library writes to the console; stdout is for the protocol.
  globalThis.console = new Console(process.stderr);
  const output = Writable.toWeb(process.stdout);
  const stream = ndJsonStream(output, bytesOf(process.stdin));
  const connection = servedAgent(await served(kind, version)).connect(stream);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(0));
  }
  await connection.closed;
  // Commands that still run end with us: each is guarded.
  process.exit(0);
}

async function served(kind: BuiltInKind, version: string): Promise<ServedAgent> {
  if (kind === 'demo') return (await import('./demo-agent.ts')).demoAgent(version);
  return (await import('./model-agent.ts')).modelAgent(version, modelSettings(process.env));
}

function bytesOf(source: AsyncIterable<unknown>): ReadableStream<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else if (value instanceof Uint8Array) controller.enqueue(value);
    },
  });
}
