// A meshell process on the stage: started from the built package with a home of its own, driven
// by JSON lines, ended with the test.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { removeFolder } from '../../remove-folder.ts';

/** Another build can be put on the stage: an installed package, or one to compare with. */
export const CLI =
  process.env['MESHELL_CLI'] ?? fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

export type Line = Readonly<Record<string, unknown>>;

export interface MeshellProcess {
  readonly pid: number;
  readonly home: string;
  readonly say: (order: object) => void;
  readonly closeStdin: () => void;
  /** The next line, from now or not yet taken, that `wanted` accepts. */
  readonly next: (wanted: (line: Line) => boolean, withinMs?: number) => Promise<Line>;
  readonly event: (name: string, withinMs?: number) => Promise<Line>;
  readonly exited: Promise<number | null>;
  readonly stderr: () => string;
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
}

export interface StartOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs it in this network namespace. */
  readonly netns?: string;
  readonly cwd?: string;
  /** Another build than this checkout's. */
  readonly cli?: string;
}

const open = new Set<ChildProcess>();
const homes = new Set<string>();

export function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'meshell-test-'));
  homes.add(home);
  return home;
}

export function startMeshell(args: readonly string[], options: StartOptions = {}): MeshellProcess {
  const home = options.home ?? newHome();
  const command = options.netns === undefined ? process.execPath : 'ip';
  const inNetns =
    options.netns === undefined ? [] : ['netns', 'exec', options.netns, process.execPath];
  const child = spawn(command, [...inNetns, options.cli ?? CLI, ...args], {
    cwd: options.cwd ?? home,
    env: {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      HOME: home,
      SHELL: '/bin/bash',
      // It would be written while the home is deleted.
      HISTFILE: '/dev/null',
      MESHELL_HOME: join(home, 'meshell'),
      ...options.env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  open.add(child);
  return follow(child, home);
}

function follow(child: ChildProcess, home: string): MeshellProcess {
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let stderr = '';
  let over = false;
  if (child.stdout === null || child.stderr === null) throw new Error('no pipes');
  createInterface({ input: child.stdout }).on('line', (text) => {
    const value: unknown = parse(text);
    if (isLine(value)) lines.push(value);
    for (const look of waiting) look();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr = (stderr + data.toString()).slice(-64 * 1024);
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true;
      open.delete(child);
      resolve(code);
      for (const look of waiting) look();
    });
  });

  async function next(wanted: (line: Line) => boolean, withinMs = 20_000): Promise<Line> {
    return await new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        waiting.delete(look);
        reject(
          new Error(
            `${why}; stderr: ${stderr.slice(-2000)}; seen: ${JSON.stringify(lines).slice(-2000)}`,
          ),
        );
      };
      const timer = setTimeout(() => fail('meshell said nothing of that kind'), withinMs);
      function look(): void {
        const at = lines.findIndex(wanted);
        const found = lines[at];
        if (found !== undefined) {
          lines.splice(at, 1);
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        } else if (over) {
          clearTimeout(timer);
          fail('meshell has ended');
        }
      }
      waiting.add(look);
      look();
    });
  }

  return {
    pid: child.pid ?? -1,
    home,
    say: (order) => child.stdin?.write(`${JSON.stringify(order)}\n`),
    closeStdin: () => child.stdin?.end(),
    next,
    event: (name, withinMs) => next((line) => line['event'] === name, withinMs),
    exited,
    stderr: () => stderr,
    async kill(signal = 'SIGTERM') {
      child.kill(signal);
      await exited;
    },
  };
}

/** Ends what tests left running, and their homes. */
export async function endAll(): Promise<void> {
  const all = [...open];
  await Promise.all(
    all.map(
      (child) =>
        new Promise<void>((resolve) => {
          child.once('close', () => resolve());
          child.kill('SIGKILL');
        }),
    ),
  );
  await Promise.all([...homes].map((home) => removeFolder(home)));
  homes.clear();
}

export function textOf(line: Line, name: string): string {
  const value = line[name];
  if (typeof value !== 'string')
    throw new Error(`${name} is not a text in ${JSON.stringify(line)}`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null;
}
