// Builds the command line into dist: our own sources bundled, dependencies left to npm.
import { chmodSync, rmSync } from 'node:fs';
import { defineConfig } from 'vite';

export default defineConfig({
  publicDir: false,
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist',
    emptyOutDir: false,
    target: 'node20',
    sourcemap: false,
    rolldownOptions: {
      output: {
        entryFileNames: 'cli.js',
        chunkFileNames: 'cli/[name].js',
        banner: (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : ''),
      },
    },
  },
  plugins: [
    {
      name: 'executable',
      // Chunks of before would be packed with those of today.
      generateBundle: () => rmSync('dist/cli', { recursive: true, force: true }),
      closeBundle: () => chmodSync('dist/cli.js', 0o755),
    },
  ],
});
