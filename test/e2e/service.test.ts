// A share through a signaling service in a process of its own, joined from a terminal by the line
// that its sharer reads out: over http, over https, and when the service comes late.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:tls';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { lacks } from './stage/needs.ts';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type MeshellProcess,
  type StartOptions,
} from './stage/meshell-process.ts';

/** What stands before the service's address. */
const SHARE = ['--json', '--headless', '--share', '--name', 'Alice', '--signal'] as const;

const proxies: Server[] = [];
afterEach(() => {
  for (const proxy of proxies.splice(0)) proxy.close();
});
afterAll(endAll);

async function openService(port = 0): Promise<{ process: MeshellProcess; port: number }> {
  const process = startMeshell(['signal', '--port', `${port}`]);
  const taken = await vi.waitFor(
    () => {
      const found = /:(\d{2,5})\b/.exec(process.stderr())?.[1];
      if (found === undefined) throw new Error('the service does not listen yet');
      return Number(found);
    },
    { timeout: 20_000 },
  );
  return { process, port: taken };
}

/** A line read out by Alice, typed by Bob; she lets him in. */
async function joins(
  alice: MeshellProcess,
  invite: Readonly<Record<string, unknown>>,
  options: StartOptions = {},
): Promise<void> {
  const typed = textOf(invite, 'typed').split(' ').slice(1);
  const bob = startMeshell([...typed, '--json', '--name', 'Bob'], options);
  const knock = await alice.event('knock');
  expect(knock['name']).toBe('Bob');
  alice.say({ do: 'admit', knock: knock['id'] });
  expect(await bob.event('admitted')).toMatchObject({ path: 'webrtc' });
  await bob.kill();
}

test('[IV4] Bob types the code with the service’s place and is in', async () => {
  const { port } = await openService();
  const alice = startMeshell([...SHARE, `ws://127.0.0.1:${port}`]);
  const invite = await alice.event('invite');
  expect(invite['typed']).toMatch(new RegExp(`^meshell join [\\w-]+@127\\.0\\.0\\.1:${port}$`));
  await joins(alice, invite);
});

test('[CL33] a share whose service comes late names it, and has its invite then', async () => {
  const first = await openService();
  await first.process.kill();
  const alice = startMeshell([...SHARE, `ws://127.0.0.1:${first.port}`]);
  expect(await alice.event('fault')).toMatchObject({
    code: 'signal.unreachable',
    message: `Cannot reach the signaling service at 127.0.0.1:${first.port}.`,
  });
  await openService(first.port);
  await joins(alice, await alice.event('invite', 45_000));
});

describe.skipIf(lacks('openssl'))('a service behind https', () => {
  /** Names `localhost`; meshell trusts it by its environment. */
  function certificate(): { readonly key: string; readonly cert: string } {
    const folder = newHome();
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const made = spawnSync('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
    ]);
    expect(made.status, String(made.stderr)).toBe(0);
    return { key, cert };
  }

  async function openProxy(to: number, paths: { key: string; cert: string }): Promise<number> {
    const options = { key: readFileSync(paths.key), cert: readFileSync(paths.cert) };
    const proxy = createServer(options, (socket) => {
      const behind = connect(to, '127.0.0.1');
      socket.pipe(behind).pipe(socket);
      socket.on('error', () => behind.destroy());
      behind.on('error', () => socket.destroy());
    });
    proxies.push(proxy);
    await new Promise<void>((listening) => proxy.listen(0, () => listening()));
    const address = proxy.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  test('[IV4] Bob types the code with https:// and is in', async () => {
    const paths = certificate();
    const { port } = await openService();
    const secure = await openProxy(port, paths);
    const env = { NODE_EXTRA_CA_CERTS: paths.cert };
    const alice = startMeshell([...SHARE, `wss://localhost:${secure}`], { env });
    const invite = await alice.event('invite');
    expect(invite['typed']).toMatch(new RegExp(`@https://localhost:${secure}$`));
    await joins(alice, invite, { env });
  });
});
