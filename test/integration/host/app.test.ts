// The whole app as its page speaks to it, with a shell that goes missing.
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openApp, type App } from '../../../src/host/app.ts';
import type { FromApp, ToApp } from '../../../src/protocol/app.ts';
import { removeFolder } from '../../remove-folder.ts';
import { stageAgents } from './staged-agents.ts';

async function openedApp(home: string, shell: string, staged = stageAgents([])): Promise<App> {
  writeFileSync(join(home, 'index.html'), '<!doctype html><title>meshell</title>');
  const app = await openApp({
    dataFolder: home,
    pageFolder: home,
    port: 0,
    sharer: { name: 'Alice', hue: 210 },
    signal: null,
    iceServers: null,
    command: { kind: 'shell', shell },
    env: { PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', HISTFILE: '/dev/null' },
    cwd: home,
    size: { cols: 80, rows: 24 },
    reach: 'local',
    start: { from: 'none' },
    autoAdmit: null,
    agents: staged.agents,
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

/** What the app tells a page that enters and asks, until it has said this once for each. */
function told(
  app: App,
  until: FromApp['type'],
  asks: readonly ToApp[],
): Promise<readonly FromApp[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}/app`);
    const said: FromApp[] = [];
    socket.on('open', () => {
      const token = app.link().split('#token=')[1];
      socket.send(JSON.stringify({ type: 'enter', token }));
      for (const ask of asks) socket.send(JSON.stringify(ask));
    });
    socket.on('message', (data: Buffer) => {
      said.push(JSON.parse(data.toString('utf8')));
      if (said.filter(({ type }) => type === until).length < asks.length) return;
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
  const said = await told(app, 'failed', [{ type: 'newSession' }, { type: 'newSession' }]);
  const failed = { type: 'failed', fault: 'terminal.noShell' };
  expect(said.filter(({ type }) => type !== 'sessions').slice(1)).toEqual([failed, failed]);
  expect(app.sessions()).toHaveLength(1);
  // Nothing is left that a next start would take for a terminal of hers.
  expect(readdirSync(join(home, 'sessions'))).toEqual([app.sessions()[0]?.id]);
});

test('[AP5] Alice signs an agent in: with its variables, in its directory, where nobody else is', async () => {
  const home = mkdtempSync(join(tmpdir(), 'meshell-whole-app-'));
  const staged = stageAgents([]);
  const app = await openedApp(home, '/bin/bash', staged);
  const [first] = app.sessions();
  if (first === undefined) throw new Error('no terminal');
  const begun = await first.order({ type: 'thread.start', agent: 'shy' });
  if (!begun.ok || begun.thread === undefined) throw new Error('not started');
  await vi.waitFor(() => expect(staged.opened).toHaveLength(1));
  const line = 'echo "$STAGED_HOME in $PWD" >signed-in';
  const ways = [{ name: 'Log in', description: '', command: ['/bin/sh', '-c', line] }];
  staged.opened[0]?.tell({ on: 'signIn', ways });
  await vi.waitFor(() => expect(first.document().agents?.[0]?.state).toBe('signIn'));
  const way = { type: 'signIn', session: first.id, thread: begun.thread, way: 0 } as const;
  const said = await told(app, 'failed', [{ ...way, way: 1 }]);
  expect(said.at(-1)).toEqual({ type: 'failed', fault: 'agent.signInGone' });
  expect(app.sessions()).toHaveLength(1);
  void told(app, 'failed', [way]);
  await vi.waitFor(
    () => expect(readFileSync(join(home, 'signed-in'), 'utf8')).toBe(`/keys in ${home}\n`),
    { timeout: 15_000 },
  );
  const [, own] = app.sessions();
  expect([own?.isShared(), own?.here(), own?.desk().invites]).toEqual([false, [], []]);
});

describe('Alice’s disk has lost something of a session of before', () => {
  /** What she kept, with a fault put into it, and the app that finds it so. */
  async function damaged(damage: (session: string) => void): Promise<App> {
    const home = mkdtempSync(join(tmpdir(), 'meshell-whole-app-'));
    const before = await openedApp(home, '/bin/bash');
    const [session] = before.sessions();
    if (session === undefined) throw new Error('no terminal');
    const log = join(home, 'sessions', session.id, 'state.log');
    await vi.waitFor(() => expect(readFileSync(log).length).toBeGreaterThan(0));
    const copy = mkdtempSync(join(tmpdir(), 'meshell-whole-app-'));
    cpSync(join(home, 'sessions'), join(copy, 'sessions'), { recursive: true });
    damage(join(copy, 'sessions', session.id));
    return await openedApp(copy, '/bin/bash');
  }

  test('[ST8] of one that goes on she is told that it is not whole, by the process and one page', async () => {
    const app = await damaged((session) => appendFileSync(join(session, 'state.log'), 'garbage'));
    expect(app.losses).toEqual(['store.corrupt']);
    expect(
      app
        .sessions()[0]
        ?.desk()
        .notices.map(({ fault }) => fault),
    ).toEqual(['store.corrupt']);
    const lost = { type: 'failed', fault: 'store.corrupt' };
    expect(await told(app, 'failed', [{ type: 'newSession' }])).toContainEqual(lost);
    const second = await told(app, 'sessions', [{ type: 'newSession' }]);
    expect(second).not.toContainEqual(lost);
  });

  test('[ST8] one that cannot be taken up is not passed over in silence, and stays where it is', async () => {
    let folder = '';
    const app = await damaged((session) => {
      folder = session;
      writeFileSync(join(session, 'session.cbor'), 'garbage');
    });
    expect(app.losses).toEqual(['store.corrupt']);
    expect(app.sessions()).toHaveLength(1);
    expect(readFileSync(join(folder, 'session.cbor'), 'utf8')).toBe('garbage');
  });
});
