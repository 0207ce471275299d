// Where meshell keeps what it keeps: the platform's data and config folders, or MESHELL_HOME.
import { join } from 'node:path';
import envPaths from 'env-paths';

export interface Paths {
  /** Sessions, the lock, the sharer's profile. */
  readonly data: string;
  /** Settings. */
  readonly config: string;
}

export function paths(env: NodeJS.ProcessEnv): Paths {
  const home = env['MESHELL_HOME'];
  if (home !== undefined && home !== '') {
    return { data: join(home, 'data'), config: join(home, 'config') };
  }
  const found = envPaths('meshell', { suffix: '' });
  return { data: found.data, config: found.config };
}
