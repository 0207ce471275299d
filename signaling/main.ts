// `meshell signal`: from flags to a running service, and what it says about itself. Of those who
// use it, it prints counts, never an address, a name, a code or a body.
import type { Clock, Entropy, Verifier } from '../src/protocol/ports.ts';
import { ok, type Result } from '../src/protocol/result.ts';
import { isLoopback } from './address.ts';
import { openSignalServer } from './http.ts';
import type { ListenFault } from './listener.ts';

export interface SignalFlags {
  readonly host: string;
  readonly port: number;
  readonly behindProxy: boolean;
  readonly pageFolder: string;
}

export interface SignalPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly verify: Verifier;
  /** Prints one line for the person who runs it. */
  readonly say: (line: string) => void;
}

export interface RunningSignal {
  /** Where it listens, as one types it. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** How often the counts are printed, where they changed. */
const COUNTS_MS = 60_000;

export async function runSignal(
  flags: SignalFlags,
  ports: SignalPorts,
): Promise<Result<RunningSignal, ListenFault>> {
  const { clock, say } = ports;
  const server = await openSignalServer({ ...ports, ...flags, standalone: true });
  if (!server.ok) return server;
  const { signaling, port, close } = server.value;
  const address = `http://${flags.host.includes(':') ? `[${flags.host}]` : flags.host}:${port}`;
  say(`Signaling runs at ${address}`);
  if (!flags.behindProxy && !isLoopback(flags.host)) {
    say(
      'It is reached without https: whoever is on the way could change the page it serves. Put it behind a proxy with https and pass --behind-proxy.',
    );
  }
  let said = '';
  const sayCounts = (): void => {
    const { rooms, kept, sockets, lines } = signaling.health();
    const counts = `${rooms - kept} rooms held, ${kept} kept, ${sockets} sockets, ${lines} lines`;
    if (counts !== said) say(counts);
    said = counts;
    cancel = clock.after(COUNTS_MS, sayCounts);
  };
  let cancel = clock.after(COUNTS_MS, sayCounts);
  return ok({
    address,
    close: async () => {
      cancel();
      await close();
    },
  });
}
