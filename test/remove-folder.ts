// A folder that a test made goes with it, also where a shell that was just hung up on still
// writes its history there.
import { rm } from 'node:fs/promises';

/** Forty times 50 ms: a shell has ended by then. */
const TRIES = 40;
const BETWEEN_MS = 50;

export async function removeFolder(path: string, tries = TRIES): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (cause) {
    if (tries === 1) throw cause;
    await new Promise<void>((passed) => {
      setTimeout(passed, BETWEEN_MS);
    });
    await removeFolder(path, tries - 1);
  }
}
