// The whole app as its page speaks to it, with a shell that goes missing.
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { openApp, type App } from '../../../src/host/app.ts';
import type { FromApp } from '../../../src/protocol/app.ts';
import { removeFolder } from '../../remove-folder.ts';
import { stageAgents } from './staged-agents.ts';

async function openedApp(home: string, shell: string): Promise<App> {
  writeFileSync(join(home, 'index.html'), '<!doctype html><title>meshell</title>');
  const app = await openApp({
    dataFolder: home,
    pageFolder: home,
    port: 0,
    sharer: { name: 'Alice', hue: 210 },
    signal: null,
    command: { kind: 'shell', shell },
    env: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', HISTFILE: '/dev/null' },
    cwd: home,
    size: { cols: 80, rows: 24 },
    reach: 'local',
    start: { from: 'none' },
    autoAdmit: null,
    agents: stageAgents([]).agents,
    fresh: false,
    stopped: () => undefined,
  });
  if (!app.ok) throw new Error(app.fault);
  onTestFinished(async () => {
    await app.value.close();
    await removeFolder(home);
  });
  return app.value;
}

/** What the app tells a page that enters, asks for a terminal, and asks once more. */
function told(app: App, until: FromApp['type'], times: number): Promise<readonly FromApp[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/app`);
    const said: FromApp[] = [];
    socket.on('open', () => {
      const token = app.link().split('#token=')[1];
      socket.send(JSON.stringify({ type: 'enter', token }));
      for (let n = 0; n < times; n += 1) socket.send(JSON.stringify({ type: 'newSession' }));
    });
    socket.on('message', (data: Buffer) => {
      said.push(JSON.parse(data.toString('utf8')));
      if (said.filter(({ type }) => type === until).length < times) return;
      socket.close();
      resolve(said);
    });
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}

test('[AP4] Alice’s shell has gone: she is told so, twice, and her terminal stays', async () => {
  const home = mkdtempSync(join(tmpdir(), 'meshell-whole-app-'));
  const shell = join(home, 'bash');
  symlinkSync('/bin/bash', shell);
  const app = await openedApp(home, shell);
  rmSync(shell);
  const said = await told(app, 'failed', 2);
  const failed = { type: 'failed', fault: 'terminal.noShell' };
  expect(said.filter(({ type }) => type !== 'sessions').slice(1)).toEqual([failed, failed]);
  expect(app.sessions()).toHaveLength(1);
  // Nothing is left that a next start would take for a terminal of hers.
  expect(readdirSync(join(home, 'sessions'))).toEqual([app.sessions()[0]?.id]);
});
