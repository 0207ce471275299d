// How a shell is started so that it tells where its commands begin and end: arguments,
// environment and scripts for each. Knows no pty, and never touches the person's own files.
import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import bashScript from './shell/meshell.bash?raw';
import fishScript from './shell/meshell.fish?raw';
import zshScript from './shell/meshell.zsh?raw';

export interface ShellLaunch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether this shell will send marks; where not it is one that has to be typed into. */
  readonly marks: boolean;
}

export interface ShellChoice {
  /** A path or a name on PATH. */
  readonly shell: string;
  /** A private folder (0700) that outlives the shell: scripts and the nonce are written there. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly nonce: string;
  /** Read what a login shell reads. */
  readonly login?: boolean;
}

/**
 * The nonce goes by a file that the script empties, never by the environment, which stays
 * readable in /proc for the shell's whole life.
 */
export function shellLaunch(choice: ShellChoice): ShellLaunch {
  const { shell, folder, nonce } = choice;
  const login = choice.login === true;
  const env = terminalEnv(choice.env);
  const name = basename(shell).replace(/^-/, '');
  const nonceFile = join(folder, 'nonce');
  if (name === 'bash' || name === 'zsh' || name === 'fish') {
    writePrivate(nonceFile, `${nonce}\n`);
    env['MESHELL_NONCE_FILE'] = nonceFile;
  }
  switch (name) {
    case 'bash': {
      const script = join(folder, 'meshell.bash');
      writePrivate(script, bashScript);
      if (login) env['MESHELL_LOGIN'] = '1';
      return { file: shell, args: ['--rcfile', script, '-i'], env, marks: true };
    }
    case 'zsh': {
      const home = join(folder, 'zsh');
      mkdirSync(home, { recursive: true, mode: 0o700 });
      writePrivate(join(home, '.zshenv'), zshScript);
      const own = choice.env['ZDOTDIR'];
      if (own !== undefined) env['MESHELL_USER_ZDOTDIR'] = own;
      env['ZDOTDIR'] = home;
      return { file: shell, args: login ? ['-l', '-i'] : ['-i'], env, marks: true };
    }
    case 'fish': {
      const script = join(folder, 'meshell.fish');
      writePrivate(script, fishScript);
      env['MESHELL_FISH'] = script;
      const args = ['--init-command', 'source -- $MESHELL_FISH; set -e MESHELL_FISH', '-i'];
      return { file: shell, args: login ? ['-l', ...args] : args, env, marks: true };
    }
    default:
      return { file: shell, args: login ? ['-l'] : [], env, marks: false };
  }
}

/** The person's shell: $SHELL where it can be run, else bash, else sh. */
export function defaultShell(env: NodeJS.ProcessEnv): string {
  const own = env['SHELL'];
  if (own !== undefined && own.startsWith('/') && isProgram(own)) return own;
  const folders = (env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter);
  const bash = folders.map((folder) => join(folder, 'bash')).find(isProgram);
  return bash ?? '/bin/sh';
}

/**
 * Variables that describe another terminal, a multiplexer around it, or the npm that started
 * us: inherited, they make programs draw for the wrong one.
 */
const FOREIGN =
  /^(TMUX|STY$|WINDOW$|WINDOWID$|TERMCAP$|COLUMNS$|LINES$|VTE_|TERM_PROGRAM|TERM_SESSION_ID$|TERMINATOR_|ITERM_|LC_TERMINAL|KITTY_|WEZTERM_|ALACRITTY_|KONSOLE_|GHOSTTY_|WT_|VSCODE_|GNOME_TERMINAL_|INSIDE_EMACS$|npm_|INIT_CWD$|MESHELL_(?!HOME$))/;

export function terminalEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !FOREIGN.test(name)) kept[name] = value;
  }
  kept['TERM'] = 'xterm-256color';
  kept['COLORTERM'] = 'truecolor';
  kept['TERM_PROGRAM'] = 'meshell';
  return kept;
}

function writePrivate(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Whatever keeps us from looking at it would keep us from running it.
    return false;
  }
}
