import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockHolder, takeLock } from '../../../src/crdt/lock.ts';

let folder = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshell-lock-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const source = new URL('../../../src/crdt/lock.ts', import.meta.url).href;

/** A process that tries for the lock, says how that went, and stays if it holds it. */
function contender(): { child: ChildProcess; said: Promise<string> } {
  const script = `
    const { takeLock } = await import(${JSON.stringify(source)});
    const lock = takeLock(${JSON.stringify(folder)});
    process.stdout.write(lock.ok ? 'held\\n' : lock.fault + '\\n');
    if (lock.ok) setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const said = new Promise<string>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return { child, said };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('exit', resolve));
}

test('[ST6] the second start is told who holds the folder, and where it serves', () => {
  const lock = takeLock(folder);
  if (!lock.ok) throw new Error(lock.fault);
  expect(lockHolder(folder)).toMatchObject({ pid: process.pid, port: null });
  lock.value.serveAt(4270);
  expect(takeLock(folder)).toEqual({ ok: false, fault: 'store.locked' });
  expect(lockHolder(folder)).toMatchObject({ pid: process.pid, port: 4270 });
  expect(statSync(join(folder, 'lock.json')).mode & 0o777).toBe(0o600);

  lock.value.release();
  expect(lockHolder(folder)).toBeNull();
  const next = takeLock(folder);
  expect(next.ok).toBe(true);
  expect(readdirSync(folder)).toEqual(['lock.json']);
});

test('[ST6] the lock of a killed process is taken over', async () => {
  const { child, said } = contender();
  expect(await said).toBe('held');
  expect(takeLock(folder)).toEqual({ ok: false, fault: 'store.locked' });
  child.kill('SIGKILL');
  await ended(child);
  expect(takeLock(folder).ok).toBe(true);
});

test('[ST6] a pid that is another process now holds nothing', () => {
  writeFileSync(
    join(folder, 'lock.json'),
    JSON.stringify({ pid: 1, started: 'another boot/1', port: 4270 }),
  );
  expect(takeLock(folder).ok).toBe(true);
});

test('[ST6] a lock file that cannot be read holds nothing', () => {
  writeFileSync(join(folder, 'lock.json'), '{"pid":');
  expect(takeLock(folder).ok).toBe(true);
});

test('[ST6] a takeover that was killed half way does not stand in the way', () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const holder = JSON.stringify({ pid: dead, started: '', port: null });
  writeFileSync(join(folder, 'lock.json'), holder);
  writeFileSync(join(folder, 'lock.takeover'), holder);
  expect(takeLock(folder).ok).toBe(true);
});

test('[ST6] of six that start at once over a dead lock, one holds it', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  writeFileSync(join(folder, 'lock.json'), JSON.stringify({ pid: dead, started: '', port: null }));
  const all = Array.from({ length: 6 }, contender);
  const said = await Promise.all(all.map((one) => one.said));
  expect(said.sort()).toEqual(['held', ...Array.from({ length: 5 }, () => 'store.locked')]);
});
