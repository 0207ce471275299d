// Starts Automerge's wasm in the page: fetched after the first screen is painted, as its own
// file, so that page and worker share one. A second call is free.
import { initializeWasm, isWasmInitialized } from '@automerge/automerge/slim';
import url from '@automerge/automerge/automerge.wasm?url';

export async function openAutomerge(): Promise<void> {
  if (isWasmInitialized()) return;
  await initializeWasm(url);
}
