// One TCP port that is the same on this computer and in a network namespace: who connects to it
// here is led to it there. For drivers whose program must run where the driver does not.
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface Tunnel {
  readonly port: number;
  readonly close: () => void;
}

const JOIN_STDIO = `
  const socket = require('net').connect(Number(process.argv[1]), '127.0.0.1');
  socket.on('error', () => process.exit(1));
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
`;

export async function openTunnel(netns: string): Promise<Tunnel> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    const args = ['netns', 'exec', netns, process.execPath, '-e', JOIN_STDIO, String(port)];
    const far = spawn('ip', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    far.stdin.on('error', () => socket.destroy());
    far.once('close', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      open.delete(socket);
      far.kill();
    });
    socket.pipe(far.stdin);
    far.stdout.pipe(socket);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
  return {
    port,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP listener');
  return address.port;
}
