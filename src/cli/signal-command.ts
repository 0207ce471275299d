// meshell signal: a signaling service in a process of its own.

import { runSignal } from '../../signaling/main.ts';
import { nodeVerifier } from '../crypto/signer-node.ts';
import { nodeClock, nodeEntropy } from '../host/clock-node.ts';
import { signalFlags } from './flags.ts';
import { PAGE_FOLDER } from './page-folder.ts';
import { sayFault, sayUsage, type Leaving } from './leaving.ts';

export async function runSignalCommand(args: readonly string[], leaving: Leaving): Promise<void> {
  const flags = signalFlags(args);
  if (!flags.ok) return leaving.leave(sayUsage(flags.fault));
  const running = await runSignal(
    { ...flags.value, pageFolder: PAGE_FOLDER },
    {
      clock: nodeClock,
      entropy: nodeEntropy,
      verify: nodeVerifier,
      say: (line) => void process.stderr.write(`${line}\n`),
    },
  );
  if (!running.ok) return leaving.leave(sayFault(running.fault));
  leaving.owns(running.value.close);
}
