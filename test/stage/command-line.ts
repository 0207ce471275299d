// The command line, bundled from the sources as they are: starts three times as fast as they do
// one by one. Made once for each file of tests that asks for it.
import { mkdtempSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll } from 'vitest';
import { removeFolder } from '../remove-folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** In here, dependencies are found as from the package itself. */
const CACHE = join(ROOT, 'node_modules', '.cache');

let made: Promise<string> | null = null;

// Whoever imports this is a file of tests.
afterAll(async () => {
  if (made !== null) await removeFolder(dirname(await made));
  made = null;
});

/** The path of what Node is to run. */
export function commandLine(): Promise<string> {
  made ??= bundled();
  return made;
}

async function bundled(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const outDir = mkdtempSync(join(CACHE, 'meshell-cli-'));
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: 'src/cli/main.ts',
      outDir,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'cli.js', chunkFileNames: 'cli/[name].js' } },
    },
  });
  return join(outDir, 'cli.js');
}
