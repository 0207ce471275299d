// meshell stop: ends the running app and its shares.
import { askRunning } from '../host/control-file.ts';
import { paths } from '../host/paths.ts';
import type { Leaving } from './leaving.ts';

export async function runStop(leaving: Leaving): Promise<void> {
  const answer = await askRunning(paths(process.env).data, 'stop');
  process.stderr.write(answer === null ? 'meshell is not running.\n' : 'meshell has ended.\n');
  leaving.leave(answer === null ? 1 : 0);
}
