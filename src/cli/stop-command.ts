// meshell stop: ends the running app and the shares in terminals of their own.
import { setTimeout as after } from 'node:timers/promises';
import { lockHolder } from '../crdt/lock.ts';
import { askRunning } from '../host/control-file.ts';
import { paths } from '../host/paths.ts';
import { shareFolders } from '../host/share-folders.ts';
import { sayFault, type Leaving } from './leaving.ts';

/** Ending takes a process no longer than this, in ms. */
const ENDING_MS = 5000;
const LOOK_MS = 50;

export async function runStop(leaving: Leaving): Promise<void> {
  const { data } = paths(process.env);
  const folders = [data, ...shareFolders(data)];
  const answers = await Promise.all(folders.map((folder) => askRunning(folder, 'stop')));
  const stopped = folders.filter((_, i) => answers[i] !== null);
  if (stopped.length === 0) return leaving.leave(sayFault('app.notRunning'));
  const until = performance.now() + ENDING_MS;
  // [CL18] It has ended when a next one may begin.
  while (stopped.some((folder) => lockHolder(folder) !== null)) {
    if (performance.now() > until) return leaving.leave(sayFault('app.stopping'));
    await after(LOOK_MS);
  }
  const shares = stopped.filter((folder) => folder !== data).length;
  process.stderr.write(`${endedWords(stopped.includes(data), shares)}\n`);
  leaving.leave(0);
}

function endedWords(isApp: boolean, shares: number): string {
  const many = shares === 1 ? 'one share in a terminal' : `${shares} shares in terminals`;
  if (!isApp) return `Ended: ${many}.`;
  return shares === 0 ? 'meshell has ended.' : `meshell has ended, and ${many}.`;
}
