// The session's shell through its lives: started, watched, started anew where it has exited.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toText } from '../protocol/bytes.ts';
import type { Clock, Entropy } from '../protocol/ports.ts';
import { ok, type Result } from '../protocol/result.ts';
import { shellLaunch, terminalEnv, type ShellLaunch } from '../terminal/shells.ts';
import { openStage, type Stage } from './stage.ts';
import { openTerminal, type Terminal, type TerminalEvent } from './terminal.ts';

/** The person's shell, or one command in its place. */
export type ShellCommand =
  | { readonly kind: 'shell'; readonly shell: string }
  | { readonly kind: 'command'; readonly file: string; readonly args: readonly string[] };

export interface ShellOptions {
  readonly command: ShellCommand;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly tell: (event: TerminalEvent) => void;
}

export interface ShellStart {
  readonly cwd: string;
  readonly cols: number;
  readonly rows: number;
  readonly nextBlock: number;
}

export interface Shell {
  readonly terminal: () => Terminal;
  readonly stage: () => Stage;
  /** A new terminal in place of the old one. */
  readonly restart: (start: ShellStart) => Result<null, 'terminal.noPty' | 'terminal.noShell'>;
  readonly close: () => void;
}

export function openShell(
  options: ShellOptions,
  start: ShellStart,
): Result<Shell, 'terminal.noPty' | 'terminal.noShell'> {
  const folders: string[] = [];
  const first = life(options, start, folders);
  if (!first.ok) return first;
  let now = first.value;
  return ok({
    terminal: () => now.terminal,
    stage: () => now.stage,
    restart(next) {
      const another = life(options, next, folders);
      if (!another.ok) return another;
      now.terminal.close();
      now = another.value;
      return ok(null);
    },
    close() {
      now.terminal.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  });
}

function life(
  options: ShellOptions,
  start: ShellStart,
  folders: string[],
): Result<{ terminal: Terminal; stage: Stage }, 'terminal.noPty' | 'terminal.noShell'> {
  const nonce = toText(options.entropy(16));
  const opened = openTerminal(
    { ...start, nonce, launch: launchOf(options, nonce, folders), clock: options.clock },
    options.tell,
  );
  if (!opened.ok) return opened;
  return ok({ terminal: opened.value, stage: openStage(opened.value, start.nextBlock) });
}

function launchOf(options: ShellOptions, nonce: string, folders: string[]): ShellLaunch {
  const { command, env } = options;
  if (command.kind === 'command') {
    return { file: command.file, args: command.args, env: terminalEnv(env), marks: false };
  }
  // Private by mkdtemp (0700): the nonce is written there for the shell to read once.
  const folder = mkdtempSync(join(tmpdir(), 'meshell-shell-'));
  folders.push(folder);
  return shellLaunch({ shell: command.shell, folder, env, nonce });
}
