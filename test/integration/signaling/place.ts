// A signaling service on a real port with a small built page, and people who come over TCP.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  openSignalServer,
  type SignalServer,
  type SignalServerOptions,
} from '../../../signaling/http.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { nodeClock, nodeEntropy } from '../../../src/host/clock-node.ts';

export const PAGE =
  '<!doctype html><title>meshell</title><script src="/assets/app-1a2b.js"></script>';
export const SCRIPT = `/* ${'the page '.repeat(500)}*/`;

/** A build of the page as vite leaves it, with its compressed twins. */
export function builtPage(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'meshell-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), PAGE);
  writeFileSync(join(folder, 'assets/app-1a2b.js'), SCRIPT);
  writeFileSync(join(folder, 'assets/app-1a2b.js.gz'), gzipSync(SCRIPT));
  writeFileSync(join(folder, 'assets/app-1a2b.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'assets/crdt-3c4d.wasm'), Uint8Array.of(0, 0x61, 0x73, 0x6d));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

export async function openService(
  pageFolder: string,
  more: Partial<SignalServerOptions> = {},
): Promise<SignalServer> {
  const server = await openSignalServer({
    host: '127.0.0.1',
    port: 0,
    pageFolder,
    clock: nodeClock,
    entropy: nodeEntropy,
    verify: nodeVerifier,
    standalone: true,
    ...more,
  });
  if (!server.ok) throw new Error(server.fault);
  return server.value;
}

/** Asks again until it is so; the deadline is the test's own. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((again) => setTimeout(again, 5));
}
