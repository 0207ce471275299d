// The app's own listener, as a page of another site, a rebound name and a stranger's program
// find it on this computer.
import { request as httpRequest } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Listener } from '../../../signaling/listener.ts';
import { openAppServer } from '../../../src/host/app-server.ts';
import { nodeClock, nodeEntropy } from '../../../src/host/clock-node.ts';
import { openTokens, type Tokens } from '../../../src/host/tokens.ts';
import { toText } from '../../../src/protocol/bytes.ts';

const SESSION = 'AAAAAAAAAAAAAAAAAAAAAA';
const CONTROL = toText(nodeEntropy(32));

let folder: string;
let app: Listener;
let tokens: Tokens;
let asked: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meshell-app-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>meshell</title>');
  tokens = openTokens(nodeEntropy);
  asked = [];
  const opened = await openAppServer({
    port: 0,
    pageFolder: folder,
    clock: nodeClock,
    enter: (token) => tokens.enter(token) !== null,
    entered: ({ send }) =>
      send({
        type: 'entered',
        token: toText(tokens.kept),
        name: 'Alice',
        hue: 1,
        reaches: ['local'],
        addresses: [],
        signal: null,
      }),
    asked: (message) => void asked.push(message.type),
    session: () => true,
    hasSession: (id) => id === SESSION,
    control: CONTROL,
    controlled: (order) => order,
  });
  if (!opened.ok) throw new Error(opened.fault);
  app = opened.value;
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** The status of an answer. */
function get(path: string, headers: Record<string, string>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = app;
    const asking = httpRequest({ host: '127.0.0.1', port, path, headers, method }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** What comes of opening a socket: 'open', or the status that refused it. */
function dial(path: string, headers: Record<string, string>): Promise<'open' | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${app.port}${path}`, { headers });
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('unexpected-response', (_, answer) => {
      resolve(answer.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

const own = (): string => `127.0.0.1:${app.port}`;

describe('[AP1] only our own page', () => {
  test('[AP1] a name that somebody’s DNS has led here is not answered', async () => {
    expect(await get('/', { host: own() })).toBe(200);
    expect(await get('/', { host: `localhost:${app.port}` })).toBe(200);
    const foreign = [
      'evil.example',
      `evil.example:${app.port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${app.port}`,
      `localhost:${app.port + 1}`,
    ];
    for (const host of foreign) {
      expect(await get('/', { host }), host).toBe(403);
      expect(await get('/control', { host }, 'POST'), host).toBe(403);
      expect(await dial('/app', { host }), host).toBe(403);
      expect(await dial(`/app/session/${SESSION}`, { host }), host).toBe(403);
    }
  });

  test('[AP1] another page on this computer opens no socket; ours and programs do', async () => {
    for (const path of ['/app', `/app/session/${SESSION}`]) {
      expect(await dial(path, {}), path).toBe('open');
      expect(await dial(path, { origin: `http://${own()}` }), path).toBe('open');
      for (const origin of [
        'http://evil.example',
        'null',
        `https://${own()}`,
        `http://127.0.0.1:${app.port + 1}`,
        `http://${own()}.evil.example`,
      ]) {
        expect(await dial(path, { origin }), `${path} from ${origin}`).toBe(403);
      }
    }
  });
});

/** What a socket is told until it is closed, or has entered and been asked. */
function converse(...said: unknown[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${own()}/app`);
    const told: unknown[] = [];
    socket.on('open', () => {
      for (const one of said) socket.send(typeof one === 'string' ? one : JSON.stringify(one));
      // A pong is answered after everything before it.
      socket.ping();
    });
    socket.on('pong', () => socket.close());
    socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString('utf8'))));
    socket.on('close', () => resolve(told));
    socket.on('error', reject);
  });
}

describe('[AP2] the token', () => {
  test('[AP2] nothing answers before it, and a wrong one is refused', async () => {
    expect(await converse({ type: 'newSession' })).toEqual([]);
    const wrong = { type: 'enter', token: toText(nodeEntropy(32)) };
    const refused = { type: 'refused', fault: 'app.token' };
    expect(await converse(wrong, { type: 'newSession' })).toEqual([refused]);
    expect(await converse('no json')).toEqual([{ type: 'refused', fault: 'message.malformed' }]);
    expect(asked).toEqual([]);
  });

  test('[AP2] that of a printed link works once; the one it gets, as long as we live', async () => {
    const enter = { type: 'enter', token: tokens.opening() };
    const entered = expect.objectContaining({ type: 'entered', token: toText(tokens.kept) });
    expect(await converse(enter, { type: 'newSession' })).toEqual([entered]);
    expect(asked).toEqual(['newSession']);
    expect(await converse(enter)).toEqual([{ type: 'refused', fault: 'app.token' }]);
    const kept = { type: 'enter', token: toText(tokens.kept) };
    expect(await converse(kept)).toEqual([entered]);
    expect(await converse(kept)).toEqual([entered]);
  });

  test('[AP2] of links never opened the latest eight work', () => {
    const printed = Array.from({ length: 9 }, () => tokens.opening());
    const [first = '', ...rest] = printed;
    expect(tokens.enter(first)).toBeNull();
    for (const token of rest) expect(tokens.enter(token)).not.toBeNull();
  });

  test('[AP2] the other start of meshell speaks by the control file’s secret', async () => {
    const headers = { host: own(), 'meshell-order': 'link' };
    expect(await get('/control', headers, 'POST')).toBe(403);
    const wrong = { ...headers, authorization: `Bearer ${toText(nodeEntropy(32))}` };
    expect(await get('/control', wrong, 'POST')).toBe(403);
    const right = { ...headers, authorization: `Bearer ${CONTROL}` };
    expect(await get('/control', right, 'GET')).toBe(403);
    expect(await get('/control', right, 'POST')).toBe(200);
  });
});
