// By this file, which only its owner may read, a second start finds the running app and may ask
// it for a link or its end.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import * as v from 'valibot';

const Control = v.object({
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535)),
  secret: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
});
export type Control = v.InferOutput<typeof Control>;

/** The app answers at once, or it is not there. */
const ANSWER_MS = 3000;

export function writeControl(dataFolder: string, control: Control): void {
  const path = pathIn(dataFolder);
  writeFileSync(`${path}.new`, JSON.stringify(control), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removeControl(dataFolder: string): void {
  rmSync(pathIn(dataFolder), { force: true });
}

function readControl(dataFolder: string): Control | null {
  try {
    const parsed = v.safeParse(Control, JSON.parse(readFileSync(pathIn(dataFolder), 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** The running app's answer; null where none runs. */
export function askRunning(dataFolder: string, order: 'link' | 'stop'): Promise<string | null> {
  const control = readControl(dataFolder);
  if (control === null) return Promise.resolve(null);
  return new Promise((answer) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port: control.port,
        path: '/control',
        method: 'POST',
        headers: { authorization: `Bearer ${control.secret}`, 'meshell-order': order },
        timeout: ANSWER_MS,
      },
      (response) => {
        let text = '';
        response.on('data', (data: Buffer) => (text += data.toString('utf8')));
        response.on('end', () => answer(response.statusCode === 200 ? text : null));
      },
    );
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => answer(null));
    asked.end();
  });
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'control.json');
}
