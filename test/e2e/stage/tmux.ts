// Real terminals on the stage: panes of a tmux server of this process's own, each with a shell
// in which one types, and a screen that one reads.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { removeFolder } from '../../remove-folder.ts';
import { CLI, newHome } from './meshell-process.ts';

export interface Pane {
  /** Keys by tmux's names: `C-]`, `Enter`, `Escape`. */
  readonly press: (...keys: readonly string[]) => void;
  readonly type: (text: string) => void;
  /** A line of the shell, with Enter. */
  readonly enter: (line: string) => void;
  /** The rows now on screen, without trailing blanks. */
  readonly rows: () => readonly string[];
  /** The screen as text, once it has this. */
  readonly shows: (wanted: string | RegExp, withinMs?: number) => Promise<string>;
  /** The screen as text, once this holds. */
  readonly until: (holds: () => boolean, what: string, withinMs?: number) => Promise<void>;
  readonly title: () => string;
  /** All that was written to this terminal. */
  readonly written: () => string;
  readonly resize: (cols: number, rows: number) => void;
  /** Of the shell in it. */
  readonly home: string;
}

export interface Tmux {
  readonly pane: (cols: number, rows: number) => Promise<Pane>;
  readonly close: () => Promise<void>;
}

const PROMPT = 'ready$';
const LOOK_MS = 40;

export function openTmux(): Tmux {
  const folder = mkdtempSync(join(tmpdir(), 'meshell-tmux-'));
  const socket = join(folder, 'socket');
  let panes = 0;

  function tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function open(cols: number, rows: number): Promise<Pane> {
    const home = newHome();
    const name = `pane${++panes}`;
    const record = join(folder, name);
    const env = {
      HOME: home,
      MESHELL_HOME: join(home, 'meshell'),
      SHELL: '/bin/bash',
      PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
    };
    const set = Object.entries(env).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
    const size = ['-x', String(cols), '-y', String(rows)];
    tmux('new-session', '-d', '-s', name, ...size, ...set, 'bash --norc --noprofile');
    tmux('pipe-pane', '-t', name, `cat > '${record}'`);
    const pane = paneOf(name, record, home);
    await pane.shows('bash-');
    const meshell = `meshell() { '${process.execPath}' '${CLI}' "$@"; echo "exit=$?"; }`;
    pane.enter(`${meshell}; PS1='${PROMPT} '; clear`);
    await pane.until(() => pane.rows()[0] === PROMPT && pane.rows()[1] === '', 'is clear');
    return pane;
  }

  function paneOf(name: string, record: string, home: string): Pane {
    const rows = (): readonly string[] =>
      tmux('capture-pane', '-p', '-t', name)
        .replace(/\n$/, '')
        .split('\n')
        .map((row) => row.trimEnd());
    const text = (): string => rows().join('\n');

    async function until(holds: () => boolean, what: string, withinMs = 20_000): Promise<void> {
      const end = performance.now() + withinMs;
      while (!holds()) {
        if (performance.now() > end) throw new Error(`never ${what}; on screen:\n${text()}`);
        await passing(LOOK_MS);
      }
    }

    return {
      home,
      rows,
      until,
      press: (...keys) => void tmux('send-keys', '-t', name, ...keys),
      type: (typed) => void tmux('send-keys', '-t', name, '-l', typed),
      enter: (line) => {
        tmux('send-keys', '-t', name, '-l', line);
        tmux('send-keys', '-t', name, 'Enter');
      },
      async shows(wanted, withinMs) {
        const isThere = (): boolean =>
          typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text());
        await until(isThere, `shows ${String(wanted)}`, withinMs);
        return text();
      },
      title: () => tmux('display-message', '-p', '-t', name, '#{pane_title}').trim(),
      written: () => (existsSync(record) ? readFileSync(record, 'utf8') : ''),
      resize: (cols, height) =>
        void tmux('resize-window', '-t', name, '-x', String(cols), '-y', String(height)),
    };
  }

  return {
    pane: open,
    async close() {
      try {
        tmux('kill-server');
      } catch {
        // It has ended with its last pane.
      }
      await removeFolder(folder);
    },
  };
}
