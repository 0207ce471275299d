// What a process held and what went through its port: its memory by gdb, and a capture
// of the loopback device by tcpdump.
import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Wiretap {
  readonly path: string;
  /** Resolves when everything until now is in the file; throws where packets were missed. */
  readonly close: () => Promise<void>;
}

/** Everything over TCP to and from this port on the loopback device. */
export async function openWiretap(port: number, folder: string): Promise<Wiretap> {
  const path = join(folder, 'wire.pcap');
  const whole = ['-s', '0', '-B', '16384', '-U', '-Z', 'root'];
  const args = ['-i', 'lo', ...whole, '-w', path, 'tcp', 'port', String(port)];
  const child = spawn('tcpdump', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => reject(new Error(`tcpdump ended: ${said}`)));
    child.stderr.on('data', (data: Buffer) => {
      said += data.toString();
      if (said.includes('listening on lo')) resolve();
    });
  });
  return {
    path,
    async close() {
      child.kill('SIGINT');
      await ended;
      if (!/^0 packets dropped by kernel/m.test(said)) throw new Error(`missed packets: ${said}`);
    },
  };
}

/** All that a running process has written in its memory, as gdb reads it: the path of the file. */
export async function dumpMemory(pid: number, folder: string): Promise<string> {
  const path = join(folder, 'memory.bin');
  const script = join(folder, 'memory.gdb');
  // Not generate-core-file: that writes a gigabyte of addresses nobody may read or write.
  const maps = readFileSync(`/proc/${pid}/maps`, 'utf8');
  const spans = [...maps.matchAll(/^([\da-f]+)-([\da-f]+) rw/gm)];
  const lines = spans.map(([, from, to]) => `append binary memory ${path} 0x${from} 0x${to}`);
  writeFileSync(script, lines.join('\n'));
  const args = ['-nx', '-batch', '-p', String(pid), '-x', script];
  await promisify(execFile)('gdb', args, { timeout: 60_000 });
  return path;
}
