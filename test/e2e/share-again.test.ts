// A share in a terminal whose process is killed goes on where it was begun; others of it do not.
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  endAll,
  newHome,
  startMeshell,
  textOf,
  type Line,
  type MeshellProcess,
} from './stage/meshell-process.ts';

afterEach(endAll);

const SHARE = ['share', '--json', '--local', '--start', 'all', '--name', 'Alice'];

async function started(home: string, more: readonly string[] = [], cwd = home) {
  const alice = startMeshell([...SHARE, ...more], { home, cwd });
  const ready = await alice.event('ready');
  return { alice, session: textOf(ready, 'session'), resumed: ready['resumed'] };
}

async function letCarolIn(alice: MeshellProcess): Promise<MeshellProcess> {
  alice.say({ do: 'invite' });
  const link = textOf(await alice.event('invite'), 'link');
  const carol = startMeshell(['join', '--json', '--name', 'Carol', link]);
  const knock = await alice.event('knock');
  alice.say({ do: 'admit', knock: knock['id'], capabilities: ['view', 'run'] });
  await carol.event('admitted');
  return carol;
}

function ended(command: string): (line: Line) => boolean {
  return (line) =>
    line['event'] === 'block' && line['command'] === command && line['state'] === 'done';
}

test('[CL17] Alice’s share is killed; she shares again there, and Carol is back with every block', async () => {
  const home = newHome();
  const before = await started(home);
  const carol = await letCarolIn(before.alice);
  carol.say({ do: 'run', text: 'echo low-$((6 * 7))' });
  expect(await carol.next(ended('echo low-$((6 * 7))'))).toMatchObject({ number: 1 });
  await before.alice.kill('SIGKILL');
  await carol.event('away');

  const after = await started(home);
  expect(after.session).toBe(before.session);
  expect([before.resumed, after.resumed]).toEqual([false, true]);
  expect(after.alice.stderr()).toContain('goes on');
  await carol.event('admitted');
  carol.say({ do: 'run', text: 'echo high-$((6 * 7))' });
  expect(await carol.next(ended('echo high-$((6 * 7))'))).toMatchObject({
    number: 2,
    text: ['high-42'],
  });
  after.alice.say({ do: 'end' });
  expect(await after.alice.exited).toBe(0);
  expect(readdirSync(join(home, 'meshell', 'data', 'shares'))).toEqual([]);
});

test('[CL17] not with --fresh, not elsewhere, not with another command, not one that is held', async () => {
  const home = newHome();
  const elsewhere = join(home, 'elsewhere');
  mkdirSync(elsewhere);
  const killed = await started(home);
  await killed.alice.kill('SIGKILL');
  const others = [
    await started(home, ['--fresh']),
    await started(home, [], elsewhere),
    await started(home, ['--', 'cat']),
  ];
  const again = await started(home);
  const beside = await started(home);
  expect(again.session).toBe(killed.session);
  const sessions = [...others, again, beside].map(({ session }) => session);
  expect(new Set(sessions).size).toBe(5);
});

test('[CL17] a start that fails leaves the share that was cut off to the next one', async () => {
  const home = newHome();
  const killed = await started(home);
  await killed.alice.kill('SIGKILL');
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const failed = startMeshell([...SHARE, '--port', `${address.port}`], { home, cwd: home });
  expect(await failed.exited).toBe(1);
  await new Promise((done) => server.close(done));
  const again = await started(home);
  expect([again.session, again.resumed]).toEqual([killed.session, true]);
});
