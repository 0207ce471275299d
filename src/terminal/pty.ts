// A pseudo-terminal and the program in it: bytes out at once, bytes in by a pump that can never
// block the process. Knows no shell and no escape sequence.
import { spawn as startPty, type IPty } from '@lydell/node-pty';
import { accessSync, constants, readlinkSync, readSync, statSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ReadStream } from 'node:tty';
import { err, ok, type Result } from '../protocol/result.ts';
import { lastOutput } from './last-output.ts';
import { openSettingsWatch } from './settings-watch.ts';
import { openWritePump } from './write-pump.ts';

export interface PtyOptions {
  /** A path, or a name on the PATH of `env`. */
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it starts; a folder that is gone costs the place, not the shell. */
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
}

export interface PtyExit {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: number | null;
}

export interface Pty {
  readonly pid: number;
  /** Called with what the program writes, as read; the bytes are the listener's to keep. */
  readonly onBytes: (listener: (bytes: Uint8Array) => void) => void;
  /** Called once, after the last bytes. */
  readonly onExit: (listener: (exit: PtyExit) => void) => void;
  /** Queued where the program does not read; refused past 1 MiB. */
  readonly write: (bytes: Uint8Array) => Result<void, 'action.tooMany'>;
  /** Ctrl-C and its like: overtakes what is queued, which is dropped. */
  readonly writeControl: (bytes: Uint8Array) => void;
  /** In cells. The program hears of the last of several sizes. */
  readonly resize: (cols: number, rows: number) => void;
  /** False while the program hides what is typed, as for a password. Up to 100 ms old. */
  readonly echoes: () => boolean;
  /** SIGHUP to the program's group, SIGKILL two seconds later. */
  readonly kill: () => void;
  /** The program's directory; null where the system does not tell. */
  readonly cwd: () => string | null;
}

/** A dragged window sends a size per frame, and each makes full-screen programs draw anew. */
const RESIZE_MS = 40;
/** What a shell gets to save its history. */
const KILL_MS = 2000;

export function openPty(options: PtyOptions): Result<Pty, 'terminal.noPty' | 'terminal.noShell'> {
  if (!isProgram(options.file, options.env)) return err('terminal.noShell');
  let terminal: IPty;
  try {
    terminal = startPty(options.file, [...options.args], {
      name: options.env['TERM'] ?? 'xterm-256color',
      cols: options.cols,
      rows: options.rows,
      cwd: folderOr(options.cwd, options.env['HOME'] ?? '/'),
      env: { ...options.env },
      encoding: null,
    });
  } catch {
    return err('terminal.noPty');
  }
  // Its own write() blocks the whole process when the program does not read, so the descriptor
  // and the stream, which its types leave out, are used directly.
  const fd: unknown = Reflect.get(terminal, 'fd');
  const device: unknown = Reflect.get(terminal, 'ptsName');
  const stream: unknown = Reflect.get(terminal, '_socket');
  if (typeof fd !== 'number' || typeof device !== 'string' || !(stream instanceof ReadStream)) {
    terminal.kill();
    return err('terminal.noPty');
  }
  return ok(runningPty(terminal, stream, fd, device));
}

function runningPty(terminal: IPty, stream: ReadStream, fd: number, device: string): Pty {
  const { pid } = terminal;
  const byteListeners: ((bytes: Uint8Array) => void)[] = [];
  const exitListeners: ((exit: PtyExit) => void)[] = [];
  const pump = openWritePump((bytes) => writeSync(fd, bytes));
  const settings = openSettingsWatch(device);
  let exited = false;
  let resizing: ReturnType<typeof setTimeout> | undefined;
  let killing: ReturnType<typeof setTimeout> | undefined;

  function give(bytes: Uint8Array): void {
    settings.stirred();
    for (const listener of byteListeners) listener(bytes);
  }

  stream.on('data', (bytes: Buffer) => give(bytes));
  onceBeforeDestroyed(stream, () => {
    // The descriptor's number may be someone else's a moment later.
    pump.close();
    settings.close();
    clearTimeout(resizing);
    lastOutput((into) => readSync(fd, into), give);
  });
  terminal.onExit(({ exitCode, signal }) => {
    exited = true;
    clearTimeout(killing);
    const killed = signal !== undefined && signal !== 0;
    const exit = killed ? { code: null, signal } : { code: exitCode, signal: null };
    for (const listener of exitListeners) listener(exit);
  });

  return {
    pid,
    onBytes: (listener) => void byteListeners.push(listener),
    onExit: (listener) => void exitListeners.push(listener),
    write(bytes) {
      settings.stirred();
      return pump.write(bytes);
    },
    writeControl(bytes) {
      // Where bytes wait, the kernel is full as well of what the program does not read, and would
      // look at the key only after that.
      // What is written meanwhile would be thrown away with it: it waits.
      if (pump.waiting() && settings.signals()) {
        pump.hold();
        settings.discard(pump.release);
      }
      pump.writeControl(bytes);
    },
    resize(cols, rows) {
      clearTimeout(resizing);
      resizing = setTimeout(() => {
        if (!pump.closed()) terminal.resize(cols, rows);
      }, RESIZE_MS);
    },
    echoes: () => settings.echoes(),
    kill() {
      if (exited) return;
      signalGroup(pid, 'SIGHUP');
      clearTimeout(killing);
      killing = setTimeout(() => {
        if (!exited) signalGroup(pid, 'SIGKILL');
      }, KILL_MS);
      killing.unref();
    },
    cwd() {
      try {
        return exited ? null : readlinkSync(`/proc/${String(pid)}/cwd`);
      } catch {
        return null;
      }
    },
  };
}

/**
 * node-pty destroys its stream 200 ms after the program's end, read or not: a process that was
 * busy for that long would lose the last output. So what is left is read here, just before.
 */
function onceBeforeDestroyed(stream: ReadStream, last: () => void): void {
  const destroy = stream.destroy.bind(stream);
  let done = false;
  stream.destroy = (error?: Error) => {
    if (!done) {
      done = true;
      last();
    }
    return destroy(error);
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It went by itself in the meantime; onExit tells.
  }
}

/** Looked for before the start, for afterwards a missing program is only an exit code. */
function isProgram(file: string, env: Readonly<Record<string, string>>): boolean {
  if (file.includes('/')) return isExecutable(file);
  const folders = (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, file)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function folderOr(folder: string, other: string): string {
  try {
    return statSync(folder).isDirectory() ? folder : other;
  } catch {
    return other;
  }
}
