// Where programs are on this computer.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** Null where it is not on this computer. */
export function programPath(name: string): string | null {
  const folder = FOLDERS.find((each) => each !== '' && existsSync(join(each, name)));
  return folder === undefined ? null : join(folder, name);
}
