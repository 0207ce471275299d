// Where the command line itself lies: built-in agents are started as commands of it.
import { realpathSync } from 'node:fs';

/** As Node was given it, whichever link led there. */
export const COMMAND_LINE = realpathSync(process.argv[1] ?? '.');
