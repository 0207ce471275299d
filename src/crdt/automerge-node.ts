// Starts Automerge's wasm in Node. Whoever composes a process calls it once, before any
// document is opened; a second call is free.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initializeWasm, isWasmInitialized } from '@automerge/automerge/slim';

export async function openAutomerge(): Promise<void> {
  if (isWasmInitialized()) return;
  const path = createRequire(import.meta.url).resolve('@automerge/automerge/automerge.wasm');
  await initializeWasm(new Uint8Array(await readFile(path)));
}
