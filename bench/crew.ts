// Who takes part in a run: sharers, viewers, the bare pty, peers, a browser; each opened when it
// is first needed and ended with the run.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromiumPath, launchChromium } from '../test/e2e/stage/browser.ts';
import { endAll } from '../test/e2e/stage/meshell-process.ts';
import { benchHome, openSharer, type Sharer } from './sharer.ts';
import { SIZE } from './screen-watch.ts';
import type { Subject } from './subject.ts';
import type { Table } from './table.ts';
import { openPtySubject, openTerminal, type TerminalSubject } from './terminal-subject.ts';

export interface Crew {
  readonly table: Table;
  /** A tenth of it, and one at least, where the run is a quick one. */
  readonly rounds: (full: number) => number;
  readonly note: (line: string) => void;
  readonly sharer: () => Promise<Sharer>;
  /** Let in by the sharer, and with its prompt on the screen. */
  readonly viewer: (sharer: Sharer, name: string) => Promise<TerminalSubject>;
  /** The same shell on a pty, and nothing between. */
  readonly floor: () => Promise<TerminalSubject>;
  /** Other programs that share a terminal, where the run asks for them and they are here. */
  readonly peers: () => Promise<readonly Subject[]>;
  /** Null where there is none. */
  readonly browser: () => Promise<Browser | null>;
  readonly close: () => Promise<void>;
}

export interface CrewOptions {
  readonly table: Table;
  readonly quick: boolean;
  readonly peers: boolean;
  readonly note: (line: string) => void;
}

const BASH = '/bin/bash';
/** On the normal screen, where the bench looks. */
const TMUX_PLAIN = "set -g status off\nset -ga terminal-overrides ',*:smcup@:rmcup@'\n";

export function openCrew({ table, quick, peers, note }: CrewOptions): Crew {
  let browser: Promise<Browser> | null = null;
  const open: TerminalSubject[] = [];
  const keep = (subject: TerminalSubject): TerminalSubject => {
    open.push(subject);
    return subject;
  };
  const bashOf = (home: string): string[] => ['--rcfile', join(home, '.bashrc'), '-i'];

  async function ptySubject(name: string, file: string, args: readonly string[]): Promise<Subject> {
    const subject = keep(await openPtySubject(name, file, args, { HOME: benchHome() }));
    return subject;
  }

  return {
    table,
    note,
    rounds: (full) => (quick ? Math.max(1, Math.floor(full / 10)) : full),
    sharer: openSharer,
    async viewer(sharer, name) {
      const viewer = keep(openTerminal(name));
      const link = await sharer.invite();
      await Promise.all([viewer.join(link), sharer.admit()]);
      return viewer;
    },
    async floor() {
      const home = benchHome();
      return keep(await openPtySubject('bare pty', BASH, bashOf(home), { HOME: home }));
    },
    async peers() {
      if (!peers) return [];
      const found: Subject[] = [];
      if (onPath('tmux')) found.push(await tmux());
      else note('tmux is not here: apt-get install tmux');
      return found;
    },
    async browser() {
      if (chromiumPath === null) {
        note('no Chromium here: apt-get install chromium');
        return null;
      }
      browser ??= launchChromium();
      return await browser;
    },
    async close() {
      for (const subject of open.toReversed()) await subject.close();
      if (browser !== null) await (await browser).close();
      await endAll();
    },
  };

  /** A second client of a session of its own, as a viewer would be. */
  async function tmux(): Promise<Subject> {
    const home = benchHome();
    const socket = join(home, 'tmux');
    const config = join(home, 'tmux.conf');
    writeFileSync(config, TMUX_PLAIN);
    const command = [BASH, ...bashOf(home)];
    const size = ['-x', String(SIZE.cols), '-y', String(SIZE.rows)];
    const base = ['-S', socket, '-f', config];
    spawnSync('tmux', [...base, 'new-session', '-d', ...size, ...command], { stdio: 'ignore' });
    const subject = await ptySubject('tmux attach', 'tmux', [...base, 'attach']);
    return {
      ...subject,
      async close() {
        spawnSync('tmux', [...base, 'kill-server'], { stdio: 'ignore' });
        await subject.close();
      },
    };
  }
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
