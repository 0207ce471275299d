// Builds or serves the fixtures: the page with a pretended wire. Never shipped.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  publicDir: false,
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
