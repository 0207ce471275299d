import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SignalServer } from '../../../signaling/http.ts';
import { runSignal } from '../../../signaling/main.ts';
import { nodeVerifier } from '../../../src/crypto/signer-node.ts';
import { nodeClock, nodeEntropy } from '../../../src/host/clock-node.ts';
import { builtPage, openService, PAGE, SCRIPT } from './place.ts';

const page = builtPage();
let service: SignalServer;
beforeAll(async () => {
  service = await openService(page.folder);
});
afterAll(async () => {
  await service.close();
  page.remove();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  port = service.port,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(
      { host: '127.0.0.1', port, path, headers, method, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    asking.on('error', reject);
    asking.end();
  });
}

const SESSION = '/s/AAAAAAAAAAAAAAAAAAAAAA';

test('[SG16] every answer carries the strict headers, whatever was asked', async () => {
  const paths = ['/', SESSION, '/assets/app-1a2b.js', '/nothing', '/health', '/metrics'];
  for (const path of paths) {
    const { headers } = await ask(path);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).not.toContain("'unsafe-eval'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    });
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('x-powered-by');
  }
});

test('[SG16] / and a session’s address are the page, anything else is nothing; no redirects', async () => {
  for (const path of ['/', '/?x=1', SESSION, `${SESSION}/`]) {
    const { status, headers, body } = await ask(path);
    expect([status, body.toString()]).toEqual([200, PAGE]);
    expect(headers['content-type']).toContain('text/html');
    expect(headers['cache-control']).toBe('no-cache');
  }
  const nothing = ['/s/', '/s/short', '/index.html/x', '//example.org/', '/%', '/..%2f..%2fetc'];
  for (const path of nothing) expect((await ask(path)).status).toBe(404);
});

test('[SG16] scripts come compressed beforehand and stay cached; wasm is wasm', async () => {
  const path = '/assets/app-1a2b.js';
  const plain = await ask(path);
  const gzip = await ask(path, { 'accept-encoding': 'gzip' });
  const brotli = await ask(path, { 'accept-encoding': 'gzip, br' });
  expect(plain.body.toString()).toBe(SCRIPT);
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
  expect(brotli.headers['content-encoding']).toBe('br');
  expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
  expect(brotli.headers['content-type']).toContain('javascript');
  expect(brotli.headers['cache-control']).toContain('immutable');
  expect((await ask('/assets/crdt-3c4d.wasm')).headers['content-type']).toBe('application/wasm');
});

test('a range turned around, or another method, is answered and ends nothing', async () => {
  const { status } = await ask('/assets/app-1a2b.js', { range: 'bytes=100-50' });
  expect(status).toBe(200);
  const post = await ask('/', {}, 'POST');
  expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD']);
  expect((await ask('/', {}, 'HEAD')).body).toHaveLength(0);
  expect((await ask('/')).status).toBe(200);
});

test('health and metrics count, and name nobody', async () => {
  const health: unknown = JSON.parse((await ask('/health')).body.toString());
  expect(health).toEqual({ rooms: 0, kept: 0, sockets: 0, lines: 0, nameplates: 0 });
  const metrics = (await ask('/metrics')).body.toString();
  expect(metrics).toContain(
    '# TYPE meshell_signal_rooms_held gauge\nmeshell_signal_rooms_held 0\n',
  );
  expect(metrics).toContain('meshell_signal_relayed_chars_total 0');
  for (const line of metrics.trim().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) meshell_signal_\w+ .+|meshell_signal_\w+ \d+)$/);
  }
});

test('a sharer’s own listener has neither health nor metrics', async () => {
  const own = await openService(page.folder, { standalone: false });
  for (const path of ['/health', '/metrics']) {
    expect((await fetch(`http://127.0.0.1:${own.port}${path}`)).status).toBe(404);
  }
  await own.close();
});

async function upgrade(port: number, path: string, headers: Record<string, string>) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  const status = await new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0));
    socket.on('error', () => {});
  });
  socket.terminate();
  return status;
}

test('[SG18] another site’s page may not open a socket here; ours and programs may', async () => {
  const { port } = service;
  const own = `http://127.0.0.1:${port}`;
  expect(await upgrade(port, '/signal', {})).toBe(101);
  expect(await upgrade(port, '/signal', { origin: own })).toBe(101);
  expect(await upgrade(port, '/signal', { origin: 'https://evil.example' })).toBe(403);
  expect(await upgrade(port, '/signal', { origin: 'null' })).toBe(403);
  expect(await upgrade(port, '/elsewhere', { origin: own })).toBe(404);
});

test('[SG17] [SG18] behind a proxy its word counts for address and host', async () => {
  const limits = { socketsPerAddress: 1 };
  const proxied = await openService(page.folder, { behindProxy: true, limits });
  const { port } = proxied;
  const headers = { 'x-forwarded-host': 'meshell.example', origin: 'https://meshell.example' };
  expect(await upgrade(port, '/signal', headers)).toBe(101);
  expect(await upgrade(port, '/signal', { ...headers, origin: 'https://evil.example' })).toBe(403);
  const open = [1, 2].map((n) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/signal`, {
      headers: { 'x-forwarded-for': `198.51.100.${n}` },
    });
    return new Promise<WebSocket>((done) => socket.on('open', () => done(socket)));
  });
  for (const socket of await Promise.all(open)) socket.terminate();
  await proxied.close();
});

test('[SG24] a sharer’s own listener does not answer to a name it never gave out', async () => {
  const own = await openService(page.folder, { standalone: false });
  const host = `evil.example:${own.port}`;
  expect((await ask('/', { host }, 'GET', own.port)).status).toBe(421);
  expect(await upgrade(own.port, '/signal', { host, origin: `http://${host}` })).toBe(403);
  expect((await ask('/', {}, 'GET', own.port)).status).toBe(200);
  expect(await upgrade(own.port, '/signal', {})).toBe(101);
  await own.close();
});

test('an embedder’s own socket listens on the same port', async () => {
  let taken = 0;
  const attach = (socket: WebSocket): void => {
    taken++;
    socket.close();
  };
  const route = (path: string) =>
    path === '/session' ? { payloadBytesMax: 1024, attach } : undefined;
  const own = await openService(page.folder, { route });
  expect(await upgrade(own.port, '/session', {})).toBe(101);
  expect(await upgrade(own.port, '/other', {})).toBe(404);
  expect(taken).toBe(1);
  await own.close();
});

test('[SG19] `meshell signal` says where it is, warns where https is missing, names nobody', async () => {
  const ports = { clock: nodeClock, entropy: nodeEntropy, verify: nodeVerifier };
  const run = async (host: string, behindProxy: boolean) => {
    const lines: string[] = [];
    const say = (line: string): void => void lines.push(line);
    const flags = { host, port: 0, behindProxy, pageFolder: page.folder };
    const running = await runSignal(flags, { ...ports, say });
    if (!running.ok) throw new Error(running.fault);
    await running.value.close();
    return lines;
  };
  expect(await run('127.0.0.1', false)).toHaveLength(1);
  expect(await run('0.0.0.0', true)).toHaveLength(1);
  const open = await run('0.0.0.0', false);
  expect(open[0]).toMatch(/^Signaling runs at http:\/\/0\.0\.0\.0:\d+$/);
  expect(open[1]).toContain('without https');
});

test('a port in use and an address of another computer are faults', async () => {
  const { port } = service;
  await expect(openService(page.folder, { port })).rejects.toThrow('app.portTaken');
  const host = '192.0.2.1';
  await expect(openService(page.folder, { host })).rejects.toThrow('signal.cannotListen');
});
