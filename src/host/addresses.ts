// The addresses by which others on the network reach this computer.
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

type Interfaces = NodeJS.Dict<NetworkInterfaceInfo[]>;

/** IPv4 addresses others can type, most likely first; virtual bridges and link-local last. */
export function lanAddresses(interfaces: Interfaces = networkInterfaces()): string[] {
  const found: { readonly address: string; readonly rank: number }[] = [];
  for (const [name, infos] of Object.entries(interfaces)) {
    for (const info of infos ?? []) {
      if (info.internal || info.family !== 'IPv4') continue;
      found.push({ address: info.address, rank: rank(name, info.address) });
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map((f) => f.address);
}

function rank(name: string, address: string): number {
  if (address.startsWith('169.254.')) return 2;
  return /^(docker|br-|veth|virbr|vmnet|utun|tun|tap)/.test(name) ? 1 : 0;
}
