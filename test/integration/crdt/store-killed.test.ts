import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileStore } from '../../../src/crdt/store-files.ts';
import { loops } from '../../soak/loops.ts';

const source = new URL('../../../src/crdt/store-files.ts', import.meta.url).href;

test('[ST1] whatever Alice’s process was told is kept, is there after it was killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshell-killed-'));
  try {
    const script = `
      const { openFileStore } = await import(${JSON.stringify(source)});
      const { writeSync } = await import('node:fs');
      const store = openFileStore(${JSON.stringify(folder)}).value;
      for (let i = 0; ; i++) {
        if (!store.append({ i, filler: new Uint8Array(3000) }).ok) throw new Error('full');
        writeSync(1, i + '\\n');
        if (i % 50 === 49) store.rewrite([{ i, filler: new Uint8Array(10) }]);
      }
    `;
    for (let round = 0; round < loops(3, 60); round++) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '-e', script],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      let told = '';
      child.stdout.on('data', (data: Buffer) => {
        told += data.toString();
        if (told.length > 800 + 333 * (round % 20)) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.once('close', resolve));
      const last = Number(told.trimEnd().split('\n').at(-1));
      const store = openFileStore(folder);
      if (!store.ok) throw new Error(store.fault);
      const newest = store.value.state().records.at(-1);
      expect(newest).toHaveProperty('i');
      const kept =
        newest !== null && typeof newest === 'object' && 'i' in newest ? Number(newest.i) : -1;
      expect(kept).toBeGreaterThanOrEqual(last);
      store.value.rewrite([]);
      store.value.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
