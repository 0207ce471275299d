// Builds the page into dist/page: hashed names, and each file also compressed beside itself, so
// that serving it costs nothing.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const PAGE = 'dist/page';
/** Below this a compressed copy saves less than the request for it costs. In bytes. */
const COMPRESSED_BYTES_MIN = 1024;
const COMPRESSED = /\.(?:html|js|css|svg|wasm|json)$/;

export default defineConfig({
  root: '.',
  publicDir: false,
  build: {
    outDir: PAGE,
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0, // a data: URL would need a hole in the Content-Security-Policy
    modulePreload: { polyfill: false },
  },
  plugins: [precompressed()],
});

export function precompressed(): Plugin {
  let folder = PAGE;
  return {
    name: 'precompressed',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      for (const entry of entries) {
        if (entry.isFile() && COMPRESSED.test(entry.name)) {
          await compress(join(entry.parentPath, entry.name));
        }
      }
    },
  };
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < COMPRESSED_BYTES_MIN) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  await writeFile(`${path}.br`, brotliCompressSync(bytes, { params }));
  await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
