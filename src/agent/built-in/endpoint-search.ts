// Looks for model servers on this computer, at the ports they come with. Only when it is asked to.
import { listModels, type ModelInfo } from './model-endpoint.ts';

/** A server on this computer answers at once, in ms. */
const LOOK_MS = 1500;

export interface KnownServer {
  readonly name: string;
  readonly port: number;
}

export const KNOWN_SERVERS: readonly KnownServer[] = [
  { name: 'Ollama', port: 11434 },
  { name: 'LM Studio', port: 1234 },
  { name: 'llama.cpp', port: 8080 },
  { name: 'vLLM', port: 8000 },
];

export interface FoundEndpoint {
  readonly name: string;
  readonly url: string;
  readonly models: readonly ModelInfo[];
}

/** Those that answer as an OpenAI-compatible endpoint does, in the order above. */
export async function findEndpoints(
  signal: AbortSignal,
  servers: readonly KnownServer[] = KNOWN_SERVERS,
): Promise<FoundEndpoint[]> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const looks = servers.map(async ({ name, port }) => {
    const url = `http://127.0.0.1:${port}/v1`;
    const models = await listModels({ base: url, shown: url, key: null }, limit);
    return { name, url, models };
  });
  const found = await Promise.allSettled(looks);
  signal.throwIfAborted();
  return found.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
}
