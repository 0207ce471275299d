// Where the built page lies: beside the built command line.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The build puts every chunk of the command line into dist/ or one folder below it. */
export const PAGE_FOLDER =
  ['./page', '../page']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path)) ?? fileURLToPath(new URL('./page', import.meta.url));
