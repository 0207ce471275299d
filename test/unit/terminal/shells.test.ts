import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultShell, shellLaunch } from '../../../src/terminal/shells.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshell-shells-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each(['bash', '/usr/bin/zsh', '/opt/fish'])(
  '[TM3] %s gets its nonce by a private file only',
  (shell) => {
    const launch = shellLaunch({
      shell,
      folder,
      nonce: 'secret-nonce',
      env: { HOME: '/home/alice' },
    });
    expect(launch).toMatchObject({ file: shell, marks: true });
    expect(JSON.stringify([launch.args, launch.env])).not.toContain('secret-nonce');
    const file = launch.env['MESHELL_NONCE_FILE'] ?? '';
    expect(readFileSync(file, 'utf8')).toBe('secret-nonce\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);

test('[TM3] another shell starts as it is, without marks', () => {
  const launch = shellLaunch({ shell: '/bin/dash', folder, nonce: 'n', env: { HOME: '/h' } });
  expect(launch).toMatchObject({ file: '/bin/dash', args: [], marks: false });
  expect(launch.env['MESHELL_NONCE_FILE']).toBeUndefined();
});

test('[TM3] what describes another terminal is left behind, what is the person’s stays', () => {
  const env = {
    HOME: '/home/alice',
    TERM: 'dumb',
    TMUX: 'x',
    COLUMNS: '80',
    VTE_VERSION: '1',
    npm_config_cache: 'x',
    MESHELL_HOME: '/m',
    MESHELL_LOGIN: '1',
    EDITOR: 'vim',
  };
  expect(shellLaunch({ shell: '/bin/sh', folder, nonce: 'n', env }).env).toEqual({
    HOME: '/home/alice',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'meshell',
    MESHELL_HOME: '/m',
    EDITOR: 'vim',
  });
});

test('[TM3] zsh is given back the ZDOTDIR it had', () => {
  const launch = shellLaunch({
    shell: 'zsh',
    folder,
    nonce: 'n',
    env: { ZDOTDIR: '/home/alice/zsh' },
  });
  expect(launch.env).toMatchObject({
    ZDOTDIR: join(folder, 'zsh'),
    MESHELL_USER_ZDOTDIR: '/home/alice/zsh',
  });
});

test('[TM3] the shell is the person’s own where it can be run, else bash, else sh', () => {
  expect(defaultShell({ SHELL: '/bin/sh' })).toBe('/bin/sh');
  expect(defaultShell({ SHELL: '/no/such', PATH: '/usr/bin:/bin' })).toMatch(/\/bash$/);
  expect(defaultShell({ PATH: '/nowhere' })).toBe('/bin/sh');
});
